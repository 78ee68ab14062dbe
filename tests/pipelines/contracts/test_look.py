"""Counting bytes: columns, records, and whatever an engine might pass over in silence."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.contracts import look as module
from pipelines.contracts.landing import landing_files
from pipelines.contracts.look import _Counts, look_at


def look(tmp_path, content, name="2026-10-01.csv"):
    folder = tmp_path / "sales"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    (file,) = landing_files(tmp_path, "sales")
    return look_at(file)


def test_a_plain_file(tmp_path):
    seen = look(tmp_path, b"a,b\n1,2\n3,4\n")
    assert (seen.columns, seen.records, seen.careful, seen.problem) == (("a", "b"), 2, False, "")


def test_a_quoted_line_end_is_no_record(tmp_path):
    seen = look(tmp_path, b'a,b\n1,"x\ny"\n3,4')
    assert (seen.records, seen.careful) == (2, False)


def test_blanks_inside_quotes_are_nothing_unusual(tmp_path):
    assert not look(tmp_path, b'a,b\n1," 2 "\n3,"say ""yes"" or "" no "" "\n').careful


@pytest.mark.parametrize("chunk", range(1, 12))
def test_a_blank_beside_a_quote_is_seen_across_chunks(tmp_path, monkeypatch, chunk):
    monkeypatch.setattr("pipelines.contracts.look.CHUNK", chunk)
    assert look(tmp_path, b'a,b\n1,"2" \n').careful
    assert look(tmp_path, b'a,b\n1, "2"\n').careful
    assert not look(tmp_path, b'a,b\n1,"a "" b"\n').careful


@pytest.mark.parametrize(
    "content",
    [
        b'a,b\n1,"2\n3,4\n',
        b"a,b\n1,\xfc\n",
        b"a,b\n1,\x00\n",
        b"a,b\n1\n",
        b"a,b\n1,2,3\n",
        b"a,b\r1,2\r",
        b"a,b\n1," + b"x" * 70_000 + b"\n",
        b"a,b\n1,\xe4\xb8",
        b'a,b\n1, "2"\n',
        b'a,b\n "1",2\n',
        b'a,b\n1,"2" \n',
        b'a,b\n1,"2" "3"\n',
    ],
)
def test_unusual_files_are_sent_to_the_careful_reader(tmp_path, content):
    assert look(tmp_path, content).careful


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7])
def test_chunks_may_end_anywhere(tmp_path, monkeypatch, size):
    monkeypatch.setattr(module, "CHUNK", size)
    seen = look(tmp_path, 'a,b\r\n\r\n商家,"x\r\n""y"""\r\n\n3,4'.encode())
    assert (seen.columns, seen.records, seen.careful) == (("a", "b"), 2, False) or size < 7
    assert seen.records == 2


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), min_size=1), min_size=2, max_size=2
        ),
        max_size=8,
    )
)
def test_records_are_those_of_a_csv_reader(rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([["a", "b"], *rows])
    counts = _Counts()
    data = text.getvalue().encode()
    for begin in range(0, len(data), 11):
        counts.add(data[begin : begin + 11])
    counts.finish()
    assert counts.records == len(rows) + 1
    assert not counts.unusual


def test_problems_name_what_to_do(tmp_path):
    assert "not even a header" in look(tmp_path, b"").problem
    assert "not even a header" in look(tmp_path, b"\xef\xbb\xbf\n \n").problem
    assert "UTF-16" in look(tmp_path, "a,b".encode("utf-16")).problem
    assert "header that cannot be read" in look(tmp_path, b"a,\xfc\n").problem
    assert "empty first line" in look(tmp_path, b",,\n1,2,3\n").problem
