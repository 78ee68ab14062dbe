"""The step that tells each merchant what to do: facts and playbook in, ranked prompts with their texts out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from models.metrics.profile import Profile
from models.metrics.words import Words
from models.navigation.candidates import Found, find_candidates
from models.navigation.choose import choose
from models.navigation.money import Rates
from models.navigation.params import params_of
from models.navigation.playbook import Playbook, Texts
from pipelines.day import Block, Day
from pipelines.defs.navigation.facts import Facts, read_facts
from pipelines.defs.navigation.playbook import load_playbook
from pipelines.policy import load_profile, load_risk_settings
from reports.formatting import normalise_locale
from reports.prompts import render_prompt

ID_LENGTH = 16  # 64 bits: no two prompts of a platform meet


@dataclass(frozen=True)
class Advice:
    """Policy that prompts rest on, read once per day."""

    playbook: Playbook
    profile: Profile
    rates: Rates

    @property
    def words(self) -> Mapping[str, Mapping[str, Words]]:
        """Words for codes: those of the playbook, and the names of the metrics."""
        return {**self.playbook.settings.words, "metrics": {metric.id: metric.name for metric in self.profile.metrics}}


def prompts(day: Day) -> dict[str, int]:
    """Write the table `prompts` for the day; return the rows written."""
    playbook = load_playbook(day.workspace)
    sanction_share = load_risk_settings(day.workspace).money.sanction_share
    advice = Advice(playbook, load_profile(day.workspace), Rates(playbook.settings, sanction_share))
    return {"prompts": day.write("prompts", _prompts(day, advice))}


def _prompts(day: Day, advice: Advice) -> Iterator[pd.DataFrame]:
    for block in day.blocks():
        made = prompts_of_block(day, block, advice)
        if len(made):
            yield made


def prompts_of_block(day: Day, block: Block, advice: Advice) -> pd.DataFrame:
    """Prompts of a block of merchants, by merchant and rank."""
    facts = read_facts(day, block, advice.playbook, advice.profile)
    found = find_candidates(advice.playbook, facts.by_source, advice.rates, day.as_of)
    if not len(found.table):
        return found.table
    chosen = choose(found.table, advice.playbook.settings)
    return _written(day, chosen, found, facts, advice)


def _written(day: Day, chosen: pd.DataFrame, found: Found, facts: Facts, advice: Advice) -> pd.DataFrame:
    chosen = chosen.assign(
        as_of=day.as_of,
        locale=[normalise_locale(name, day.config.default_locale) for name in chosen["merchant_id"].map(facts.locales)],
    )
    parts = []
    for name, rows in chosen.groupby("situation", sort=False):
        situation = advice.playbook.by_id[str(name)]
        values = params_of(situation, found.rows[situation.id].iloc[rows["row"]], advice.words, day.as_of)
        texts = {locale: situation.texts.of(locale) for locale in rows["locale"].unique()}
        said = [
            _said(texts[locale], value, locale, day.config.currency)
            for locale, value in zip(rows["locale"], values, strict=True)
        ]
        single = situation.source in ("signals", "products") and not situation.id.endswith("-rest")
        about = rows["subject"] if single else None
        parts.append(
            rows.assign(
                **pd.DataFrame(said, index=rows.index),
                params=[json.dumps(value, ensure_ascii=False, separators=(",", ":")) for value in values],
                who=situation.who,
                formula=situation.formula,
                recoverable_share=situation.recoverable_share,
                metric=about if situation.source == "signals" else None,
                sku_id=about if situation.source == "products" else None,
            )
        )
    written = pd.concat(parts).sort_values(["merchant_id", "rank"])
    ids = [
        prompt_id(*key) for key in zip(written["merchant_id"], written["situation"], written["subject"], strict=True)
    ]
    return written.assign(prompt_id=ids, good_news=written["kind"] == "praise", money_at_risk=written["money"]).drop(
        columns=["row", "turn", "answers", "leg_light", "subject", "money"]
    )


def _said(texts: Texts, params: Mapping[str, Any], locale: str, currency: str) -> dict[str, str]:
    return render_prompt(texts.action, texts.reason, texts.proof, params, locale, currency)._asdict()


def prompt_id(merchant_id: str, situation: str, subject: str) -> str:
    """Identify a prompt: the same thing said to the same merchant keeps its id from day to day.

    So an action that a merchant reports done on a later day still finds the prompt it followed.
    """
    key = json.dumps([merchant_id, situation, subject], ensure_ascii=False)
    return hashlib.blake2b(key.encode(), digest_size=ID_LENGTH // 2).hexdigest()
