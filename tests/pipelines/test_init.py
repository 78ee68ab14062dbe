import stat

import pytest

from pipelines.config import load_config
from pipelines.init import make_workspace
from pipelines.instance import settings_file
from pipelines.workspace import Workspace


def test_a_new_workspace_is_complete_and_its_own(tmp_path):
    home = tmp_path / "company"
    make_workspace(home, "amazon_us")
    assert load_config(home / "config.yaml").profile == "amazon_us"
    workspace = Workspace.at(home)
    assert workspace.policy_path("profiles/amazon_us.yaml").is_relative_to(home)
    assert workspace.calendar_path("cn.yaml").is_relative_to(home)
    assert settings_file(workspace) == home / "dagster.yaml"


def test_the_key_of_page_names_is_made_and_secret(tmp_path):
    make_workspace(tmp_path / "shop", "neutral")
    (path,) = (tmp_path / "shop" / ".secrets").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_mistakes_are_answered(tmp_path):
    with pytest.raises(ValueError, match="no policy profile is called 'moon'; known: .*neutral"):
        make_workspace(tmp_path / "a", "moon")
    make_workspace(tmp_path / "b", "neutral")
    with pytest.raises(ValueError, match="already holds a workspace"):
        make_workspace(tmp_path / "b", "neutral")
    with pytest.raises(FileNotFoundError, match="merchant-gps init"):
        settings_file(Workspace.at(tmp_path / "c"))
