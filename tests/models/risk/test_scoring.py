import numpy as np
import pytest

from models.metrics.catalogue import LEGS
from models.metrics.grouping import make_groupings
from models.risk.combination import merchant_p
from models.risk.discovery import passes_control
from models.risk.residuals import Scores
from models.risk.scored import ScoredMetric
from models.risk.scoring import ODDNESS, weigh
from models.risk.settings import RiskSettings

MERCHANTS, DAYS = 600, 56
SETTINGS = RiskSettings.model_validate(
    {
        "money": {"recoverable_share": dict.fromkeys(LEGS, 0.5),
                  "p_bad_unknown": dict.fromkeys(("red", "amber", "green", "star", "grey"), 0.1)},
        "oddness": {"trees": 20, "train_rows": 2000},
    }
)  # fmt: skip
ATTRIBUTES = {
    "platform": np.full(MERCHANTS, "all", dtype=object),
    "category": np.array([f"c{n % 3}" for n in range(MERCHANTS)], dtype=object),
    "region": np.array([f"r{n % 2}" for n in range(MERCHANTS)], dtype=object),
}
GROUPINGS = dict(
    zip(("platform", "category", "region"), make_groupings(ATTRIBUTES, [[], ["category"], ["region"]]), strict=True)
)
METRICS = (("sales.units", "sales"), ("sales.visitors", "sales"), ("fulfilment.late", "fulfilment"))


def quiet(seed=0):
    generator = np.random.default_rng(seed)
    return {metric: generator.normal(size=(MERCHANTS, DAYS)) for metric, _ in METRICS}


def run(scores, incident=True, light_days=1, settings=SETTINGS):
    ones = np.ones(MERCHANTS)
    volume = np.random.default_rng(9).lognormal(3, 1, MERCHANTS)
    scored = [
        ScoredMetric(metric, leg, Scores(scores[metric], volume, ones * 10, ones * 5, ones), 1, incident, light_days)
        for metric, leg in METRICS
    ]
    return weigh(scored, GROUPINGS, volume, np.zeros(DAYS, dtype=np.int64), settings)


def flagged(evidence):
    return passes_control(merchant_p([one.p_value for one in evidence.legs.values()]), 0.1)


def test_legs_are_calibrated_on_noise():
    p = np.concatenate([run(quiet(seed)).legs["sales"].p_value for seed in range(8)])
    assert np.mean(p <= 0.01) / 0.01 == pytest.approx(1, abs=0.45)
    assert np.mean(p <= 0.1) / 0.1 == pytest.approx(1, abs=0.15)


def test_a_quiet_day_flags_next_to_nobody():
    assert sum(flagged(run(quiet(seed))).sum() for seed in range(5)) <= 3


def test_a_merchant_in_trouble_is_flagged_and_its_metric_named():
    scores = quiet()
    scores["fulfilment.late"][17, -4:] = [4, 7, 9, 11]
    evidence = run(scores)
    found = flagged(evidence)
    assert found[17]
    assert found.sum() <= 3
    assert evidence.legs["fulfilment"].metric[17] == "fulfilment.late"
    assert evidence.legs[ODDNESS].metric[17] == "fulfilment.late"


def test_a_platform_outage_is_found_once_and_its_members_stay_quiet():
    scores = quiet()
    for metric in ("sales.units", "sales.visitors"):
        scores[metric][:, -1] = scores[metric][:, -1] * 1.5 + 6
    evidence = run(scores)
    assert {(one.scope, one.group) for one in evidence.findings} == {("platform", "all")}
    assert {one.metric for one in evidence.findings} == {"sales.units", "sales.visitors"}
    assert evidence.findings[0].observed == pytest.approx(5 * MERCHANTS)
    assert flagged(evidence).mean() <= 0.05  # at least 95 % of the members are suppressed
    assert (evidence.metrics["sales.units"].scope == "platform:all").all()


def test_the_echo_of_an_outage_is_told_apart_while_a_light_still_looks_at_its_days():
    scores = quiet()
    scores["sales.visitors"][:, -3] += 6
    lately = run(scores, light_days=4).metrics["sales.visitors"]
    assert lately.in_group.all()
    assert set(lately.scope) == {""}
    assert not run(scores, light_days=2).metrics["sales.visitors"].in_group.any()


def test_a_category_in_trouble_is_found_as_such():
    scores = quiet()
    scores["fulfilment.late"][::3, -1] += 5
    evidence = run(scores)
    assert {(one.scope, one.group, one.metric) for one in evidence.findings} == {("category", "c0", "fulfilment.late")}
    assert flagged(evidence).mean() <= 0.01
    assert set(evidence.metrics["fulfilment.late"].scope[1::3]) == {""}


def test_a_metric_that_knows_nothing_of_today_is_tested_on_the_window_that_does():
    scores, ones = quiet(), np.ones(MERCHANTS)
    late, young = np.full((MERCHANTS, DAYS), np.nan), np.random.default_rng(4).normal(size=(MERCHANTS, DAYS))
    young[::3, -3:] += 3.0
    known = ScoredMetric("sales.units", "sales", Scores(scores["sales.units"], ones, ones, ones, ones), 1)
    for on, scopes in (("young", {("category", "c0")}), (None, set())):
        unripe = ScoredMetric("late", "fulfilment", Scores(late, ones, ones, ones, ones), 7, windows={"young": young},
                              tested_on=on)  # fmt: skip
        evidence = weigh([known, unripe], GROUPINGS, ones, np.zeros(DAYS, dtype=np.int64), SETTINGS)
        assert {(one.scope, one.group) for one in evidence.findings if one.scope != "crowd"} == scopes
        p_value = evidence.metrics["late"].p_value
        assert (p_value[::3] < 0.01).mean() < 0.05 or on is None  # the group's part is taken off
        assert not np.isnan(p_value).any()


def test_a_metric_that_makes_no_incidents_still_loses_its_groups_effect():
    scores = quiet()
    scores["fulfilment.late"][:, -1] += 5
    evidence = run(scores, incident=False)
    assert evidence.findings == ()
    assert flagged(evidence).mean() <= 0.05


def test_a_good_surprise_is_no_evidence():
    scores = quiet()
    scores["sales.units"][3, -1] = -20
    assert run(scores).metrics["sales.units"].p_value[3] > 0.9


def test_a_rise_is_kept_for_roots_and_moves_no_evidence():
    scores = quiet()
    scores["sales.units"][17, -4:] = -6
    asked = {"metric": "sales.units", "root": "sales", "shows_on": ("fulfilment",)}
    settings = RiskSettings.model_validate(SETTINGS.model_dump() | {"root": {"rises": [asked]}})
    without, found = run(scores), run(scores, settings=settings)
    assert not without.rises
    assert found.rises["sales.units"].p_value[17] < 1e-3
    for leg, evidence in without.legs.items():
        np.testing.assert_array_equal(evidence.p_value, found.legs[leg].p_value)


def test_a_feast_of_some_merchants_is_one_crowd_that_flags_next_to_nobody():
    scores, struck = quiet(), np.random.default_rng(8).random(MERCHANTS) < 0.12
    scores["sales.units"][struck, -1] += 6
    evidence = run(scores)
    assert {(one.scope, one.leg) for one in evidence.findings} == {("crowd", "sales")}
    assert evidence.findings[0].members == pytest.approx(struck.sum(), abs=8)
    assert flagged(evidence).mean() <= 0.01
    assert (evidence.metrics["sales.units"].scope[struck] == "crowd:all").mean() > 0.9
