"""What all pages of a day share: settings, the texts of the policy profile and those of the playbook.

Policy objects become plain tuples here, because `reports` knows neither models nor files of policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.metrics.catalogue import MetricBase
from pipelines.day import Day
from pipelines.defs.navigation.playbook import load_playbook
from pipelines.policy import load_profile
from reports.formatting import LOCALES
from reports.merchant.facts import MetricText, PageContext, PromptText


def page_context(day: Day, assets: Mapping[str, str]) -> PageContext:
    """Build the shared part of all pages of a day.

    Parameters
    ----------
    assets
        Version of each static file by name.
    """
    profile = load_profile(day.workspace)
    return PageContext(
        as_of=day.as_of,
        platform_name=day.config.platform_name,
        currency=day.config.currency,
        policy_name=_by_locale(profile.name),
        metrics={metric.id: _metric_text(metric, metric.kind) for metric in profile.metrics},
        playbook=_prompt_texts(day),
        assets=dict(assets),
    )


def _metric_text(metric: MetricBase, kind: str) -> MetricText:
    said = (metric.name, metric.short, metric.how, metric.good, metric.bad)
    return MetricText(
        metric.id,
        metric.leg,
        kind,
        metric.unit,
        metric.decimals,
        metric.better,
        metric.core,
        metric.reads_red_elsewhere,
        *map(_by_locale, said),
    )


def _prompt_texts(day: Day) -> dict[str, dict[str, PromptText]]:
    found = {}
    for situation in load_playbook(day.workspace).said():
        texts = {locale: situation.texts.of(locale) for locale in LOCALES}
        found[situation.id] = {
            locale: PromptText(text.action, text.reason, text.proof) for locale, text in texts.items()
        }
    return found


def _by_locale(words: Any) -> dict[str, str]:
    return {locale: words.of(locale) for locale in LOCALES}
