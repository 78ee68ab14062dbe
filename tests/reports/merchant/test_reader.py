"""One reader formats everything."""

from reports.merchant.reader import reader


def test_days_windows_and_labels(facts):
    read = reader("zh_CN", facts.CONTEXT)
    assert read.locale == "zh-CN"
    assert read.day(facts.AS_OF) == "今天"
    assert read.date(facts.AS_OF) == "10月30日 周五"
    assert read.window("30d") == "30 天"
    assert read.window("next_14d") == "未来 14 天"
    assert read.window("fortnight") == "fortnight"
    assert read.label("stage", "growing") == "成长期"
    assert read.label("category", "<b>") == "<b>"
    assert read.label("category", None) == ""


def test_sentence_of_the_profile_is_filled_with_formatted_figures(facts, english):
    fact = facts.METRICS[0]
    assert english.sentence(fact, facts.TEXTS[fact.metric], "good") == "Event gap 29%; the peers’ median is 11%"


def test_braces_of_a_sentence_that_are_no_figure_stay_as_written(facts, english):
    fact = facts.METRICS[0]
    text = facts.TEXTS[fact.metric]._replace(good={"en": "{% raw %} {observed} {observed!r:>999999999} {0.x}"})
    assert english.sentence(fact, text, "good") == "{% raw %} 29% {observed!r:>999999999} {0.x}"


def test_text_in_another_language_rather_than_nothing(facts, english):
    assert english.of({"zh-CN": "双 11"}) == "双 11"
    assert english.of({}) == "—"
