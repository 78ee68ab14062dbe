"""The lake on S3-compatible storage: a day's run and a backtest leave the tables and pages that a local lake leaves.

A real S3 server (moto) listens on loopback; the runs are processes of their own that find it through the environment.
"""

import subprocess
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.object_storage import register
from pipelines.tables import tables
from pipelines.workspace import Workspace

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1200)]
BUCKET, PREFIX = "lake", "haina/mall"


@pytest.fixture(scope="module")
def moved(arena, undisturbed, s3_client_of_module):
    """The workspace at its beginning, its lake moved into the bucket: a Delta table knows no path but those in it."""
    client = s3_client_of_module
    client.create_bucket(Bucket=BUCKET)
    home = arena.reset()
    for path in (home / "lake").rglob("*"):
        if path.is_file():
            client.upload_file(str(path), BUCKET, f"{PREFIX}/{path.relative_to(home / 'lake')}")
    (home / "lake").rename(home / "lake-moved-away")
    with (home / "config.yaml").open("a") as file:
        file.write(f"\nlake: s3://{BUCKET}/{PREFIX}\n")
    log = arena.folder / "log-s3"
    log.mkdir()
    arena.drive_to_its_end(log)
    return home


def test_tables_and_pages_are_those_of_a_local_lake(moved, same, undisturbed):
    assert not (moved / "lake").exists(), "something was written beside the lake"
    assert same.differences(undisturbed.content, same.content(moved)) == []
    assert same.stale_marts(moved) == []
    assert same.unlike_pages(undisturbed.pages, same.pages(moved)) == []
    assert same.left_behind(moved) == []


def test_analysts_read_the_warehouse(moved, undisturbed):
    with duckdb.connect(str(moved / "published" / "warehouse" / "latest.duckdb"), read_only=True) as connection:
        register(connection)
        for name in ("leg_status", "alerts", "sku_day", "sales"):
            count = connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0]
            assert count == undisturbed.content[name].num_rows > 0


def test_a_backtest_of_a_past_day_is_that_of_a_local_lake(moved, arena, same):
    day = (arena.end - timedelta(days=3)).isoformat()
    arguments = ("backtest", "--from", day, "--to", day, "--name", "trial")
    done = arena.run(*arguments)
    assert done.returncode == 0, done.stderr
    assert f"s3://{BUCKET}/{PREFIX}/backtest/trial" in done.stdout.replace("\n", "")
    remote = content_of_backtest(moved, same)
    moved.rename(arena.folder / "on-s3")
    try:
        arena.reset()
        assert arena.run(*arguments).returncode == 0
        assert same.differences(content_of_backtest(arena.home, same), remote) == []
    finally:
        subprocess.run(["rm", "-rf", arena.home], check=True)
        (arena.folder / "on-s3").rename(arena.home)


def content_of_backtest(home, same):
    lake = Workspace.at(home).lake.scoped("trial")
    made = [name for name, table in tables().items() if table.layout == "day" and lake.exists(name)]
    assert {"leg_status", "alerts", "prompts", "volume_forecast"} <= set(made)
    return {name: same.in_order(lake.read(name), name) for name in made}


def test_without_keys_the_command_says_what_to_set(moved, arena, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(Path(moved) / "nobody"))
    done = arena.run("run")
    assert done.returncode == 1
    assert "no keys; set AWS_ACCESS_KEY_ID" in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr
