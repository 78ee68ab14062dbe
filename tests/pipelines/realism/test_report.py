import json
from datetime import date

import pytest

from pipelines.realism.report import realism_report
from pipelines.simulate import simulate
from pipelines.workspace import Workspace

END = date(2026, 3, 30)


@pytest.fixture(scope="module")
def platforms(tmp_path_factory):
    """Two platforms of the same kind, of other seeds."""
    made = []
    for seed in (1, 2):
        workspace = Workspace.at(tmp_path_factory.mktemp(f"seed{seed}"))
        simulate(workspace, 60, 150, END, seed)
        made.append(workspace)
    return made


@pytest.fixture(scope="module")
def report(platforms):
    return realism_report(*platforms)


def test_every_wanted_figure_has_its_line(report):
    lines = report.told()
    assert len(lines) == 1 + len(report.figures) + 3
    by_name = {figure.wanted.name: figure for figure in report.figures}
    assert by_name["delivery_days_q50"].verdict == "not told"
    assert by_name["quarter_orders_q50"].verdict == "off"  # of small sellers, which these are not
    assert by_name["autocorrelation_lag_1"].reached > 0.3
    assert by_name["late_to_carrier_q50"].reached > 0
    assert any("orders per seller and quarter" in line and line.endswith("<- off") for line in lines)


def test_platforms_of_one_kind_are_hard_to_tell_apart(report):
    assert set(report.apart) == {"everything", "noise", "shape"}
    for answer in report.apart.values():
        assert 0.25 < answer.auc < 0.75


def test_json_has_null_for_what_is_not_told(report):
    values = json.loads(json.dumps(report.as_dict()))
    figures = {figure["name"]: figure for figure in values["figures"]}
    assert figures["delivery_days_q50"]["reached"] is None
    assert values["apart"]["shape"]["low"] <= values["apart"]["shape"]["auc"] <= values["apart"]["shape"]["high"]


def test_without_a_real_platform_nobody_is_asked(platforms):
    assert realism_report(platforms[0], None).apart == {}
