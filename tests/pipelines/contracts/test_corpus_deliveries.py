"""Files that are no files, change, vanish or come in the wrong place: each is told, and the others are read."""

from __future__ import annotations

import gzip
import os
import tracemalloc

import pytest

from pipelines.contracts import candidates, staging
from pipelines.contracts.careful import RAW_CHARACTERS
from pipelines.contracts.feeds import feeds

HEADER = ",".join(feeds()["storefront"].columns) + "\n"
GOOD, OTHER = "2026-10-01,m1,9,20,3,2,2\n", "2026-10-01,m2,9,20,3,2,2\n"
NAME = "2026-10-01.csv"


@pytest.fixture
def folder(ready):
    """The landing folder of `storefront`, with a good file of the day after."""
    ready.write("storefront", "2026-10-02.csv", HEADER + OTHER)
    return ready.workspace.landing / "storefront"


def only_complaint(report):
    """The one complaint; the neighbour has been read."""
    assert report.feeds["storefront"].accepted == 1
    assert report.feeds["storefront"].balanced
    (complaint,) = report.complaints
    return complaint


def test_a_folder_named_like_a_file(ready, folder):
    (folder / NAME).mkdir()
    (folder / NAME / "part-0.csv").write_text(HEADER + GOOD)
    assert only_complaint(ready.ingest()).startswith(f"storefront/{NAME}: is a folder; deliver one file")
    assert ready.ingest().complaints == ()  # told once


@pytest.mark.parametrize("target", ["nowhere.csv", NAME])
def test_a_link_to_nothing_or_to_itself(ready, folder, target):
    (folder / NAME).symlink_to(target)
    assert "is a link that leads nowhere" in only_complaint(ready.ingest())


def test_a_link_to_a_file_is_read_and_its_later_content_is_a_second_delivery(ready, folder):
    real = ready.workspace.home / "elsewhere.csv"
    real.write_text(HEADER + GOOD)
    (folder / NAME).symlink_to(real)
    assert ready.ingest().feeds["storefront"].accepted == 2
    real.write_text(HEADER + GOOD.replace(",9,", ",10,"))
    ready.ingest()
    entry = ready.entry("storefront", NAME)
    assert (entry.delivery, entry.accepted) == (2, 1)


def test_a_pipe_is_never_opened(ready, folder):
    os.mkfifo(folder / NAME)
    assert "is no plain file" in only_complaint(ready.ingest())


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="a file that nobody can read is needed")  # noqa: PTH110
def test_a_file_that_cannot_be_read_is_tried_again(ready, folder):
    (folder / NAME).symlink_to("/proc/self/mem")  # plain, and unreadable for everybody
    assert "cannot be opened or unpacked" in only_complaint(ready.ingest())
    (folder / NAME).unlink()
    (folder / NAME).write_text(HEADER + GOOD)
    os.utime(folder / NAME, (0, 0))
    assert ready.ingest().complaints == ()
    assert ready.rows("storefront", "merchant_id") == [("m1",), ("m2",)]


def test_a_name_that_is_not_utf8(ready, folder):
    with open(os.fsencode(folder) + b"/2026-10-01-\xff\x1b.csv", "w") as stream:  # noqa: PTH123 - a path of bytes
        stream.write(HEADER + GOOD)
    said = only_complaint(ready.ingest())
    assert said == r"storefront/2026-10-01-\xff\x1b.csv: has a name that is not UTF-8; rename it"


@pytest.mark.parametrize(
    "name", ["2026-10-01.CSV", "2026-10-01.xlsx", "2026-10-01.csv.zip", "2026-10-01", "history.tsv"]
)
def test_data_in_a_form_that_nobody_reads(ready, folder, name):
    (folder / name).write_text(HEADER + GOOD)
    assert f"storefront/{name}: is of a kind that is not read; deliver" in only_complaint(ready.ingest())


def test_a_feed_that_nobody_knows_and_a_file_beside_the_folders(ready, folder):
    (ready.workspace.landing / "store front").mkdir()
    (ready.workspace.landing / "sales-2026-10-01.csv").write_text(HEADER + GOOD)
    (ready.workspace.landing / NAME).write_text(HEADER + GOOD)
    report = ready.ingest()
    assert [text.partition(" is ")[0] for text in report.complaints] == [
        f"landing/{NAME}", "landing/sales-2026-10-01.csv", "landing/store front",
    ]  # fmt: skip
    assert "put files into the folder of their feed: " in report.complaints[0]


def test_a_file_that_goes_away_before_it_is_read(ready, folder, monkeypatch):
    (folder / NAME).write_text(HEADER + GOOD)
    look_at = candidates.look_at

    def look_and_take_away(file, believed):
        seen = look_at(file, believed)
        if file.name == NAME:
            file.path.unlink()
        return seen

    monkeypatch.setattr(candidates, "look_at", look_and_take_away)
    assert f"storefront/{NAME}: cannot be read (" in only_complaint(ready.ingest())


