"""What taking in the feeds leaves on the terminal; whole runs are tested in tests/road."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pipelines.contracts.feeds import feeds
from pipelines.run import COMPLAINTS_SHOWN, RunFailedError, _complain, ingest_all, run_day


def land(workspace, feed, name, *rows, header=None):
    folder = workspace.landing / feed
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("\n".join([header or ",".join(feeds()[feed].columns), *rows]) + "\n")


def test_what_somebody_should_mend_is_said_and_cannot_steer_the_terminal(workspace, capsys):
    merchant = ",".join(["m1"] + [""] * (len(feeds()["merchants"].columns) - 1))
    land(workspace, "merchants", "2026-10-01.csv", merchant)
    land(workspace, "sales", "2026-10-01.csv", "2026-10-01,m1,a,1,2,3.5,2,1.75,0")
    land(workspace, "stock", "2026-10-01-\x1b[2J.csv", "x", header="date,\x1b[31mon_hand[/red]")
    (workspace.landing / "sale").mkdir()
    ingest_all(workspace)
    said = capsys.readouterr().err
    assert "check: landing/sale is read by nobody" in said
    assert "check: stock/2026-10-01-\\x1b[2J.csv: columns " in said
    assert "\x1b" not in said


def test_only_the_first_complaints_are_told_one_by_one(capsys):
    _complain([f"file {number}" for number in range(COMPLAINTS_SHOWN + 3)])
    said = capsys.readouterr().err
    assert said.count("check: file") == COMPLAINTS_SHOWN
    assert "and 3 more, in the table ingested_files" in said


def test_a_day_before_the_first_one_says_which_setting_to_change(workspace):
    with pytest.raises(RunFailedError, match=r"2015-05-31 lies before .*2024-01-01.*set start_on in .*config\.yaml"):
        run_day(workspace, date(2015, 5, 31))


def test_a_day_too_far_ahead_of_the_clock_asks_for_the_clock_first(workspace):
    ahead = date.today() + timedelta(days=workspace.config.partition_days_ahead + 2)
    with pytest.raises(RunFailedError, match=r"days after today.*if the clock is wrong, set it.*partition_days_ahead"):
        run_day(workspace, ahead)
