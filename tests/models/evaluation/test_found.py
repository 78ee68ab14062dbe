import numpy as np
import pytest

from models.evaluation.found import other_days, report
from models.evaluation.injection import Injection
from models.evaluation.intervals import Resampling
from models.evaluation.policy import InjectionPolicy
from models.risk.settings import ControlSettings

HOW = Resampling(draws=100)
CONTROL = ControlSettings(q=0.1, least_p=1e-12)
CASES = (
    Injection(name="outage", change=-1.0, judged_on=(1, 2)),
    Injection(name="spike", change=1.0, judged_on=(2,), benign=True),
)
POLICY = InjectionPolicy(cases=CASES, alternate_days=10, least_of_day=10)


def test_threshold_days_and_judged_days_do_not_meet():
    judged = other_days(45, 5, 10)
    assert np.flatnonzero(judged).tolist() == [*range(5, 15), *range(25, 35)]


def test_a_case_is_judged_where_it_begins_on_days_the_threshold_has_not_seen():
    rng = np.random.default_rng(0)
    clean = rng.random((200, 40))
    p, onset = clean.copy(), np.where(np.arange(200) < 100, 3, 15)  # 3 is judged, 15 chooses the threshold
    p[:60, 4] = 1e-9
    found = report(clean, {"outage/0": (p, onset), "spike/0": (clean, onset)}, 0, POLICY, CONTROL, HOW)
    first, second, benign = found.found
    assert (first.day, first.found.n, first.found.value) == (1, 100, pytest.approx(0.0, abs=0.02))
    assert second.found.value == pytest.approx(0.6, abs=0.02)
    assert second.found.low < 0.6 < second.found.high
    assert second.by_chance < 0.02
    assert second.by_control == pytest.approx(0.6, abs=0.02)
    assert benign.benign
    assert benign.found.value == benign.by_chance


def test_rates_on_the_days_of_the_choice_and_on_the_others():
    clean = np.random.default_rng(1).random((1000, 40))
    found = report(clean, {}, 0, POLICY, CONTROL, HOW)
    assert found.per_1000_chosen == pytest.approx(1.0, abs=0.05)
    assert found.per_1000_judged == pytest.approx(1.0, abs=0.6)
    assert found.calibration[0].ratio == pytest.approx(1.0, abs=0.1)
    assert 0 < found.worst[1] < 0.01
    assert found.control_per_1000 < 1.0  # of true p-values the control lets through a false one in ten days
    assert np.isnan(found.found[0].found.value)


def test_waves_of_one_case_are_put_together_by_merchant():
    clean = np.full((20, 20), 0.5)
    p = clean.copy()
    p[:, 5] = 1e-9
    onset = np.full(20, 5)
    found = report(clean, {"outage/0": (p, onset), "outage/1": (clean, onset)}, 0, POLICY, CONTROL, HOW)
    figure = found.found[0].found
    assert (figure.n, figure.value) == (40, 0.5)


def test_whom_an_incident_takes_in_is_not_alerted_alone():
    clean = np.random.default_rng(2).uniform(0.2, 1, size=(1000, 20))
    clean[:50, 7] = clean[:10, 8] = 1e-6
    inside = np.zeros(clean.shape, dtype=bool)
    inside[5:, 7:10] = True
    found = report(clean, {}, 0, POLICY, CONTROL, HOW, inside)
    assert found.control_worst == (7, pytest.approx(0.05))
    assert found.alone_worst == (7, pytest.approx(0.005))
    assert found.alone_per_1000 == pytest.approx(1000 * 5 / clean.size)
    same = report(clean, {}, 0, POLICY, CONTROL, HOW)
    assert same.alone_worst == same.control_worst


def test_days_near_a_lasting_move_are_left_out_of_the_calm_ones():
    clean = np.random.default_rng(2).uniform(0.02, 1, size=(500, 20))
    clean[:5] = 1e-6
    near = np.zeros(clean.shape, dtype=bool)
    near[:5] = True
    found = report(clean, {}, 0, POLICY, CONTROL, HOW, None, near)
    assert found.calibration[0].ratio == pytest.approx(
        1.0
    )  # of 10,000 scores 100 lie below 1e-2, where 100 are promised
    assert (found.calm[0].ratio, found.calm[0].scores) == (0.0, 9900)
    assert report(clean, {}, 0, POLICY, CONTROL, HOW).calm == found.calibration
