"""What groups of commands share."""

import pytest

from pipelines.cli_context import or_fail, print_json, short


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0004123, "0.0004123"), (1234567.8, "1,234,568"), (3, "3"), ("a\x1b[2Jb\n", "a [2Jb"), (True, "True")],
)
def test_figures_and_texts_are_short_and_harmless(value, text):
    assert short(value) == text


def test_json_cannot_steer_a_terminal(capsys):
    print_json({"name": "\x1b[2J\u202e"})
    assert capsys.readouterr().out == '{"name": "\\u001b[2J\\u202e"}\n'


def test_a_known_mistake_is_one_line_and_status_one(capsys):
    def wrong():
        raise ValueError("not so")

    with pytest.raises(SystemExit) as ended:
        or_fail(wrong)
    assert ended.value.code == 1
    assert or_fail(lambda: 3) == 3
