"""Moments survive, and a broken file is an empty one."""

from datetime import UTC, datetime

import pytest

from pipelines.defs.alerting.marks_file import MarksFile

NOW = datetime(2026, 10, 30, 9, 0, tzinfo=UTC)


def test_written_and_read(workspace):
    marks = MarksFile(workspace, "beats")
    assert marks.read() == {}
    marks.write({"a": NOW})
    assert MarksFile(workspace, "beats").read() == {"a": NOW}
    assert MarksFile(workspace, "other").read() == {}


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"a": 1}', '{"a": "soon"}'])
def test_a_broken_file_is_an_empty_one(workspace, text):
    marks = MarksFile(workspace, "beats")
    marks.write({})
    marks.path.write_text(text, encoding="utf-8")
    assert marks.read() == {}
