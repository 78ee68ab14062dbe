from pathlib import Path

import pytest

from pipelines.workspace import HOME_VARIABLE, REPOSITORY, Workspace, default_home, shipped


def test_an_own_file_comes_before_the_shipped_one_and_only_there(tmp_path):
    workspace = Workspace.at(tmp_path)
    for path_of, folder, name in (
        (workspace.policy_path, "policy", "freshness.yaml"),
        (workspace.policy_path, "policy", "profiles/neutral.yaml"),
        (workspace.calendar_path, "calendars", "cn.yaml"),
    ):
        assert path_of(name) == shipped(folder) / name
        assert path_of(name).exists()
        own = tmp_path / folder / name
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text("{}\n", encoding="utf-8")
        assert path_of(name) == own
    assert workspace.policy_path("evaluation.yaml") == shipped("policy") / "evaluation.yaml"


def test_the_home_comes_from_the_environment_else_from_the_repository(tmp_path, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    assert Workspace.at().home == tmp_path
    assert Workspace.at(tmp_path / "other").home == tmp_path / "other"
    monkeypatch.setenv(HOME_VARIABLE, "")
    assert default_home() == REPOSITORY / "data"


def test_a_relative_home_stays_where_it_was_when_the_folder_changes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    workspace = Workspace.at("shop")
    monkeypatch.chdir(Path("/"))
    assert workspace.landing == tmp_path / "shop" / "landing"


def test_the_web_server_sees_pages_but_neither_secrets_nor_truth_nor_the_warehouse(tmp_path):
    workspace = Workspace.at(tmp_path)
    for private in (workspace.secrets, workspace.truth, workspace.landing, workspace.published / "warehouse"):
        assert not private.is_relative_to(workspace.pages)
    assert workspace.pages.is_relative_to(workspace.published)


def test_settings_are_those_of_the_workspace_and_all_have_defaults(tmp_path):
    assert Workspace.at(tmp_path).config.timezone == "Asia/Shanghai"
    (tmp_path / "config.yaml").write_text("timezone: America/New_York\n", encoding="utf-8")
    assert Workspace.at(tmp_path).config.timezone == "America/New_York"
    (tmp_path / "config.yaml").write_text("timezone: Mars/Base\n", encoding="utf-8")
    with pytest.raises(ValueError, match="config.yaml"):
        _ = Workspace.at(tmp_path).config
