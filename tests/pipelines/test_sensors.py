import os
from datetime import date

import dagster as dg
import pytest

from pipelines.sensors import deliver_sensor, landing_digest, landing_sensor, newest_delivery, sensors
from pipelines.workspace import HOME_VARIABLE


@pytest.fixture
def land(workspace, monkeypatch):
    """Return a function that puts a file into the landing folder of the workspace that the environment names."""
    monkeypatch.setenv(HOME_VARIABLE, str(workspace.home))

    def put(name, text="x\n"):
        path = workspace.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return put


def test_the_digest_changes_with_a_new_and_a_changed_file_and_else_stays(workspace, land):
    assert landing_digest(workspace) == ""
    path = land("sales/2026-01-01.csv")
    one = landing_digest(workspace)
    assert one
    assert landing_digest(workspace) == one
    land("sales/2026-01-02.csv")
    two = landing_digest(workspace)
    os.utime(path, ns=(1, 1))
    assert len({one, two, landing_digest(workspace)}) == 3


def test_answers_and_hidden_files_ask_for_no_run(workspace, land):
    land("feedback/2026-01-01.csv")
    land("sales/.2026-01-01.csv.part")
    (workspace.landing / "sales" / "folder").mkdir()
    assert landing_digest(workspace) == ""


def test_the_newest_delivery_is_of_a_feed_that_can_carry_a_day(workspace, land):
    assert newest_delivery(workspace) is None
    land("sales/history.csv")
    assert newest_delivery(workspace) is None
    land("sales/2026-01-02.csv")
    land("service/2026-01-03.csv.gz")
    land("reviews/2026-01-09.csv")
    assert newest_delivery(workspace) == date(2026, 1, 3)
    land("sales/2126-01-02.csv")  # a slip of the pen asks for no run of that day
    assert newest_delivery(workspace) == date(2026, 1, 3)


def evaluate(cursor):
    context = dg.build_sensor_context(cursor=cursor)
    return landing_sensor(context), context.cursor


def test_files_are_run_once_after_they_have_been_still(land):
    asked, cursor = evaluate(None)
    assert "no files" in asked.skip_message
    land("sales/2026-01-02.csv")
    asked, cursor = evaluate(cursor)
    assert "arriving" in asked.skip_message
    asked, cursor = evaluate(cursor)
    assert asked.partition_key == "2026-01-02"
    first_key = asked.run_key
    asked, cursor = evaluate(cursor)
    assert "nothing new" in asked.skip_message
    land("stock/2026-01-03.csv")
    assert isinstance(evaluate(cursor)[0], dg.SkipReason)
    asked, cursor = evaluate(evaluate(cursor)[1])
    assert asked.partition_key == "2026-01-03"
    assert asked.run_key != first_key


def test_history_alone_asks_for_no_day(land):
    land("sales/history.csv")
    asked, _ = evaluate(evaluate(None)[1])
    assert "named after its day" in asked.skip_message


def test_three_sensors_stand_by():
    assert {one.name for one in sensors} == {"landing_sensor", "deliver_sensor", "run_failure"}


def test_the_deliver_sensor_asks_for_a_delivery_when_there_is_something_to_tell(workspace, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(workspace.home))
    asked = {"waiting": 0, "beats": []}
    monkeypatch.setattr("pipelines.defs.alerting.step.waiting", lambda *_: asked["waiting"])
    monkeypatch.setattr(
        "pipelines.defs.alerting.step.heartbeats", lambda _, now: asked["beats"].append(now) or {"b": "sent"}
    )
    assert isinstance(deliver_sensor(dg.build_sensor_context()), dg.SkipReason)
    asked["waiting"] = 2
    assert isinstance(deliver_sensor(dg.build_sensor_context()), dg.RunRequest)
    assert len(asked["beats"]) == 2
    assert all(now.tzinfo for now in asked["beats"])
    assert deliver_sensor.minimum_interval_seconds == 60
    assert deliver_sensor.default_status == dg.DefaultSensorStatus.RUNNING
