"""The rules of a feed as SQL conditions, in the order in which they are tried.

A row is named after the first rule it breaks: unreadable before missing, missing before out of range, a column's own
rules before those between columns. Words and figures of the contract are bound as parameters.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pipelines.contracts.feeds import MAX_FIELD_BYTES, MAX_ID_CHARACTERS, Feed, FeedColumn

NOT_A = {
    "date": "not_a_date",
    "timestamp": "not_a_time",
    "count": "not_a_number",
    "decimal": "not_a_number",
    "flag": "not_a_flag",
}
DUPLICATE = "duplicate key with another value"
LARGEST_COUNT = "9e15"  # above it a double no longer tells whole numbers apart


def quote(name: str) -> str:
    """Column name as an SQL identifier; names of the contract may be words of SQL, such as `by`."""
    return f'"{name}"'


@dataclass
class Rules:
    """The rules of a feed in the order in which they are tried.

    Attributes
    ----------
    names : list of (column, rule)
        Rule number n of a row is `names[n]`.
    parameters : dict
        Words and figures of the contract, bound as `$p0`, `$p1`, ...
    """

    names: list[tuple[str, str]] = field(default_factory=list)
    parameters: dict[str, Any] = field(default_factory=dict)
    _cases: list[str] = field(default_factory=list)

    def add(self, column: str, rule: str, broken: str) -> None:
        """Add a rule that a row breaks when the SQL condition holds."""
        self._cases.append(f"WHEN {broken} THEN {len(self.names)}")
        self.names.append((column, rule))

    def bind(self, value: Any) -> str:
        """Bind a value and return its placeholder."""
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f"${name}"

    @property
    def sql(self) -> str:
        """Number of the first broken rule, NULL where the row is good."""
        return f"CAST(CASE {' '.join(self._cases)} END AS SMALLINT)"


def rules_of(feed: Feed) -> Rules:
    """All rules of a feed, as conditions over the parsed columns, `raw_<name>` and the file's `delivered_on`."""
    rules = Rules()
    for name, column in feed.columns.items():
        _column_rules(rules, name, column)
    for rule in feed.parts:
        rules.add(rule.part, f"{rule.part} above {rule.whole}", f"{quote(rule.part)} > {quote(rule.whole)}")
    if feed.score_ranges:
        ranges = feed.score_ranges
        for word, (low, high) in ranges.ranges.items():
            outside = f"{quote(ranges.column)} NOT BETWEEN {rules.bind(low)} AND {rules.bind(high)}"
            name = f"outside {low:g} to {high:g} for {word}"
            rules.add(ranges.column, name, f"{quote(ranges.by)} = {rules.bind(word)} AND {outside}")
    _range_rules(rules, feed)
    rules.names.append((feed.key[-1], DUPLICATE))
    return rules


def _column_rules(rules: Rules, name: str, column: FeedColumn) -> None:
    value = quote(name)
    if column.is_text:
        rules.add(name, "nul", f"contains({value}, chr(0))")
        if column.type == "id":
            limit = MAX_ID_CHARACTERS
            rules.add(
                name, f"longer than {limit} characters", f"strlen({value}) > {limit} AND length({value}) > {limit}"
            )
        else:
            rules.add(name, "too_long", f"strlen({value}) > {MAX_FIELD_BYTES}")
    else:
        # NaN, as writers of numbers put it where they know none, is unknown: a number that is no number.
        number = column.type in ("count", "decimal")
        nan = f" AND NOT coalesce(isnan(TRY_CAST(raw_{name} AS DOUBLE)), false)" if number else ""
        rules.add(name, NOT_A[column.type], f"{value} IS NULL AND raw_{name} IS NOT NULL{nan}")
    if column.type in ("date", "timestamp"):
        # The engine knows `epoch` as a word for a day.
        rules.add(name, NOT_A[column.type], f"{value} = DATE '1970-01-01' AND NOT contains({_text(name)}, '1970')")
        rules.add(name, "time_zone", _has_zone(name))
    if column.required and column.default is None:
        rules.add(name, "missing", f"{value} IS NULL")
    if column.type in ("count", "decimal"):
        rules.add(name, "not_finite", f"NOT isfinite({value})")
        _number_rules(rules, name, column)
    if column.values:
        words = ", ".join(rules.bind(word) for word in column.values)
        rules.add(name, f"not one of {', '.join(column.values)}", f"{value} NOT IN ({words})")


def _text(name: str) -> str:
    return f"CAST(raw_{name} AS VARCHAR)"


def _has_zone(name: str) -> str:
    """Whether a text holds a time with a zone, which the engine passes over; of other types decided once per query."""
    text = _text(name)
    zone = f"strlen({text}) > 10 AND regexp_matches({text}[11:], '[A-SU-Za-su-z+-]')"
    return f"typeof(raw_{name}) = 'VARCHAR' AND {zone}"


def _number_rules(rules: Rules, name: str, column: FeedColumn) -> None:
    value = quote(name)
    if column.type == "count":
        rules.add(name, "not_whole", f"{value} <> trunc({value}) OR abs({value}) > {LARGEST_COUNT}")
    low = column.min if column.min is not None else (0 if column.type == "count" else None)
    if low is not None:
        word = "negative" if low == 0 else f"below {low:g}"
        rules.add(name, word, f"{value} < {rules.bind(low)}")
    if column.max is not None:
        rules.add(name, f"above {column.max:g}", f"{value} > {rules.bind(column.max)}")


def _range_rules(rules: Rules, feed: Feed) -> None:
    row_date = f"CAST({quote(feed.row_date)} AS DATE)"
    if feed.past_days is not None:
        name = f"more than {feed.past_days} days before delivery"
        rules.add(feed.row_date, name, f"{row_date} < delivered_on - {int(feed.past_days)}")
    if feed.ahead_days is not None:
        name = f"more than {feed.ahead_days} days after delivery" if feed.ahead_days else "after its own delivery"
        rules.add(feed.row_date, name, f"{row_date} > delivered_on + {int(feed.ahead_days)}")
