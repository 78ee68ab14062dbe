import numpy as np

from models.evaluation.injected import put_in
from models.evaluation.injection import Injection
from models.evaluation.policy import InjectionPolicy
from models.evaluation.walk import walked_errors

CASES = (
    Injection(name="outage", change=-1.0, judged_on=(1,)),
    Injection(name="half", change=-0.5, judged_on=(5,)),
)
POLICY = InjectionPolicy(cases=CASES, waves=2, least_per_day=80)


def test_every_case_and_wave_is_made_anew_from_its_onset_on(small_platform):
    values, learned, panel_of = small_platform
    clean = walked_errors(learned, panel_of(values), 10, True)
    heard = []
    found = put_in(learned, panel_of(values), clean, POLICY, 40, True, seed=2, told=heard.append)
    assert set(found) == {"outage/0", "outage/1", "half/0", "half/1"}
    assert heard == ["outage, wave 1", "outage, wave 2", "half, wave 1", "half, wave 2"]
    large = values[:, -70:].mean(axis=1) >= 80
    outage = found["outage/0"]
    assert (outage.onset[~large] == -1).mean() > 0.9
    rows = np.flatnonzero(outage.onset >= 0)
    assert set(outage.onset[rows]) <= set(range(40, 65))  # five days are left to find the slower case
    assert (outage.onset != found["outage/1"].onset).any()
    for row in rows[:5]:
        np.testing.assert_allclose(outage.errors.day[row, : outage.onset[row]], clean.day[row, : outage.onset[row]])
    assert (outage.errors.day[rows, outage.onset[rows]] > 5).all()


def test_the_same_seed_puts_in_the_same(small_platform):
    values, learned, panel_of = small_platform
    clean = walked_errors(learned, panel_of(values), 10, True)
    one, two = (put_in(learned, panel_of(values), clean, POLICY, 40, True, seed=2) for _ in range(2))
    np.testing.assert_array_equal(one["half/1"].onset, two["half/1"].onset)
    np.testing.assert_allclose(one["half/1"].errors.day, two["half/1"].errors.day)
