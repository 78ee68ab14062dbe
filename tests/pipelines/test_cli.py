"""The command from outside: exit statuses and messages that say what to do."""

import json
import sqlite3
from datetime import date

import pandas as pd
import pytest

from pipelines.cli import main
from pipelines.init import make_workspace
from pipelines.tables import tables
from pipelines.workspace import Workspace

DAY = date(2026, 10, 5)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "250")  # a wide terminal: messages are not broken inside a path
    for name in ("MERCHANT_GPS_HOME", "DAGSTER_HOME"):
        monkeypatch.setenv(name, "")  # so that what the command sets is undone
    make_workspace(tmp_path / "shop", "neutral")
    return tmp_path / "shop"


@pytest.fixture
def call(home, capfd):
    """Return a function that calls the command on a workspace and gives its status, output and error text."""

    def run(*arguments, at=home):
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["--home", str(at), *map(str, arguments)])
        said = capfd.readouterr()
        assert "Traceback" not in said.err
        return ended.value.code or 0, said.out, " ".join(said.err.split())

    return run


def test_wrong_usage_ends_with_two_and_names_what_is_known(call, tmp_path):
    status, _, error = call("import", "nowhere", "--from", tmp_path)
    assert status == 2
    assert "no importer is called 'nowhere'; known: freshretailnet, itsm, olist, rossmann, sql" in error
    status, _, error = call("bench", "day", "--merchants", "many")
    assert status == 2
    assert "'many'" in error
    status, _, error = call("bench", "forecast", "--series", "1000,0")
    assert status == 2
    assert "--series takes whole numbers" in error
    status, _, error = call("bench", "forecast", "--peers", "oracle")
    assert status == 2
    assert "no peer is called 'oracle'" in error
    status, _, error = call("bench", "night")
    assert status == 2
    assert "known: day" in error
    assert call("simulate", "--days", 3)[0] == 2
    assert call("run", "--day", "yesterday")[0] == 2
    assert call("fly")[0] == 2


def test_a_run_without_data_says_which_files_to_put_where(call, home):
    status, _, error = call("run")
    assert status == 1
    assert "no merchants are known" in error
    assert str(home / "landing" / "merchants") in error
    assert "merchants/YYYY-MM-DD.csv" in error


def test_a_folder_that_is_no_workspace_says_how_to_make_one(call, tmp_path):
    status, _, error = call("run", at=tmp_path / "nothing")
    assert status == 1
    assert "merchant-gps init" in error


def test_a_broken_policy_file_is_named_with_its_line(call, home):
    (home / "config.yaml").write_text("buckets: 2\ntimezone: Mars/Base\n", encoding="utf-8")
    status, _, error = call("simulate", "--merchants", 1, "--days", 30)
    assert status == 1
    assert "config.yaml:2" in error


def test_init_makes_a_workspace_once_and_says_what_comes_next(call, tmp_path):
    status, out, _ = call("init", tmp_path / "new")
    assert status == 0
    assert "next: put feeds into" in out
    assert (tmp_path / "new" / "config.yaml").exists()
    status, _, error = call("init", tmp_path / "new")
    assert status == 1
    assert "already holds a workspace" in error
    status, _, error = call("init", tmp_path / "other", "--profile", "mars")
    assert status == 1
    assert "neutral" in error
    assert not (tmp_path / "other").exists()


def test_evaluate_without_truth_says_how_to_get_it_and_json_alone_goes_to_standard_output(call, home):
    status, out, error = call("evaluate", "--json")
    assert (status, out) == (1, "")
    assert "merchant-gps simulate" in error
    put_backtest(home)
    status, out, _ = call("evaluate", "--backtest", "b1", "--json")
    assert status == 0
    document = json.loads(out)
    assert (document["backtest"], document["merchants"]) == ("b1", 1)
    assert document["families"][0]["episodes"] == 1
    status, out, _ = call("evaluate", "--backtest", "b1")
    assert status == 0
    assert "traffic_drop" in out