@pytest.mark.parametrize("after", [GOOD, GOOD + OTHER + "2026-10-01,m3,1,1,1,1,1\n", "rubbish\n", '2026-10-01,"m1\n'])
def test_a_file_that_is_written_over_while_it_is_read(ready, folder, monkeypatch, after):
    (folder / NAME).write_text(HEADER + GOOD + OTHER)
    look_at = candidates.look_at

    def look_and_write_over(file, believed):
        seen = look_at(file, believed)
        if file.name == NAME:
            file.path.write_text(HEADER + after)
        return seen

    monkeypatch.setattr(candidates, "look_at", look_and_write_over)
    report = ready.ingest().feeds["storefront"]
    assert report.balanced
    monkeypatch.undo()
    assert ready.ingest().feeds["storefront"].balanced  # it is a second delivery by now
    assert ready.entry("storefront", NAME).read == after.count("\n")


def test_a_packed_file_that_is_cut_while_it_is_read(ready, folder, monkeypatch):
    packed = gzip.compress((HEADER + GOOD + "2026-10-01,m1\n" * 5000).encode(), 1)
    (folder / "2026-10-01.csv.gz").write_bytes(packed)
    look_at = candidates.look_at

    def look_and_cut(file, believed):
        seen = look_at(file, believed)
        if file.name.endswith(".gz"):
            file.path.write_bytes(packed[:-20])
        return seen

    monkeypatch.setattr(candidates, "look_at", look_and_cut)
    assert "cannot be read (Compressed file ended" in only_complaint(ready.ingest())
    assert ready.entry("storefront", "2026-10-01.csv.gz").read == 5001


def test_a_file_that_is_mended_takes_back_what_was_rejected(ready, folder):
    (folder / NAME).write_text(HEADER + GOOD + "2026-10-01,m3,many,1,1,1,1\n")
    assert "column 'visitors': not_a_number" in only_complaint_of(ready.ingest())
    (folder / NAME).write_text(HEADER + GOOD + "2026-10-01,m3,1,1,1,1,1\n")
    ready.ingest()
    entry = ready.entry("storefront", NAME)
    assert (entry.delivery, entry.accepted, entry.unchanged, entry.rejected) == (2, 1, 1, 0)


def only_complaint_of(report):
    (complaint,) = report.complaints
    return complaint


def test_a_merchant_that_appears_later_brings_its_rows(ready, folder):
    (folder / NAME).write_text(HEADER + GOOD + "2026-10-01,../new,1,1,1,1,1\n2026-10-01,newer,1,1,1,1,1\n")
    report = ready.ingest()
    assert (report.feeds["storefront"].held, report.complaints) == (2, ())
    ready.merchants("../new", name="2026-10-03.csv")
    ready.ingest()
    entry = ready.entry("storefront", NAME)
    assert (entry.accepted, entry.unchanged, entry.held) == (2, 0, 1)
    assert [merchant for (merchant,) in ready.rows("storefront", "merchant_id")] == ["../new", "m1", "m2"]
    assert ready.rows("held_rows", "merchant_id") == [("newer",)]


def test_a_file_with_nothing_but_broken_records_is_given_up(ready, folder, monkeypatch):
    monkeypatch.setattr(staging, "MOST_UNREADABLE", 20)
    (folder / NAME).write_text(HEADER + "x\n" * 50)
    said = only_complaint(ready.ingest())
    assert "more than 20 records cannot be read; mend the export and deliver it again" in said
    assert ready.entry("storefront", NAME).rejected == 50


@pytest.mark.faults
def test_a_packed_file_of_endless_size_is_read_in_little_memory(ready, folder, monkeypatch):
    line = b"2026-10-01," + b"m" * (256 << 20) + b"\n"
    (folder / "2026-10-01.csv.gz").write_bytes(gzip.compress(HEADER.encode() + GOOD.encode() + line, 1))
    del line
    tracemalloc.start()
    report = ready.ingest().feeds["storefront"]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (report.accepted, report.rejected) == (2, 1)
    assert peak < 120 << 20, f"{peak >> 20} MB"
    ((raw,),) = ready.rows("rejected_rows", "raw")
    assert len(raw) == RAW_CHARACTERS


def test_what_stands_in_the_manifest_of_an_unreadable_file_is_not_taken_for_its_hash(ready, folder):
    (folder / NAME).mkdir()
    ready.ingest()
    entry = ready.entry("storefront", NAME)
    assert (entry.sha256, entry.status) == ("", "quarantined")
    (folder / NAME).rmdir()
    (folder / NAME).write_text(HEADER + GOOD)
    os.utime(folder / NAME, ns=(entry.modified, entry.modified))
    ready.ingest()
    assert ready.rows("storefront", "merchant_id") == [("m1",), ("m2",)]
