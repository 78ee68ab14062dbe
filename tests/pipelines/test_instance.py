import os

import pytest
import yaml

from pipelines.init import make_workspace
from pipelines.instance import prepare_environment
from pipelines.workspace import Workspace
from pipelines.yaml_file import PolicyFileError


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ("MERCHANT_GPS_HOME", "DAGSTER_HOME"):
        monkeypatch.setenv(name, "elsewhere")  # so that the test's own changes are undone
    make_workspace(tmp_path / "shop", "neutral")
    return tmp_path / "shop"


def test_storage_is_absolute_whatever_the_working_folder(home, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    variables = prepare_environment(Workspace.at(home))
    settings = yaml.safe_load((home / ".dagster" / "dagster.yaml").read_text(encoding="utf-8"))
    assert settings["storage"]["sqlite"]["base_dir"] == str(home / ".dagster")
    assert variables["DAGSTER_HOME"] == os.environ["DAGSTER_HOME"] == str(home / ".dagster")
    assert os.environ["MERCHANT_GPS_HOME"] == str(home)


def test_an_edited_file_counts_and_a_broken_one_is_named(home):
    path = home / "dagster.yaml"
    path.write_text("telemetry: {enabled: false}\nretention: {}\n", encoding="utf-8")
    prepare_environment(Workspace.at(home))
    assert "retention" in (home / ".dagster" / "dagster.yaml").read_text(encoding="utf-8")
    path.write_text("storage: [\n", encoding="utf-8")
    with pytest.raises(PolicyFileError, match="dagster.yaml:2"):
        prepare_environment(Workspace.at(home))
