import numpy as np

from models.risk.settings import RootRise
from pipelines.defs.risk.legs import LegScores, rise_of, rise_row

RUN = RootRise(
    metric="sales.forecast_break", root="stock_prep", shows_on=("fulfilment", "service"), never_moves=("service.bot",)
)


def scores(*metrics):
    count = len(metrics)
    return LegScores(np.full(count, 0.001), np.array(metrics, dtype=object), np.full(count, 3))


def test_a_run_on_the_shop_explains_slow_replies_and_no_bot_that_fails():
    of_legs = {
        rise_row(RUN.metric): scores(RUN.metric, RUN.metric, None),
        "fulfilment": scores("fulfilment.late_dispatch", None, None),
        "service": scores("service.reply", "service.bot", None),
    }
    rise = rise_of(RUN, ["stock_prep", "fulfilment", "service"], of_legs)
    assert (rise.root, list(rise.shows_on)) == (0, [1, 2])
    assert rise.may_explain.tolist() == [[True, True], [True, False], [True, True]]


def test_legs_that_a_profile_lacks_are_passed_over():
    rise = rise_of(RUN, ["stock_prep"], {rise_row(RUN.metric): scores(RUN.metric)})
    assert not rise.shows_on
    assert rise.may_explain.shape == (1, 0)
