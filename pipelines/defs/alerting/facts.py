"""Facts of messages, taken from the day's tables when a message is decided."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.metrics.profile import Profile
from models.navigation.playbook import Playbook
from pipelines.day import Day
from pipelines.defs.publishing.naming import PageNames, page_names
from reports.formatting import LOCALES, normalise_locale
from reports.messages.facts import Action, MessageFacts, Subject
from reports.prompts import render_prompt
from reports.templates import names_in

Row = Mapping[str, Any]
LONGEST_TEXT = 500  # of a text from data; pages hold the whole one
DIGITS = 9


@dataclass(frozen=True)
class PolicyTexts:
    """Where names of metrics and words of prompts stand."""

    profile: Profile
    playbook: Playbook


@dataclass(frozen=True)
class FactMaker:
    """Makes the facts of a day's messages.

    Attributes
    ----------
    alerts, incidents : mapping of str to row
        By id.
    first_actions : mapping of (merchant, leg) to row
        What the merchant was told to do first, and what is needed to say it in any language.
    """

    day: Day
    texts: PolicyTexts
    names: PageNames
    alerts: Mapping[str, Row]
    incidents: Mapping[str, Row]
    first_actions: Mapping[tuple[str, str], Row]

    def of_alert(self, row: Row) -> MessageFacts:
        """Facts of a message about one alert."""
        alert = self.alerts[row["alert_id"]]
        who, why = _text(alert["acked_by"]), _text(alert["resolution"])
        until = _day(alert["snoozed_until"]) if row["event"] == "ack" and alert["status"] == "snoozed" else None
        subjects = (self._alert(alert),)
        return self._facts(row, "alert", subjects, acked_by=who, resolution=why, snoozed_until=until)

    def of_incident(self, row: Row) -> MessageFacts:
        """Facts of a message about an incident."""
        subject = self._incident(self.incidents[row["incident_id"]], row["severity"])
        resolution = "recovered" if row["event"] == "resolve" else None
        return self._facts(row, "incident", (subject,), resolution=resolution)

    def of_digest(self, row: Row, alert_ids: Sequence[str], items: int) -> MessageFacts:
        """Facts of the digest of a route: the first few alerts, and how many more there are."""
        subjects = tuple(self._alert(self.alerts[one]) for one in alert_ids[:items])
        more = max(len(alert_ids) - items, 0)
        return self._facts(row, "digest", subjects, more=more, page=self._page(self.names.tower))

    def of_merchant(self, row: Row, merchant: Row, actions: int) -> MessageFacts:
        """Facts of a merchant's own digest: what to do today."""
        chosen = tuple(
            Action(
                text=_text(one["text"]) or "",
                reason=_text(one["reason"]) or "",
                due_on=_day(one["due_on"]),
                worth=_number(one["worth"]),
            )
            for one in merchant["actions"][:actions]
        )
        page = self._page(self.names.name(merchant["merchant_id"]))
        locale = normalise_locale(merchant["locale"], self.day.config.default_locale)
        return self._facts(row, "merchant", (), actions=chosen, page=page, locale=locale)

    def _facts(self, row: Row, kind: str, subjects: tuple[Subject, ...], **more: Any) -> MessageFacts:
        config = self.day.config
        return MessageFacts.model_validate(
            {
                "kind": kind,
                "event": row["event"],
                "as_of": self.day.as_of,
                "platform": config.platform_name,
                "currency": config.currency,
                "severity": row["severity"],
                "subjects": subjects,
                **more,
            }
        )

    def _alert(self, alert: Row) -> Subject:
        merchant = alert["merchant_id"]
        return Subject(
            reference=alert["alert_id"],
            merchant_id=merchant,
            merchant_name=_text(alert["merchant_name"]),
            leg=alert["leg"],
            metric=alert["metric"],
            **self._metric(alert["metric"]),
            observed=_number(alert["observed"]),
            expected=_number(alert["expected"]),
            opened_by=alert["opened_by"],
            level=_number(alert["level"]),
            severity=alert["severity"],
            since=_day(alert["first_observable_on"]),
            opened_on=_day(alert["opened_on"]),
            money_at_risk=_number(alert["money_at_risk"]),
            limit=_number(alert["limit_value"]) if alert["opened_by"] == "limit" else None,
            first_actions=self._first_actions(merchant, alert["leg"]),
            page=self._page(self.names.name(merchant)),
        )

    def _incident(self, incident: Row, severity: str) -> Subject:
        return Subject(
            reference=incident["incident_id"][:120],
            scope=incident["scope"],
            group=_text(incident["group"]),
            members=incident["members"],
            leg=incident["leg"],
            metric=incident["metric"],
            **self._metric(incident["metric"]),
            observed=_number(incident["observed"]),
            expected=_number(incident["expected"]),
            severity=severity,
            since=_day(incident["opened_on"]),
            page=self._page(self.names.tower),
        )

    def _first_actions(self, merchant: str, leg: str) -> dict[str, str]:
        """What to do first, in each language in which it can be said."""
        told = self.first_actions.get((merchant, leg))
        if told is None:
            return {}
        situation = self.texts.playbook.by_id.get(told["situation"] or "")
        said = {told["locale"] or self.day.config.default_locale: told["action"]}
        if situation is not None and told["params"]:
            values = json.loads(told["params"])
            for locale in (one for one in LOCALES if one not in said):
                action = situation.texts.of(locale).action
                if names_in(action) <= values.keys():  # else the playbook was edited since
                    said[locale] = render_prompt(action, (), "", values, locale, self.day.config.currency).action
        return {locale: text[:LONGEST_TEXT] for locale, text in said.items() if text}

    def _metric(self, metric_id: str) -> dict[str, Any]:
        metric = self.texts.profile.by_id.get(metric_id)
        if metric is None:
            return {}
        names = {locale: metric.short.of(locale) for locale in LOCALES}
        return {"metric_names": names, "unit": metric.unit, "decimals": metric.decimals}

    def _page(self, name: str) -> str | None:
        base = self.day.config.publishing.base_url.rstrip("/")
        return f"{base}/{self.day.as_of.isoformat()}/{name}.html" if base else None


def fact_maker(
    day: Day, texts: PolicyTexts, alerts: Sequence[Row], incidents: Sequence[Row], first_actions: Sequence[Row]
) -> FactMaker:
    """Put the rows of a day in reach by their ids."""
    return FactMaker(
        day=day,
        texts=texts,
        names=page_names(day.workspace),
        alerts={row["alert_id"]: row for row in alerts},
        incidents={row["incident_id"]: row for row in incidents},
        first_actions={(row["merchant_id"], row["leg"]): row["first"] for row in first_actions},
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)[:LONGEST_TEXT]


def _number(value: float | None) -> float | None:
    """A known figure to the digits on which two runs of a day agree, so that they say the same word for word."""
    return None if value is None or not math.isfinite(value) else float(f"{value:.{DIGITS}g}")


def _day(value: date | None) -> date | None:
    return value.date() if isinstance(value, datetime) else value
