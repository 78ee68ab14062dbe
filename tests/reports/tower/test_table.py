"""The table of merchants: first rows, and all of them as columns."""

import json
import re

from reports.tower.table import columns, first_rows, table_script


def test_first_rows_are_written_out(tower_facts, english):
    rows = first_rows(tower_facts.merchants, 50, english)
    assert len(rows) == 50
    first, second = rows[:2]
    assert (first.rank, first.name, first.money, first.change, first.why, first.manager) == (
        "1",
        "Shop 0",
        "¥90.0k",
        "—",
        "—",
        "—",
    )
    assert (second.change, second.why, second.manager, second.state) == (
        "+¥9,999",
        "Event gap 29%",
        "Wang Jing",
        "1 unassigned",
    )
    assert second.lights == ["red", "star", "green", "amber", "grey", "green", "green"]


def test_repeated_words_are_written_once(tower_facts):
    packed = columns(tower_facts.merchants)
    assert packed["category"]["words"] == ["Bedding", "Food"]
    assert packed["manager"]["of"][:3] == [-1, 0, 0]
    assert len(packed["page"]) == 120


def test_script_only_sets_data_whatever_the_names(tower_facts):
    from dataclasses import replace

    hostile = ["</script><script>alert(1)</script>", "\u2028\u2029\"'\\", "{{7*7}}"] + ["x"] * 117
    script = table_script(replace(tower_facts.merchants, name=hostile))
    assert "<" not in script
    quoted = re.fullmatch(r'"use strict";window\.towerTable=(".*");\n', script).group(1)
    assert json.loads(json.loads(quoted))["name"] == hostile


def test_size_grows_with_the_merchants_only(tower_facts):
    assert len(table_script(tower_facts.merchants)) / 120 < 200
