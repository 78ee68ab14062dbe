"""Which prompts become cards, and in which language."""

from dataclasses import replace

from reports.merchant.actions import build_actions, in_language
from reports.merchant.facts import PromptText
from reports.merchant.reader import reader


def test_five_actions_three_of_them_open_and_good_news_apart(facts, english):
    shop = facts.rich("en")
    more = [prompt._replace(prompt_id=f"more-{i}") for i, prompt in enumerate(shop.prompts[:3])]
    to_do, good = build_actions(replace(shop, prompts=(*shop.prompts, *more)), english)
    assert [card.open for card in to_do] == [True, True, True, False, False]
    assert [card.money for card in to_do] == ["¥90.0k", "¥41.2k", "¥7,705", "¥6,200", ""]
    assert to_do[0].due == "today"
    assert to_do[1].due == "Mon 2 Nov"
    assert [card.light for card in good] == ["star"]


def test_prompts_that_are_not_for_today_wait(facts, english):
    shop = facts.rich("en")
    to_do, _ = build_actions(replace(shop, prompts=[p._replace(today=False) for p in shop.prompts]), english)
    assert to_do == []


def test_a_prompt_is_said_again_in_another_language(facts):
    texts = {"en": PromptText("Order {units} more", ["{units} are short."], "None short"),
             "zh-CN": PromptText("补 {units} 件", ["缺 {units} 件。"], "不缺")}  # fmt: skip
    context = replace(facts.CONTEXT, playbook={"short": texts})
    prompt = facts.PROMPTS[0]._replace(
        situation="short", params='{"units": {"type": "number", "value": 1480}}', locale="zh-CN"
    )
    assert in_language(prompt, reader("en", context)).action == "Order 1,480 more"
    assert in_language(prompt, reader("zh-CN", context)).action == prompt.action
    assert in_language(prompt, reader("zh-TW", context)).action == prompt.action


def test_a_playbook_that_was_edited_since_the_prompt_was_stored_leaves_it_as_it_was(facts):
    texts = {"en": PromptText("Order {units} more by {due}", ["{units} are short."], "None short")}
    prompt = facts.PROMPTS[0]._replace(
        situation="short", params='{"units": {"type": "number", "value": 1480}}', locale="zh-CN"
    )
    read = reader("en", replace(facts.CONTEXT, playbook={"short": texts}))
    assert in_language(prompt, read) == (prompt.action, prompt.reason, prompt.proof)
