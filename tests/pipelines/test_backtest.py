from datetime import date

import pytest

from pipelines import backtest, past
from pipelines.steps import NamedStep

FIRST, LAST = date(2026, 1, 1), date(2026, 1, 5)


def test_days_go_from_the_first_to_the_last_in_strides():
    assert backtest.backtest_days(FIRST, LAST, 2) == [date(2026, 1, day) for day in (1, 3, 5)]
    assert backtest.backtest_days(FIRST, FIRST, 9) == [FIRST]


@pytest.mark.parametrize(
    ("first", "last", "every", "said"), [(LAST, FIRST, 1, "lies after"), (FIRST, LAST, 0, "every")]
)
def test_an_empty_range_is_refused(first, last, every, said):
    with pytest.raises(ValueError, match=said):
        backtest.backtest_days(first, last, every)


def test_each_day_runs_every_step_in_the_backtest_with_its_past_shared(workspace, monkeypatch):
    ran, told = [], []

    def step(day):
        shared = (day.workspace.lake.root, day.as_of) in past._OPEN
        ran.append((day.as_of, day.kind, day.lake.scope, day.step_days, shared))
        return {"segments": 0}

    monkeypatch.setattr(backtest, "steps_of_calculation", lambda: [NamedStep("segments", step)] * 2)
    days = backtest.run_backtest(workspace, "trial", FIRST, LAST, 4, lambda *said: told.append(said))
    assert days == [FIRST, LAST]
    assert ran == [(day, "backtest", "trial", 4, True) for day in days for _ in range(2)]
    assert told == [(FIRST, 0, 2), (LAST, 1, 2)]
    assert workspace.lake.scoped("trial").read("run_log").num_rows == 4
    assert past._OPEN == {}
