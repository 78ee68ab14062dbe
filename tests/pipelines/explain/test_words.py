"""Every comparison as a sentence that holds its own figures."""

import pytest
import yaml

from models.metrics.catalogue import LEGS
from models.risk.alert_policy import AlertPolicy
from models.risk.merchant_control import MerchantControl
from models.risk.settings import LastingSettings
from models.risk.why import OUTCOMES
from pipelines.explain.words import Told, sentence
from pipelines.policy import load_profile
from pipelines.tables import tables
from pipelines.workspace import shipped

CONTROL = MerchantControl(0.0041, 0.00032, 500, 3, 0.1, 8, {}, "sales")
LASTING = LastingSettings(p_value=0.02, days=6, of=7)
LATE = "fulfilment.late_dispatch"


@pytest.fixture(scope="module")
def policy():
    return AlertPolicy.model_validate(yaml.safe_load((shipped("policy") / "alerting.yaml").read_text(encoding="utf-8")))


@pytest.fixture
def say(policy, workspace):
    def run(door="limit", outcome="below", control=CONTROL, alerts=(), reason=None, breaks=None, **values):
        signal = dict.fromkeys(tables()["metric_signals"].columns)
        signal |= {"metric": LATE, "window": "10d", "kind": "rate", "light": "amber", "limit_red": 0.04,
                   "limit_kind": "own", "observed": 0.03, "probability_over_limit": 0.61}  # fmt: skip
        signal |= {name: value for name, value in values.items() if name in signal}
        row = {"leg": "fulfilment", "door": door, "metric": LATE, "window": "10d", "outcome": outcome, "level": 0.61,
               "threshold": 0.975, "key": "fulfilment/dispatch/m1", "rank": 1.0, "root_leg": "fulfilment", "fate": None,
               "alert_id": None, "days": None, "quiet_days": None}  # fmt: skip
        row |= {name: value for name, value in values.items() if name in row}
        legs = [{"leg": leg, "p_value": 0.0005, "reason": reason} for leg in LEGS]
        return sentence(
            row, Told(policy, load_profile(workspace), control, LASTING, breaks or {}, [signal], legs, list(alerts))
        )

    return run


def test_own_limits_are_a_probability(say):
    assert say() == "probability 0.61 < 0.975 of being over the limit 0.04"
    assert say(outcome="opens", level=0.99) == "probability 0.99 >= 0.975 of being over the limit 0.04"
    few = say(level=0.98, numerator=2.0, denominator=3.0)
    assert few == "probability 0.98 >= 0.975 of being over the limit 0.04, but 2 of 3 bad events needed for red"


def test_other_limits_are_told_by_their_own_arithmetic(say):
    assert say(limit_kind="platform") == "0.03 does not breach the platform's limit 0.04, by its own arithmetic"
    assert say("limit", "opens", limit_kind="platform", observed=0.06).startswith("0.06 breaches the platform's limit")
    state = say(kind="level", probability_over_limit=None, limit_red=0.2, observed=0.1)
    assert state == "amber: 0.1 against the red limit 0.2"
    of_another = say(kind="level", probability_over_limit=None, metric="replenishment.excess_cover")
    assert "the red limit 0.04 is held against " in of_another
    assert say(limit_kind="peer", limit_red=None) == "amber: it has no red limit"


def test_a_break_is_a_quantile_a_control_or_both(say):
    drop = {"kind": "break", "metric": "sales.forecast_break", "observed": 20.0, "limit_red": 5.7}
    breaks = {"sales.forecast_break": (0.0003, 480)}
    below = say(p_value=0.02, breaks=breaks, **drop)
    assert below == (
        "20 >= 5.7, q10 of the forecast; p 0.02 > 0.0003 needed to pass the metric's control among 480 merchants"
    )
    red = say("limit", "opens", p_value=1e-6, breaks=breaks, **{**drop, "observed": 2.0})
    assert red.startswith("2 < 5.7, q10 of the forecast; p 1e-06 <= 0.0003 needed")
    traffic = {"kind": "break", "metric": "sales.traffic_drop", "observed": 1766.0, "limit_red": 1636.0}
    quantile = "1,766 >= 1,636, q025 of the forecast (on 3 of 4 days, today among them)"
    assert say(p_value=0.02, breaks=breaks, **traffic) == quantile
    low = {**traffic, "observed": 100.0}
    assert say(**low).endswith("; the light is amber")
    assert say(incident_scope="platform:all", **low).endswith("; explained by platform:all")


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"grey_reason": "small_sample", "sample": 12.0, "min_n": 30.0}, "grey: 12 of 30 needed"),
        ({"grey_reason": "not_connected"}, "grey: its feed or column is not delivered"),
        ({"grey_reason": "stale:fulfilment:2026-09-30"}, "grey: stale:fulfilment:2026-09-30"),
        ({}, "grey: not known"),
    ],
)
def test_grey_says_why(say, values, text):
    assert say(outcome="grey", **values) == text


