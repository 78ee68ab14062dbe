"""Record by record: every line belongs to one record, and an open quote costs its own line only."""

from __future__ import annotations

import pytest

from pipelines.contracts import careful
from pipelines.contracts.careful import read_carefully


def read(tmp_path, content):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    rows, rejections = [], []
    for table, bad in read_carefully(path, ("a", "b")):
        rows += [tuple(row.values()) for row in table.to_pylist()]
        rejections += [(one.line, one.rule, one.raw) for one in bad]
    return rows, rejections


def test_good_records_with_their_lines(tmp_path):
    rows, bad = read(tmp_path, b'a,b\n1,\n\n"2","x\ny"\r\n"",4')
    assert rows == [(2, "1", None), (3, "2", "x\ny"), (4, None, "4")]
    assert bad == []


def test_an_open_quote_costs_its_own_line(tmp_path):
    rows, bad = read(tmp_path, b'a,b\n1,"2\n3,4\n5,6\n')
    assert rows == [(3, "3", "4"), (4, "5", "6")]
    assert bad == [(2, "open_quote", '1,"2')]


def test_blanks_beside_quotes_count_for_nothing_and_blanks_elsewhere_stay(tmp_path):
    rows, bad = read(tmp_path, b'a,b\n "1" , "x ""y"" , z" \n 2 ,"" \n3, it\'s "4"\n4, "two\nlines" \n')
    assert rows == [(2, "1", 'x "y" , z'), (3, " 2 ", None), (4, "3", ' it\'s "4"'), (5, "4", "two\nlines")]
    assert bad == []


@pytest.mark.parametrize("record", ['1,"b" "c"', '1, "b"c', '1, "b" c', '1," "x\ry" "', '1, x"\r"y'])
def test_text_beside_a_quoted_field_is_told_and_not_glued_to_it(tmp_path, record):
    rows, bad = read(tmp_path, f"a,b\n{record}\n5,6\n".encode())
    assert rows == [(3, "5", "6")]
    assert [(line, rule) for line, rule, _ in bad] == [(2, "quoting")]


def test_many_quotes_take_no_endless_time(tmp_path):
    lines = [b'1, "' + b'"",' * 15_000 + b"x\n", b"1," + b' ""' * 20_000 + b"\n", b"3,4\n"]
    rows, bad = read(tmp_path, b"a,b\n" + b"".join(lines))
    assert rows[-1] == (4, "3", "4")
    assert len(rows) + len(bad) == 3


def test_two_open_quotes_do_not_swallow_what_lies_between(tmp_path):
    rows, bad = read(tmp_path, b'a,b\n1,"2\n3,4\n5,"6\n7,8\n')
    assert rows == [(3, "3", "4"), (5, "7", "8")]
    assert [line for line, *_ in bad] == [2, 4]


def test_what_is_no_text_is_shown_escaped(tmp_path):
    rows, bad = read(tmp_path, b"a,b\n1,\xfc\n2,\x00\n3\n4,5\n")
    assert rows == [(5, "4", "5")]
    assert bad == [(2, "not_utf8", "1,\\xfc"), (3, "nul", "2,\x00"), (4, "fields: 1 instead of 2", "3")]


def test_empty_fields_beyond_the_header_are_nothing_as_the_engine_has_it(tmp_path):
    rows, bad = read(tmp_path, b'a,b\n1,2,,""\n3,4,5\n,,\n')
    assert rows == [(2, "1", "2"), (4, None, None)]
    assert bad == [(3, "fields: 3 instead of 2", "3,4,5")]


def test_long_fields_are_refused_and_their_raw_text_is_cut(tmp_path):
    rows, bad = read(tmp_path, b"a,b\n1," + b"x" * 70_000 + b"\n2,3\n")
    assert rows == [(3, "2", "3")]
    assert (bad[0][:2], len(bad[0][2])) == ((2, "too_long"), careful.RAW_CHARACTERS)


def test_records_come_in_portions(tmp_path, monkeypatch):
    monkeypatch.setattr(careful, "RECORDS_AT_ONCE", 2)
    path = tmp_path / "file.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 5)
    assert [table.num_rows for table, _ in read_carefully(path, ("a", "b"))] == [2, 2, 1]
