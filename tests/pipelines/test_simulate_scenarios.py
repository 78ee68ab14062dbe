"""The shipped files of scenarios: every family is there, and each is found by its name."""

from pathlib import Path

import pytest

from pipelines.simulate import load_scenarios, scenarios_path
from pipelines.workspace import Workspace, shipped

TROUBLE = {
    "stock_out", "demand_surge", "traffic_drop", "conversion_collapse", "price_error", "carrier_delay",
    "warehouse_backlog", "service_backlog", "bot_failure", "refund_spike", "quality_fault", "review_bombing",
    "brushing", "feed_outage", "platform_outage", "slow_decay",
}  # fmt: skip
BENIGN = {"planned_promotion", "holiday_closure", "price_test", "new_product_launch"}


@pytest.fixture
def workspace(tmp_path):
    return Workspace.at(tmp_path)


@pytest.mark.parametrize("name", ["all", "held_out"])
def test_files_by_name_hold_every_family_and_benign_twin(workspace, name):
    scenarios = load_scenarios(scenarios_path(workspace, Path(name)))
    assert {kind.family for kind in scenarios if not kind.benign} == TROUBLE
    assert {kind.family for kind in scenarios if kind.benign} == BENIGN
    assert all(kind.harm_sum is None and kind.harm_after is None for kind in scenarios if kind.benign)


def test_held_out_settings_differ_from_those_to_tune_on(workspace):
    tuned, held_out = (load_scenarios(scenarios_path(workspace, Path(name))) for name in ("all", "held_out"))
    own = [kind for kind in held_out if kind.scope in ("merchant", "product")]
    assert not {kind.model_dump_json() for kind in own} & {kind.model_dump_json() for kind in tuned}


def test_every_platform_can_be_quiet(workspace):
    assert load_scenarios(scenarios_path(workspace, Path("none"))) == ()


def test_a_file_wins_over_a_name_and_the_workspace_over_what_is_shipped(workspace, tmp_path):
    own = tmp_path / "policy" / "scenarios_all.yaml"
    own.parent.mkdir()
    own.write_text("scenarios: []\n")
    assert scenarios_path(workspace, Path("all")) == own
    assert scenarios_path(workspace, own) == own
    assert scenarios_path(workspace, None) == shipped("policy") / "scenarios.yaml"


def test_an_unknown_name_is_answered_with_the_known_ones(workspace):
    with pytest.raises(FileNotFoundError, match="scenarios_everything.yaml; known names: all, held_out, none"):
        scenarios_path(workspace, Path("everything"))
