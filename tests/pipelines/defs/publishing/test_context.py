"""Policy as plain values for pages."""

import pickle

from pipelines.defs.publishing.context import page_context


def test_texts_of_metrics_and_prompts_in_three_languages(published_day):
    context = page_context(published_day, {"style.css": "v"})
    late = context.metrics["fulfilment.late_dispatch"]
    assert (late.kind, late.unit, late.better, late.core) == ("rate", "percent", "lower", True)
    assert set(late.name) == {"zh-CN", "zh-TW", "en"}
    assert context.metrics["stock.days_of_cover"].red_elsewhere
    assert len(context.playbook) >= 25
    assert all(set(texts) == {"zh-CN", "zh-TW", "en"} for texts in context.playbook.values())


def test_other_processes_can_get_it(published_day):
    context = page_context(published_day, {})
    assert pickle.loads(pickle.dumps(context)) == context
