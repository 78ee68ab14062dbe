"""What the names of landing files say."""

from __future__ import annotations

import hashlib
import os
from datetime import date

import pytest

from pipelines.contracts.landing import landing_files, newest_delivery, strangers


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sales").mkdir()
    return tmp_path


def put(folder, *names):
    for name in names:
        (folder / "sales" / name).write_text("x")


def test_files_come_in_the_order_in_which_they_became_known(folder):
    put(folder, "2026-10-02.csv", "history.csv", "2026-10-01.parquet", "2026-10-01-b.csv.gz")
    found = landing_files(folder, "sales")
    assert [file.name for file in found] == [
        "history.csv",
        "2026-10-01-b.csv.gz",
        "2026-10-01.parquet",
        "2026-10-02.csv",
    ]
    assert [file.delivered_on for file in found] == [None, date(2026, 10, 1), date(2026, 10, 1), date(2026, 10, 2)]
    assert [file.is_history for file in found] == [True, False, False, False]
    assert [file.is_parquet for file in found] == [False, False, True, False]


def test_unfinished_and_foreign_files_are_passed_over(folder):
    put(
        folder,
        ".2026-10-01.csv.part",
        ".2026-10-01.csv",
        "_SUCCESS",
        "~$2026-10-01.csv",
        "readme.txt",
        "2026-10-01.csv.tmp",
        "2026-10-01.csv.part",
        "stock 2026.xlsx",
    )
    (folder / "sales" / "archive").mkdir()
    assert landing_files(folder, "sales") == []
    assert landing_files(folder, "stock") == []


def test_until_leaves_later_files_but_not_history(folder):
    put(folder, "2026-10-01.csv", "2026-10-02.csv", "history-2025.csv")
    assert [file.name for file in landing_files(folder, "sales", date(2026, 10, 1))] == [
        "history-2025.csv",
        "2026-10-01.csv",
    ]
    assert newest_delivery(folder, ["sales", "stock"], date(2026, 10, 1)) == date(2026, 10, 1)
    assert newest_delivery(folder, ["stock"]) is None


@pytest.mark.parametrize("name", ["sales.csv", "2026-13-01.csv", "20261001.csv", "2026-10-011.csv"])
def test_other_names_are_a_problem_that_says_how_to_mend_it(folder, name):
    put(folder, name)
    (file,) = landing_files(folder, "sales")
    assert file.problem.startswith("the name does not begin with the day of delivery; rename it to YYYY-MM-DD.csv")
    assert "history.csv" in file.problem


@pytest.mark.parametrize("name", ["0001-01-01.csv", "1899-12-31.csv", "2200-01-01.csv", "9999-12-31.csv"])
def test_a_day_beyond_all_calendars_is_no_day_of_delivery(folder, name):
    put(folder, name)
    (file,) = landing_files(folder, "sales")
    assert file.delivered_on is None
    assert file.problem
    assert newest_delivery(folder, ["sales"]) is None


def test_a_day_far_ahead_is_told_and_does_not_move_the_clock(folder):
    put(folder, "2026-10-01.csv", "2026-10-05.csv", "2062-10-02.csv")
    latest = date(2026, 10, 5)
    early, last, ahead = sorted(landing_files(folder, "sales", latest=latest), key=lambda file: file.name)
    assert (early.problem, last.problem) == ("", "")
    assert ahead.problem.startswith("is named after 2062-10-02, later than any day that can be navigated; rename it")
    assert (ahead.delivered_on, ahead.sha256()) == (None, "")
    assert newest_delivery(folder, ["sales"], latest=latest) == latest
    assert newest_delivery(folder, ["sales"], date(2026, 10, 3), latest) == date(2026, 10, 1)
    assert newest_delivery(folder, ["sales"]) == date(2062, 10, 2)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("2026-10-01.CSV", "is of a kind that is not read; deliver .parquet, .csv.gz, .csv (in small letters)"),
        ("2026-10-01.xlsx", "not read"),
        ("2026-10-01.csv.zip", "not read"),
        ("2026-10-01", "not read"),
        ("history.json", "not read"),
    ],
)
def test_data_in_a_form_that_nobody_reads_are_told_and_do_not_move_the_clock(folder, name, reason):
    put(folder, name)
    (file,) = landing_files(folder, "sales")
    assert reason in file.problem
    assert file.sha256() == ""
    assert newest_delivery(folder, ["sales"]) is None


def test_what_is_no_plain_file_is_told_and_never_opened(folder):
    sales = folder / "sales"
    (sales / "2026-10-01.parquet").mkdir()
    (sales / "2026-10-02.csv").symlink_to("nowhere")
    (sales / "2026-10-03.csv").symlink_to("2026-10-03.csv")
    os.mkfifo(sales / "2026-10-04.csv")
    found = landing_files(folder, "sales")
    assert [file.problem.partition(";")[0] for file in found] == [
        "is a folder",
        "is a link that leads nowhere",
        "is a link that leads nowhere",
        "is no plain file (a pipe, socket or device)",
    ]
    assert {file.sha256() for file in found} == {""}  # opening a pipe would wait for ever
    assert newest_delivery(folder, ["sales"]) is None


def test_a_link_to_a_file_is_that_file(folder):
    (folder / "real.csv").write_text("x")
    (folder / "sales" / "2026-10-01.csv").symlink_to(folder / "real.csv")
    (file,) = landing_files(folder, "sales")
    assert (file.problem, file.size) == ("", 1)


def test_a_name_that_is_not_utf8_is_written_out(folder):
    path = os.fsencode(folder / "sales") + b"/2026-10-01-\xff.csv"
    with open(path, "w") as stream:  # noqa: PTH123 - a path of bytes
        stream.write("x")
    (file,) = landing_files(folder, "sales")
    assert file.name == "2026-10-01-\\xff.csv"
    assert file.problem == "has a name that is not UTF-8; rename it"


def test_what_no_feed_looks_for_is_told(folder):
    (folder / "sale").mkdir()
    (folder / "stock").write_text("x")
    for name in ("2026-10-01.csv", ".hidden.csv", "README.md"):
        (folder / name).write_text("x")
    assert [text.partition(";")[0] for text in strangers(folder, ["sales", "stock"])] == [
        "landing/2026-10-01.csv is read by nobody",
        "landing/sale is read by nobody",
        "landing/stock is no folder",
    ]
    assert strangers(folder / "none", ["sales"]) == []


def test_the_hash_is_that_of_the_content(folder):
    put(folder, "2026-10-01.csv")
    (file,) = landing_files(folder, "sales")
    assert file.sha256() == hashlib.sha256(b"x").hexdigest()
    assert file.problem == ""
