from models.risk.settings import CheckSettings
from pipelines.defs.common import WorkspaceResource
from pipelines.defs.risk.checks import judge, risk_checks
from pipelines.defs.risk.step import metric_signals, risk


def said(**figures):
    return {check: text for check, _, text in judge(figures, CheckSettings())}


def test_a_plausible_day_passes():
    assert not any(said(realised_over_nominal=1.1, flagged_share=0.004, largest_red_share=0.1).values())
    assert not any(said().values())


def test_each_figure_is_judged_by_itself():
    found = said(realised_over_nominal=7.0, flagged_share=0.5, largest_red_share=0.9)
    assert "7.00" in found["calibrated"]
    assert "50.0%" in found["few_flags"]
    assert "90%" in found["few_reds"]
    assert said(realised_over_nominal=0.01)["calibrated"]


def test_the_newest_day_is_judged(platform):
    day = platform.write()
    metric_signals(day)
    risk(day)
    found = list(risk_checks(WorkspaceResource(home=str(platform.home))))
    assert [one.check_name for one in found] == ["calibrated", "few_flags", "few_reds"]
    assert all(one.passed for one in found)


def test_without_a_day_nothing_is_wrong(tmp_path):
    assert all(one.passed for one in risk_checks(WorkspaceResource(home=str(tmp_path))))
