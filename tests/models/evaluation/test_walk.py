import numpy as np
import pytest

from models.evaluation.walk import Errors, Injected, Walk, Window, risk_judge, walked_errors
from models.metrics.grouping import Grouping
from models.risk.settings import MoneySettings, RiskSettings

MERCHANTS, DAYS = 300, 80
LEGS = ("stock_prep", "sales", "fulfilment", "service", "after_sale", "experience", "replenishment")
MONEY = MoneySettings(
    recoverable_share=dict.fromkeys(LEGS, 0.5),
    p_bad_unknown=dict.fromkeys(("red", "amber", "green", "star", "grey"), 0.1),
)
SETTINGS = RiskSettings(money=MONEY)
NO_CROWD = SETTINGS.incidents.crowd.model_copy(update={"least_share": 1.0})
CROWDS_OFF = {"crowd": NO_CROWD, "crowd_of_evidence": NO_CROWD}
WITHOUT_CROWDS = SETTINGS.model_copy(update={"incidents": SETTINGS.incidents.model_copy(update=CROWDS_OFF)})
PLATFORM = {"platform": Grouping(np.zeros(MERCHANTS, np.int64), ("all",))}
DAY_TYPES = np.zeros(DAYS, np.int64)


@pytest.fixture(scope="module")
def noise():
    rng = np.random.default_rng(5)
    day = rng.normal(size=(MERCHANTS, DAYS))
    week, drift = rng.normal(size=(2, MERCHANTS, DAYS))
    return Errors(day, week, drift, np.tile(rng.lognormal(3, 1, (MERCHANTS, 1)), (1, DAYS)))


def outage_of(clean, onset):
    day, week = clean.day.copy(), clean.week.copy()
    for row in np.flatnonzero(onset >= 0):
        day[row, onset[row] :] += 8
        week[row, onset[row] :] += 8
    return Injected(Errors(day, week, clean.drift, clean.mean), onset)


def walk(clean, injected, groupings=PLATFORM, after=3):
    return Walk(clean, injected, groupings, DAY_TYPES, SETTINGS, after)


def test_only_injected_rows_are_judged_and_only_for_some_days(noise):
    onset = np.full(MERCHANTS, -1)
    onset[:40] = 70
    clean, found = walk(noise, {"outage": outage_of(noise, onset)})(risk_judge(SETTINGS))
    assert np.isnan(clean[:, :55]).all()
    assert np.isfinite(clean[:, 55:]).all()
    p = found["outage"]
    assert np.isfinite(p[:40, 70:73]).all()
    assert np.isnan(p[40:]).all()
    assert np.isnan(p[:, 73:]).all()
    assert (p[:40, 70] < 1e-3).mean() > 0.9
    assert (clean[:, 55:] < 1e-2).mean() == pytest.approx(0.01, abs=0.005)


def test_trouble_of_the_injected_does_not_make_trouble_usual(noise):
    """All merchants fall one after the other; each is still ranked among days on which nobody had."""
    onset = np.repeat(np.arange(56, 76), MERCHANTS // 20)
    _, found = walk(noise, {"outage": outage_of(noise, onset)})(risk_judge(SETTINGS))
    first = found["outage"][np.arange(MERCHANTS), onset]
    assert (first < 1e-3).mean() > 0.9


def test_the_clean_days_are_judged_as_if_nothing_had_been_put_in(noise):
    onset = np.full(MERCHANTS, 60)
    alone, _ = walk(noise, {})(risk_judge(SETTINGS))
    beside, _ = walk(noise, {"outage": outage_of(noise, onset)})(risk_judge(SETTINGS))
    np.testing.assert_allclose(alone, beside)


def test_a_day_on_which_everybody_fell_is_taken_off_the_injected_too(noise):
    day = noise.day.copy()
    day[:, 70] += 3
    clean = Errors(day, noise.week, noise.drift, noise.mean)
    quiet = Injected(clean, np.full(MERCHANTS, 70))  # nothing was put in: the same merchants once more
    seen = walk(clean, {"nothing": quiet})
    assert abs(np.median(seen.day[:, 70])) < 0.2
    np.testing.assert_allclose(seen.rows["nothing"][0][:, 70], seen.day[:, 70], atol=1e-9)
    np.testing.assert_allclose(seen.rows["nothing"][0], seen.day, atol=1e-9)


def test_a_feast_of_some_is_taken_off_them_and_off_the_injected_and_its_members_are_known(noise):
    """A sixth of the merchants falls on a day that no calendar told; the median of no group moves."""
    day, struck = noise.day.copy(), np.arange(MERCHANTS) < 50
    day[struck, 70] += 6
    clean = Errors(day, noise.week, noise.drift, noise.mean)
    seen = walk(clean, {"nothing": Injected(clean, np.full(MERCHANTS, 70))})
    assert (seen.day[struck, 70] > 3).mean() < 0.1
    np.testing.assert_allclose(seen.rows["nothing"][0], seen.day, atol=1e-9)
    assert seen.in_crowd[struck, 70:73].mean() > 0.95
    assert seen.in_crowd[~struck, 70].mean() < 0.02
    assert not seen.in_crowd[:, 73:].any()
    p, _ = seen(risk_judge(SETTINGS))
    before, _ = Walk(clean, {}, PLATFORM, DAY_TYPES, WITHOUT_CROWDS, 3)(risk_judge(WITHOUT_CROWDS))
    assert (before[struck, 70] < 1e-3).mean() > 0.8
    assert (p[struck, 70] < 1e-3).mean() < 0.05


def test_an_outage_on_a_feast_of_others_is_still_found_by_its_second_day(noise):
    day, struck = noise.day.copy(), np.arange(MERCHANTS) < 50
    day[struck, 70] += 6
    clean = Errors(day, noise.week, noise.drift, noise.mean)
    onset = np.where(struck, -1, 70)
    _, found = walk(clean, {"outage": outage_of(clean, onset)})(risk_judge(SETTINGS))
    assert (found["outage"][~struck, 71] < 1e-3).mean() > 0.9


def test_the_window_is_what_the_step_would_have(noise):
    onset = np.full(MERCHANTS, -1)
    onset[7] = 71
    shapes = []

    def judge(window: Window):
        shapes.append(window.day.shape)
        assert window.trimmed[MERCHANTS:].all()
        return np.full(len(window.day), 0.5)

    walk(noise, {"outage": outage_of(noise, onset)})(judge)
    assert shapes[0] == (MERCHANTS, 56)
    assert shapes[71 - 55] == (MERCHANTS + 1, 56)


def test_errors_are_walked_over_as_many_weeks_as_asked_and_the_level_follows_a_drop(small_platform):
    values, learned, panel_of = small_platform
    errors = walked_errors(learned, panel_of(values), 10, True)
    assert errors.day.shape == errors.week.shape == (60, 70)
    assert errors.day.std() == pytest.approx(1.0, abs=0.15)
    fallen = values.copy()
    fallen[:, -30:] = np.rint(values[:, -30:] / 2)
    dropped = walked_errors(learned, panel_of(fallen), 10, True)
    np.testing.assert_allclose(dropped.day[:, :40], errors.day[:, :40])
    first_day, last_day = np.median(dropped.day[:, 40]), np.median(dropped.day[:, -1])
    assert first_day > 3  # high is bad
    assert last_day < 0.8 * first_day  # the forecast comes down after the drop
