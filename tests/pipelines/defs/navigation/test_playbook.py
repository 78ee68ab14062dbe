"""The shipped playbook: complete, in three languages, and in the project's words."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from models.metrics.catalogue import LEGS
from models.navigation.conditions import AnyOf
from models.navigation.playbook import Playbook, Situation
from pipelines.contracts.feeds import feeds
from pipelines.defs.navigation.playbook import load_playbook
from pipelines.policy import load_profile
from pipelines.workspace import Workspace
from pipelines.yaml_file import PolicyFileError

SHIPPED = load_playbook(Workspace.at("/nowhere"))
SITUATIONS = list(SHIPPED.said())
PROFILE = load_profile(Workspace.at("/nowhere"), "neutral")
# Words of analysts, and words that blame.
JARGON = re.compile(r"\b(P\d\d|SKU|KPI|ROP|percentile|quantile|WAPE|SLA|posterior)\b", re.IGNORECASE)
BLAME = re.compile(
    r"\b(you failed|your fault|must not|bad job|poor|too slow|mistake)\b|你们没|失职|太差|怠慢", re.IGNORECASE
)


def conditions_of(situation: Situation) -> list[object]:
    return [test for part in situation.when for test in (part.any if isinstance(part, AnyOf) else (part,))]


def metrics_of(situation: Situation) -> set[str]:
    named = [test for test in conditions_of(situation) if test.column == "metric"]
    return {metric for test in named for metric in (test.among or (test.equals,))}


def test_at_least_25_situations_over_all_legs_good_news_included() -> None:
    assert len(SHIPPED.situations) >= 25
    assert set(LEGS) <= {situation.leg for situation in SHIPPED.situations}
    assert {situation.kind for situation in SHIPPED.situations} == {"act", "connect", "praise"}
    assert "demand-surge" in SHIPPED.by_id


def test_every_metric_that_it_names_is_in_the_profile() -> None:
    named = set().union(*(metrics_of(situation) | set(situation.answers) for situation in SHIPPED.situations))
    assert named <= set(PROFILE.by_id)


def test_every_metric_of_a_leg_has_a_situation_of_its_own() -> None:
    named = Counter(metric for situation in SHIPPED.situations for metric in metrics_of(situation))
    silent = {metric.id for metric in PROFILE.metrics if metric.leg != "data"} - set(named)
    assert silent == set()


def test_a_metrics_situation_stands_in_the_metrics_leg() -> None:
    for situation in SHIPPED.situations:
        for metric in metrics_of(situation) | set(situation.answers):
            assert situation.leg in ("row", PROFILE.metric(metric).leg), (situation.id, metric)


def test_words_for_feeds_are_those_of_the_contract() -> None:
    assert set(SHIPPED.settings.feed_legs) <= set(feeds())
    for feed, leg in SHIPPED.settings.feed_legs.items():
        assert leg in feeds()[feed].legs, feed


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.id)
def test_wording(situation: Situation) -> None:
    for locale in ("zh-CN", "zh-TW", "en"):
        texts = situation.texts.of(locale)
        for text in (texts.action, texts.proof, *texts.reason):
            assert not re.search(r"[!！]", text), "no exclamation marks"
            assert not JARGON.search(text), text
            assert not BLAME.search(text), text
            assert text == text.strip()
        end = "." if locale == "en" else "。"
        assert all(clause.endswith(end) for clause in texts.reason), "clauses are sentences"
        assert not texts.action.endswith((".", "。")), "a title has no full stop"
        chinese = re.search(r"[\u4e00-\u9fff]", texts.action)
        assert bool(chinese) == (locale != "en")


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.id)
def test_an_action_names_a_number_or_a_thing_and_a_time(situation: Situation) -> None:
    if situation.kind == "praise":
        return
    english = situation.texts.en.action
    assert re.search(r"\d|\{", english), "a number or a thing"
    assert re.search(r"today|\{due\}|\{day\}|daily|during", english), "a time"


def test_simplified_and_traditional_are_not_mixed() -> None:
    simplified, traditional = set("补货库存评价员单这个时发订"), set("補貨庫評價員單這個時發訂")
    for situation in SITUATIONS:
        cn, tw = (
            "".join((texts.action, texts.proof, *texts.reason))
            for texts in (situation.texts.zh_cn, situation.texts.zh_tw)
        )
        assert not set(cn) & (traditional - simplified), situation.id
        assert not set(tw) & (simplified - traditional - set("存")), situation.id


def test_a_workspace_adds_a_file_and_replaces_a_shipped_one(tmp_path: Path) -> None:
    folder = tmp_path / "policy" / "playbook"
    folder.mkdir(parents=True)
    text = """
situations:
  - id: greet
    leg: sales
    kind: praise
    source: merchants
    when: [{column: legs_known, at_least: 0}]
    who: business
    texts:
      zh-CN: {action: 你好, reason: [好。], proof: 好}
      zh-TW: {action: 你好, reason: [好。], proof: 好}
      en: {action: Hello, reason: [So.], proof: Fine}
"""
    (folder / "sales.yaml").write_text(text, encoding="utf-8")
    (folder / "own.yaml").write_text(text.replace("greet", "greet-again"), encoding="utf-8")
    found: Playbook = load_playbook(Workspace.at(tmp_path))
    assert {"greet", "greet-again"} <= set(found.by_id)
    assert "demand-surge" not in found.by_id
    (folder / "own.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyFileError, match="greet stands twice"):
        load_playbook(Workspace.at(tmp_path))


def test_a_mistake_names_file_line_and_reason(tmp_path: Path) -> None:
    folder = tmp_path / "policy" / "playbook"
    folder.mkdir(parents=True)
    (folder / "sales.yaml").write_text("situations:\n  - id: x\n    leg: moon\n", encoding="utf-8")
    with pytest.raises(PolicyFileError, match=r"sales\.yaml:\d+: situations"):
        load_playbook(Workspace.at(tmp_path))
