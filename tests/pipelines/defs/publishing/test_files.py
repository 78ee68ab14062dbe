"""Files appear whole, the day by one pointer."""

import json
import os
import subprocess
import sys
from datetime import date

import pytest

from pipelines.defs.publishing.files import (
    drafted,
    drop_drafts,
    drop_old_days,
    plotly_library,
    publish_static,
    show_day,
    shown_day,
    write_in,
    write_text,
)

DAY = date(2026, 10, 30)


def test_a_write_that_fails_leaves_the_old_file_and_is_seen_by_nobody(tmp_path):
    page = tmp_path / "page.html"
    write_text(page, "old")
    with pytest.raises(UnicodeEncodeError):
        write_text(page, "new \ud800")  # half a character cannot be written
    assert page.read_text() == "old"
    write_text(page, "新")
    assert page.read_text(encoding="utf-8") == "新"
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == ["page.html"]


def test_line_ends_are_kept(tmp_path):
    write_text(tmp_path / "a.csv", "a\r\nb\r\n")
    assert (tmp_path / "a.csv").read_bytes() == b"a\r\nb\r\n"


@pytest.mark.parametrize("name", ["../x.html", "/etc/x", "a/b.html", "..", ".", "", "x/"])
def test_names_that_lead_elsewhere_are_refused(tmp_path, name):
    with pytest.raises(ValueError, match="leads out of"):
        write_in(tmp_path, name, "x")


def test_static_files_are_copied_once_and_carry_a_version(tmp_path):
    versions = publish_static(tmp_path)
    assert {"style.css", "page.js", "tower.js", "tower.css"} <= set(versions)
    library = tmp_path / "static" / "plotly.min.js"
    assert library.stat().st_size == plotly_library().stat().st_size
    before = library.stat().st_mtime_ns
    (tmp_path / "static" / "page.js").write_text("stale")
    assert publish_static(tmp_path) == versions
    assert library.stat().st_mtime_ns == before
    assert (tmp_path / "static" / "page.js").read_text() != "stale"


def test_the_pointer_names_the_day_and_never_goes_back(tmp_path):
    assert shown_day(tmp_path) is None
    show_day(tmp_path, DAY, "Haina Mall")
    show_day(tmp_path, date(2026, 10, 29), "Haina Mall")  # a day run again later
    assert shown_day(tmp_path) == DAY
    assert json.loads((tmp_path / "latest.json").read_text()) == {"day": "2026-10-30", "folder": "2026-10-30"}
    assert "Fri 30 Oct 2026" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_old_days_go_and_the_shown_one_stays(tmp_path):
    for name in ("2026-08-01", "2026-09-30", "2026-10-01", "2026-10-30", "static"):
        (tmp_path / name).mkdir()
    show_day(tmp_path, date(2026, 8, 1), "Haina Mall")
    assert drop_old_days(tmp_path, DAY, 30) == 0  # 30 September is exactly 30 days old
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == [
        "2026-08-01", "2026-09-30", "2026-10-01", "2026-10-30", "static",
    ]  # fmt: skip
    assert drop_old_days(tmp_path, DAY, 29) == 1
    assert not (tmp_path / "2026-09-30").exists()


def dead_process():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_drafts_of_killed_processes_go_and_those_of_living_ones_stay(tmp_path):
    (tmp_path / "2026-10-30").mkdir()
    left = [tmp_path / f".latest.json.{dead_process()}.tmp", tmp_path / "2026-10-30" / f".a.html.{dead_process()}.tmp"]
    left.append(tmp_path / f".w.duckdb.{dead_process()}.tmp.wal")
    kept = [tmp_path / f".index.html.{os.getpid()}.tmp", tmp_path / "page.1.tmp", tmp_path / ".htaccess"]
    for path in [*left, *kept]:
        path.write_text("half")
    assert drop_drafts(tmp_path) == len(left)
    assert [path for path in left if path.exists()] == []
    assert [path for path in kept if not path.exists()] == []
    assert drop_drafts(tmp_path / "missing") == 0


def test_a_draft_that_fails_leaves_nothing(tmp_path):
    def write_half() -> None:
        with drafted(tmp_path / "page.html") as draft:
            draft.write_text("half")
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        write_half()
    assert list(tmp_path.iterdir()) == []