def put_backtest(home):
    workspace = Workspace.at(home)
    schema = tables()["alert_volume"].schema
    volume = {**dict.fromkeys(schema.names), "as_of": DAY, "leg": "all", "opened_by": "all", "merchants": 1}
    workspace.lake.scoped("b1").replace_day("alert_volume", DAY, pd.DataFrame([volume]))
    episode = {
        "episode_id": "e1", "family": "traffic_drop", "benign": False, "scope": "merchant", "scope_value": "A",
        "merchant_id": "A", "root_leg": "sales", "onset_on": date(2026, 10, 3),
        "first_observable_on": date(2026, 10, 3), "harm_on": date(2026, 10, 8), "ended_on": None, "magnitude": 0.5,
        "ramp_days": 7,
    }  # fmt: skip
    workspace.truth.mkdir(exist_ok=True)
    pd.DataFrame([episode]).to_parquet(workspace.truth / "episodes.parquet")


def test_maintaining_an_empty_lake_says_what_is_missing_rather_than_failing_inside(call):
    status, _, error = call("maintain")
    assert status == 1
    assert "none of the feeds" in error


def test_the_home_comes_from_the_environment(home, monkeypatch, capfd):
    monkeypatch.setenv("MERCHANT_GPS_HOME", str(home))
    with pytest.raises(SystemExit) as ended:
        main(["evaluate"])
    assert ended.value.code == 1
    assert str(home) in capfd.readouterr().err


def test_a_foreign_name_cannot_steer_the_terminal(call, tmp_path):
    status, _, error = call("import", "a\x1b[2Jb", "--from", tmp_path)
    assert status == 2
    assert "\x1b" not in error


def test_a_database_is_imported_and_a_wrong_query_ends_with_one_line(call, home, tmp_path):
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.executescript("CREATE TABLE shops (id TEXT); INSERT INTO shops VALUES ('m1'), ('m2')")
    query = tmp_path / "merchants.sql"
    query.write_text("SELECT id AS merchant_id FROM shops", encoding="utf-8")
    arguments = ("--url", f"sqlite:///{tmp_path / 'shop.db'}", "--query-file", query)
    status, said, _ = call("import", "sql", *arguments, "--day", "2026-10-05")
    assert (status, said.strip()) == (0, "merchants: 2")
    assert [path.name for path in (home / "landing" / "merchants").iterdir()] == ["2026-10-05.parquet"]
    query.write_text("SELECT id AS merchant FROM shops", encoding="utf-8")
    status, _, error = call("import", "sql", *arguments)
    assert status == 1
    assert "column 'merchant_id' is missing: write merchant AS merchant_id" in error
    status, _, error = call("import", "sql", "--url", "postgresql://u:hunter2@127.0.0.1:1/x", "--query-file", query)
    assert status == 1
    assert "cannot be reached" in error
    assert "hunter2" not in error
    assert call("import", "sql", "--from", tmp_path)[0] == 2


def test_the_contract_is_exported_into_the_workspace(call, home):
    status, said, _ = call("export-contract")
    assert status == 0
    assert str(home / "contract") in said
    assert (home / "contract" / "templates" / "sales.csv").is_file()


def test_the_doctor_says_what_is_wrong_and_ends_with_one_on_an_error(call, home):
    status, out, _ = call("doctor")
    assert status == 1  # nothing has been delivered yet
    assert "error: feed merchants has never been taken in" in out
    assert "mend:  deliver merchants/<YYYY-MM-DD>.csv" in out
    status, out, _ = call("doctor", "--json")
    found = json.loads(out)
    assert {"feeds.missing"} <= {one["id"] for one in found}
    assert all(set(one) == {"id", "severity", "what", "where", "how"} for one in found)
    status, out, _ = call("doctor", at=home / "nowhere")
    assert status == 1
    assert "merchant-gps init" in out
    assert not (home / "nowhere").exists()
