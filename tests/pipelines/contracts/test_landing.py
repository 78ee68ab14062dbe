"""What the names of landing files say."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest

from pipelines.contracts.landing import landing_files, newest_delivery


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
    )
    (folder / "sales" / "2026-10-02.parquet").mkdir()
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


def test_the_hash_is_that_of_the_content(folder):
    put(folder, "2026-10-01.csv")
    (file,) = landing_files(folder, "sales")
    assert file.sha256() == hashlib.sha256(b"x").hexdigest()
    assert file.problem == ""
