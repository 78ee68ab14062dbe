from datetime import date

import numpy as np
import pytest
from pydantic import TypeAdapter

from models.metrics.ahead import ahead_of
from models.metrics.catalogue import Metric
from models.metrics.exposure import GammaPrior
from models.metrics.exposure import posterior as gamma_posterior
from models.metrics.profile import Colouring
from models.metrics.projection import WindowDays
from models.metrics.rate import BetaPrior, posterior

WORDS = {"zh-CN": "名", "zh-TW": "名", "en": "Name"}
DAY = date(2026, 10, 28)
BETA = BetaPrior(np.array([0.03]), np.array([100.0]))
GAMMA = GammaPrior(np.array([0.2]), np.array([50.0]))


def found(kind, red, bad, prior=BETA, review_ahead=10, **changes):
    """Figures of a shop with these bad events a day, oldest first, among 20 orders a day."""
    limit = {"kind": kind, "red": red, "mark": "P", "source": "own"}
    base = {"id": "a.b", "leg": "service", "feeds": ["service"], "unit": "percent", "name": WORDS, "short": WORDS,
            "how": WORDS, "good": WORDS, "bad": WORDS, "kind": "rate", "numerator": "bad", "denominator": "all",
            "windows": [len(bad)], "min_n": 5, "limits": [limit]}  # fmt: skip
    metric = TypeAdapter(Metric).validate_python(base | changes)
    days = WindowDays(np.array([bad], dtype=float), np.full((1, len(bad)), 20.0))
    sums = (days.bad.sum(axis=1), days.total.sum(axis=1), np.array([np.nan]))
    now = gamma_posterior(*sums[:2], prior) if isinstance(prior, GammaPrior) else posterior(*sums[:2], prior)
    return ahead_of(metric, metric.limit_of(kind, DAY), days, now, prior, sums, Colouring(), review_ahead)


@pytest.mark.parametrize("kind", ["platform", "own"])
def test_a_review_that_sees_no_new_day_repeats_today(kind):
    over, under = found(kind, 0.04, [2] * 28, review_ahead=0), found(kind, 0.04, [0] * 28, review_ahead=0)
    assert (over["breach_at_review"][0], under["breach_at_review"][0]) == (1, 0)


def test_trouble_that_has_begun_grows_with_the_days_until_the_review():
    begun = [0] * 21 + [3] * 7  # 21 of 560: 3.75 %, lately 15 %
    near, far = (found("platform", 0.06, begun, review_ahead=days)["breach_at_review"][0] for days in (1, 14))
    assert near < 0.05
    assert far > 0.5


def test_trouble_that_is_over_leaves_the_window_before_the_review():
    over = [3] * 14 + [0] * 14  # 42 of 560: 7.5 %, over the limit, and nothing lately
    assert found("platform", 0.06, over, review_ahead=0)["breach_at_review"][0] == 1
    assert found("platform", 0.06, over, review_ahead=14)["breach_at_review"][0] < 0.05


def test_an_own_limit_follows_the_shrunk_rate():
    few = [0] * 27 + [1]
    prior = BetaPrior(np.array([0.0]), np.array([2000.0]))  # peers without a single bad event
    plain = found("platform", 1 / 700, few, prior, review_ahead=0)["breach_at_review"][0]
    shrunk = found("own", 1 / 700, few, prior, review_ahead=0)["breach_at_review"][0]
    assert (plain, shrunk) == (1, 0)


def test_without_a_review_nothing_is_said_of_it():
    assert "breach_at_review" not in found("own", 0.04, [1] * 28, review_ahead=None)


def test_contacts_per_order_may_pass_one_and_add_no_order():
    calm = found("platform", 1.5, [25] * 28, GAMMA, per="exposure", unit="times")
    assert calm["more_bad_until_red"][0] == 1.5 * 560 - 25 * 28 + 1
    assert calm["good_until_green"][0] == 0
    assert calm["breach"][0] < 0.01
    loud = found("platform", 1.5, [40] * 28, GAMMA, per="exposure", unit="times")
    assert loud["more_bad_until_red"][0] == 0
    assert loud["good_until_green"][0] == np.ceil(40 * 28 / 1.5 - 560)
    assert loud["days_to_breach"][0] == 0
    assert loud["breach_at_review"][0] > 0.9


def test_an_own_limit_of_contacts_asks_the_posterior():
    shop = found("own", 0.4, [6] * 28, GAMMA, per="exposure", unit="times")
    now = gamma_posterior(np.array([168.0]), np.array([560.0]), GAMMA)
    more = shop["more_bad_until_red"][0]
    assert now.after(more, 0).probability_over(0.4)[0] >= 0.975
    assert now.after(more - 1, 0).probability_over(0.4)[0] < 0.975
    assert shop["good_until_green"].tolist() == pytest.approx([np.nan], nan_ok=True)  # green already
    assert 0 < shop["breach"][0] < 0.1
