"""Incidents of a day, read and written: group findings, silent or frozen feeds, and those of the day before."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import duckdb
import pyarrow as pa

from models.metrics.profile import Profile
from models.risk.incidents import Finding, Incident, carry_forward
from models.risk.settings import RiskSettings
from pipelines.day import Day
from pipelines.defs.risk.frozen import frozen_feeds
from pipelines.defs.risk.silent import silent_feeds, silent_together

SILENCE = "data.stale"


def incidents_of(
    day: Day, connection: duckdb.DuckDBPyConnection, profile: Profile, settings: RiskSettings
) -> list[Incident]:
    """Incidents of the day from group findings, silent or frozen feeds and the incidents of the day before."""
    rules = settings.incidents
    findings = [Finding(**row) for row in day.query(connection, __file__, "sql/findings.sql").to_pylist()]
    silent = silent_feeds(day, connection, settings)
    frozen = frozen_feeds(day, connection, rules)
    # a finding of a metric that reads such a feed is the feed's trouble
    mute = {one.feed for one in silent} | {one.feed for one in frozen}
    findings = [one for one in findings if not mute & set(profile.metric(one.metric).feeds)]
    for quiet in silent:
        share = 1.0 if quiet.empty_since else quiet.stale_share
        seen = (share, 0.0, quiet.members, quiet.observed, quiet.expected)
        findings.append(Finding("feed", quiet.feed, "data", SILENCE, *seen))
    for some in silent_together(day, connection, settings):
        if some.feed not in mute:  # the others' figures are news, and are judged
            seen = (some.members / some.merchants, some.p_value, some.members, float(some.members), some.by_chance)
            findings.append(Finding("feed", some.feed, "data", SILENCE, *seen))
    for one in frozen:
        share = one.same / one.members
        figures = (share, one.p_value, one.members, one.same, one.by_chance)
        findings.append(Finding("feed", one.feed, "data", SILENCE, *figures))
    rows = day.query(connection, __file__, "sql/earlier_incidents.sql").to_pylist()
    days_since = (day.as_of - rows[0]["as_of"]).days if rows else 1
    before = [Incident(**{name: row[name] for name in Incident.__dataclass_fields__}) for row in rows]
    return carry_forward(findings, before, day.as_of, days_since, rules, settings.root.chain)


def incident_table(day: Day, incidents: list[Incident]) -> pa.Table:
    """Rows of `incidents`."""
    rows = [asdict(one) | {"as_of": day.as_of} for one in incidents]
    names = ["as_of", *Incident.__dataclass_fields__]
    columns: dict[str, Any] = {name: [row[name] for row in rows] for name in names}
    columns["as_of"] = pa.array(columns["as_of"], pa.date32())
    for name in ("opened_on", "worsened_on"):
        columns[name] = pa.array(columns[name], pa.date32())
    columns["effect_told"] = pa.array(columns["effect_told"], pa.float64())
    return pa.table(columns)
