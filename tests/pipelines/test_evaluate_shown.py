"""Figures as scripts and people get them: with their interval, without what nobody measured, and without tricks."""

import json
from io import StringIO

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from models.evaluation.judged import JudgedDays
from models.evaluation.quality import COUNTS, FIGURES
from pipelines.evaluate import Evaluation
from pipelines.evaluate_shown import as_json, print_evaluation

DAYS = JudgedDays(pd.Series([2, 3], index=pd.to_datetime(["2026-10-04", "2026-10-05"])))
EMPTY = {f"{name}{end}": np.nan for name in FIGURES for end in ("", "_low", "_high")}
HOSTILE = "shop \x1b[2J [red]x[/red]"


def row(**values):
    counts = dict.fromkeys(COUNTS, 0) | dict.fromkeys(("family", "leg", "metric", "opened_by", "stratum"), "all")
    return {**counts, "benign_by_chance": np.nan, **EMPTY, **values}


RECALL = {"episodes": 4, "found": 3, "matured": 2, "recall": 0.75, "recall_low": 0.3, "recall_high": 0.954}
ROWS = (
    row(family="traffic_drop", **RECALL),
    row(family=HOSTILE, episodes=1, median_lead_days=2.5),
    row(opened_by="limit", alerts=7, precision=0.5, precision_low=0.25, precision_high=0.75),
    row(family="traffic_drop", leg="sales", alerts=99),  # neither a whole family nor a whole door
)
GROUPS = pd.DataFrame(
    {"episode_id": ["e1"], "family": ["outage"], "found_on": pd.to_datetime(["2026-10-05"]), "share": [0.125],
     "missed": [None]}
)  # fmt: skip


@pytest.fixture
def make():
    def build(source="truth", backtest="b1", groups=GROUPS):
        return Evaluation(backtest, source, DAYS, pd.DataFrame(ROWS), groups)

    return build


def shown(result):
    written = StringIO()
    print_evaluation(result, Console(file=written, width=250))
    return written.getvalue()


def table(text, title):
    """Lines of a printed table, each as its cells."""
    lines = text[text.index(title) :].splitlines()[1:]
    cells = [[cell.strip() for cell in line.replace("┃", "│").split("│")[1:-1]] for line in lines]
    ends = next((number for number, line in enumerate(lines) if line.startswith("└")), len(lines))
    return [line for line in cells[:ends] if line]


def test_json_holds_every_cut_and_what_is_unknown_is_null(make):
    document = json.loads(as_json(make()))
    assert (document["backtest"], document["source"]) == ("b1", "truth")
    assert (document["first_on"], document["last_on"]) == ("2026-10-04", "2026-10-05")
    assert (document["days"], document["merchants"], document["merchant_days"]) == (2, 3, 5)
    assert [one["family"] for one in document["families"]] == ["traffic_drop", HOSTILE]
    assert len(document["quality"]) == 4
    first = document["families"][0]
    assert (first["recall"], first["recall_high"], first["precision"]) == (0.75, 0.954, None)
    assert document["groups"][0]["found_on"].startswith("2026-10-05")


def test_a_figure_stands_with_its_interval_and_one_without_stands_alone(make):
    head, first, second = table(shown(make()), "Episodes found, by family")
    assert head == ["family", "episodes", "found", "recall", "matured", "lead, days"]  # nobody measured the others
    assert first == ["traffic_drop", "4", "3", "0.75 (0.30 to 0.95)", "2", "-"]
    assert second[1:] == ["1", "0", "-", "0", "2.50"]


def test_doors_have_a_table_of_their_own(make):
    head, only = table(shown(make()), "Alerts, by door")
    assert dict(zip(head, only, strict=True)) == {
        "opened by": "limit", "alerts": "7", "backlog": "0", "judged": "0", "precision": "0.50 (0.25 to 0.75)",
    }  # fmt: skip


def test_groups_are_listed_with_their_days_and_a_dash_for_what_is_missing(make):
    assert table(shown(make()), "Incidents of groups") == [
        ["family", "found on", "share", "missed"],
        ["outage", "2026-10-05", "0.12", "-"],
    ]


def test_verdicts_know_no_families_and_the_headline_says_whose_they_are(make):
    text = shown(make("labels", "", pd.DataFrame()))
    assert text.splitlines()[0].strip() == (
        "live, by labels: 3 merchants, 2 days from 2026-10-04 to 2026-10-05; intervals of 95 %"
    )
    assert "Alerts, by door" in text
    for missing in ("by family", "families' root legs", "Incidents of groups"):
        assert missing not in text


def test_a_strangers_name_can_neither_steer_the_terminal_nor_colour_it(make):
    text = shown(make())
    assert "\x1b" not in text
    assert "[red]x[/red]" in text
