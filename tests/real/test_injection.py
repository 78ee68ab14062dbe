"""Known drops put into 1,115 real stores: by which day they are found, at one opening per 1,000 merchant-days.

Twelve weeks to 2015-05-22, which no detector was tuned on (those were before 2015-02-01). Onsets lie on other
fortnights than those that chose the threshold. `pytest -m real -s tests/real/test_injection.py` prints the table;
`merchant-gps evaluate --inject` does the same, and more, for any workspace.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from models.calendar.groups import build_day_groups
from models.evaluation.found import Report, report
from models.evaluation.injected import put_in
from models.evaluation.policy import EvaluationPolicy
from models.evaluation.walk import Walk, risk_judge, walked_errors
from models.forecasting.factors import DayLabels
from models.forecasting.learn import learn
from models.forecasting.learned import Setting
from models.forecasting.panel import month_days, weekdays
from models.forecasting.policy import ForecastPolicy
from models.metrics.grouping import Grouping
from models.risk.settings import RiskSettings

POLICIES = Path(__file__).resolve().parents[2] / "data" / "policy"
ORIGIN, AHEAD, WEEKS, SEED = "2015-05-22", 28, 20, 1  # eight weeks are the past of the first judged day
# What is aimed at, and the least that is held, a little below what was reached.
TARGETS = {("outage", 1): 1.0, ("drop_70", 3): 0.95, ("drop_50", 7): 0.88, ("drop_30", 14): 0.65}
HELD = {("outage", 1): 0.98, ("drop_70", 3): 0.95, ("drop_50", 7): 0.97, ("drop_30", 14): 0.97}

pytestmark = [pytest.mark.real, pytest.mark.timeout(3000)]


def policy_of(name: str, kind: Any) -> Any:
    return kind.model_validate(yaml.safe_load((POLICIES / name).read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def found(rossmann: Any) -> Report:
    panel, scopes, _ = rossmann.at(ORIGIN, AHEAD)
    history, days = panel.values["gmv"].shape[1], panel.days
    base, settings = policy_of("forecast.yaml", ForecastPolicy), policy_of("risk.yaml", RiskSettings)
    origins = WEEKS + 1 + base.ensemble.origins
    policy = base.model_copy(update={"calibration": base.calibration.model_copy(update={"origins": origins})})
    groups = build_day_groups([], scopes, panel.first_day, days)
    labels = DayLabels(weekdays(panel.first_day, days), month_days(panel.first_day, days), groups, np.zeros(days))
    learned = learn(lambda: [panel], Setting(labels, history, policy, {}, panel.first_day), ["gmv"])["gmv"]
    evaluation = policy_of("evaluation.yaml", EvaluationPolicy)
    wanted = [case for case in evaluation.injection.cases if case.name in {name for name, _ in TARGETS}]
    injection = evaluation.injection.model_copy(update={"cases": tuple(wanted), "waves": 1})
    clean = walked_errors(learned, panel, WEEKS, False)
    injected = put_in(learned, panel, clean, injection, settings.residuals.days - 1, False, SEED)
    types, codes = np.unique(np.asarray(rossmann.types), return_inverse=True)
    groupings = {
        "platform": Grouping(np.zeros(len(codes), np.int64), ("all",)),
        "category": Grouping(codes.astype(np.int64), tuple(types)),
    }
    walk = Walk(clean, injected, groupings, np.zeros(clean.day.shape[1], np.int64), settings, injection.days_after)
    p, of_cases = walk(risk_judge(settings))
    onsets = {name: (values, injected[name].onset) for name, values in of_cases.items()}
    return report(p, onsets, walk.judged.start, injection, settings.control, evaluation.intervals, walk.in_crowd)


def test_drops_are_found_in_time(found: Report) -> None:
    reached = {(row.case, row.day): row for row in found.found}
    print(f"\nthreshold {found.threshold:.2g}, per 1,000: {found.per_1000_chosen:.2f} and {found.per_1000_judged:.2f}")
    for (case, day), target in TARGETS.items():
        figure = reached[case, day].found
        print(f"{case} by day {day}: {figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f}), aimed at {target}")
        assert figure.value > HELD[case, day]
        assert reached[case, day].by_chance < 0.05


def test_false_alarms_on_other_days_cost_about_what_was_asked(found: Report) -> None:
    assert found.per_1000_chosen <= 1.0
    assert found.per_1000_judged < 3.0


def test_p_values_of_stores_into_which_nothing_was_put(found: Report) -> None:
    for one in found.calibration:
        print(f"p <= {one.nominal:g}: {one.ratio:.2f} ({one.low:.2f} to {one.high:.2f}) of {one.scores:,} scores")
    assert 0.5 < found.calibration[0].ratio < 2.5
    print(
        f"worst day: {found.worst[1]:.2%} of the stores at the threshold, {found.control_worst[1]:.2%} by the control, "
        f"{found.alone_worst[1]:.2%} alerted one by one"
    )
    assert found.alone_worst[1] <= found.control_worst[1]
    assert found.worst[1] < 0.1
