import numpy as np

from models.simulation.supply import Supply


def test_the_best_products_that_make_the_share_are_blocked_from_onset_to_end(troubled):
    platform = troubled.simulation.platform
    supply, episodes = Supply(platform.episodes, platform.products), platform.episodes
    rows = np.flatnonzero(episodes.rows_of("supply"))
    onset = int(episodes.onset[rows[0]])
    now, new = supply.blocked(onset)
    assert (now == new).all()
    merchant = episodes.merchant[rows[0]]
    own = platform.products.merchant == merchant
    blocked, open_ = platform.products.share[own & now], platform.products.share[own & ~now]
    assert blocked.sum() >= 0.6
    assert blocked.sum() - blocked.min() < 0.6
    if len(open_):
        assert blocked.min() >= open_.max()
    assert set(platform.products.merchant[now]) == set(episodes.merchant[rows])
    assert not supply.blocked(onset - 1)[0].any()
    assert supply.blocked(onset + 50)[0].any()  # nothing has run out yet
    assert not supply.blocked(onset + 50)[1].any()
    supply.last[:] = onset + 20
    assert supply.blocked(onset + 20)[0].any()
    assert not supply.blocked(onset + 21)[0].any()
