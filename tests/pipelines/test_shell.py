import pandas as pd
import pytest

from pipelines import shell


def test_names_of_strangers_cannot_steer_the_terminal(capsys):
    shell.say("shop \x1b[2J\x1b]0;owned\x07 [red]x[/red]")
    printed = capsys.readouterr().out
    assert "\x1b" not in printed
    assert "[red]x[/red]" in printed


def test_a_failure_ends_with_status_one_and_its_message(capsys):
    with pytest.raises(SystemExit) as ended:
        shell.fail("file a.yaml, line 3: mend it")
    assert ended.value.code == 1
    assert "a.yaml, line 3" in capsys.readouterr().err.replace("\n", " ")


def test_tables_show_missing_figures_as_a_dash(capsys):
    shell.print_frame(pd.DataFrame({"family": ["a"], "recall": [float("nan")]}), "t")
    assert "–" in capsys.readouterr().out