def test_projections(say):
    assert say("projection", level=0.55, threshold=0.8) == "probability of a breach 0.55 < 0.8"
    assert say("projection", "red_already") == "red already, so the limit door has it"
    assert say("projection", "nothing_to_compare") == "nothing to project"
    as_ever = say("projection", "not_risen", level=0.85, threshold=0.8)
    assert as_ever.startswith("probability of a breach 0.85 >= 0.8, but the rate has neither surely risen")
    stock = {"window": "stock plan", "level": 0.9, "threshold": 0.8}
    expected = "probability that 20 % of the forecast run out before the next receipt 0.9 >= 0.8"
    assert say("projection", "opens", **stock) == expected
    assert say("projection", "nothing_to_compare", window="stock plan") == "no stock plan"


def test_anomalies(say):
    below = say("anomaly", window="leg", level=0.004, threshold=0.00032)
    assert below == ("p 0.004 (= 0.0005 x 8 legs) > 0.00032 needed to pass the control among 500 merchants (3 passed)")
    assert say("anomaly", "opens", level=1e-7, threshold=0.00032).startswith("p 1e-07 (= 0.0005 x 8 legs) <= 0.00032")
    assert say("anomaly", "nothing_to_compare") == "no p-value on this leg"
    assert say("anomaly", "other_leg").startswith("the merchant passes by sales;")
    odd = MerchantControl(1e-6, 0.00032, 500, 3, 0.1, 8, {}, "oddness")
    assert say("anomaly", "opens", odd, level=0.02, threshold=0.00032).endswith("by the oddness of its whole pattern")
    lasting = say("anomaly", "opens", level=0.004, threshold=0.00032)
    assert lasting.startswith(f"{below}, but the leg's own was below 0.02 on 6 of the last 7 days")


def test_stale_and_excluded(say):
    muted = say(outcome="stale", reason="stale:fulfilment:2026-09-30")
    assert muted == "a stale feed mutes the leg (stale:fulfilment:2026-09-30)"
    assert say(outcome="excluded") == "by policy it opens no alert through this door"


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"fate": "opened"}, "opened alert A"),
        ({"fate": "reopened"}, "opened again alert A"),
        ({"fate": "closed"}, "closed today, alert A"),
        ({"fate": "quiet_false", "days": 12.0, "quiet_days": 28.0},
         "said to be false 12 days ago (alert A), so quiet for 28 days unless it becomes graver"),
        ({"fate": "quiet_person", "days": 1.0, "quiet_days": 3.0},
         "a person closed it 1 day ago (alert A), so quiet for 3 days"),
        ({"fate": "folded", "root_leg": "sales"}, "shows downstream of sales, folded under alert A"),
        ({"fate": "unexplained"}, "and yet no alert is written"),
    ],
)  # fmt: skip
def test_what_became_of_it(say, values, text):
    assert f": {text}" in say("limit", "opens", level=0.99, alert_id="A", **values)


@pytest.mark.parametrize(
    ("alert", "text"),
    [
        ({"snoozed_until": "2026-11-03", "acked_by": "Li"}, "keeps open alert A (snoozed until 2026-11-03)"),
        ({"acked_by": "Li\x1b[2J"}, "keeps open alert A (with Li [2J)"),
        ({"incident_id": "inc-1"}, "keeps open alert A (inside incident inc-1, told with it)"),
    ],
)
def test_how_the_alert_stands(say, alert, text):
    said = say("limit", "opens", level=0.99, fate="holds", alert_id="A", alerts=[{"alert_id": "A", **alert}])
    assert said.endswith(text)


def test_no_outcome_is_without_words(say):
    for door in ("limit", "projection", "anomaly"):
        for outcome in OUTCOMES:
            assert say(door, outcome)
