import numpy as np

from models.simulation.draws import Streams
from models.simulation.promotions import add_promotions, own_promotions


def test_promotions_have_the_length_depth_and_frequency_asked_for(made):
    shape = made.simulation.platform.parameters.demand
    depths = own_promotions(shape, 200, 500, Streams(1))
    assert depths.shape == (500, 200)
    given = depths[depths > 0]
    assert given.min() >= np.float32(shape.promotion_depth[0] - 0.005)
    assert given.max() <= np.float32(shape.promotion_depth[1] + 0.005)
    starts = ((depths[1:] > 0) & (depths[:-1] == 0)).sum()
    assert 0.6 < starts / (500 * 200) * shape.promotion_gap_days < 1.4


def test_a_planned_promotion_is_written_on_its_days_only():
    depths = np.zeros((10, 2), dtype=np.float32)
    add_promotions(depths, np.array([1]), np.array([3]), np.array([5]), np.array([0.333]))
    assert np.flatnonzero(depths[:, 1]).tolist() == [3, 4, 5]
    assert depths[3, 1] == np.float32(0.33)
    assert not depths[:, 0].any()
