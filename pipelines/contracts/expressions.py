"""SQL of a feed's contract: how raw columns become typed ones, and what is asked of typed rows.

The contract is data, so its checks cannot stand in a fixed `.sql` file; this module and rules.py write SQL from it.
Identifiers are column names that the contract's loader restricts to `[a-z][a-z0-9_]*`; words and figures of the
contract are bound as parameters; nothing of a delivered file ever enters the text.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.contracts.feeds import MERCHANT, Feed, FeedColumn
from pipelines.contracts.landing import FIRST_YEAR, LAST_YEAR
from pipelines.contracts.rules import Rules, quote

SQL_TYPES = {
    "id": "VARCHAR", "text": "VARCHAR", "choice": "VARCHAR", "date": "DATE", "timestamp": "TIMESTAMP",
    "count": "BIGINT", "decimal": "DOUBLE", "flag": "BOOLEAN",
}  # fmt: skip
FIRST_DATE, LAST_DATE = f"{FIRST_YEAR}-01-01", f"{LAST_YEAR}-12-31"


def parse(name: str, column: FeedColumn) -> str:
    """Raw column `raw.<name>` to a typed value; NULL where it cannot be read."""
    raw = f"raw.{quote(name)}"
    if column.is_text:
        text = f"CAST({raw} AS VARCHAR)"
        return f"coalesce({text}, '')" if column.default == "" else f"nullif({text}, '')"
    if column.type in ("count", "decimal"):
        # Not nullif(): Parquet statistics leave NaN out, and so the engine takes `= NaN` for impossible.
        return f"CASE WHEN NOT isnan(TRY_CAST({raw} AS DOUBLE)) THEN TRY_CAST({raw} AS DOUBLE) END"
    if column.type == "flag":
        return f"TRY_CAST(CAST({raw} AS VARCHAR) AS BOOLEAN)"  # as text, because any number but 0 is true
    value = f"TRY_CAST({raw} AS {SQL_TYPES[column.type]})"
    return f"CASE WHEN {value} BETWEEN DATE '{FIRST_DATE}' AND DATE '{LAST_DATE}' THEN {value} END"


def stored(name: str, column: FeedColumn) -> str:
    """Typed value as the lake stores it."""
    if column.default:
        # Defaults are words of the contract, checked as one of its `values`.
        return f"coalesce({quote(name)}, '{column.default}') AS {quote(name)}"
    return f"TRY_CAST({quote(name)} AS BIGINT) AS {quote(name)}" if column.type == "count" else quote(name)


def typed_select(feed: Feed, rules: Rules, source: str, columns: Iterable[str]) -> str:
    """SELECT from a source query (file_number, line, `columns`): typed columns and what the checks say.

    Columns of the feed that the source lacks (only optional ones may be lacking) are empty.

    Adds `rule` (number of the first broken rule), `raw` (the row as JSON, bad rows only), `known_on`, and hashes of the
    key and of the whole row.
    """
    parsed = ", ".join(f"{parse(name, column)} AS {quote(name)}" for name, column in feed.columns.items())
    raw = ", ".join(f"raw.{quote(name)} AS raw_{name}" for name in feed.columns)
    packed = ", ".join(f"{quote(name)} := raw_{name}" for name in feed.columns)
    final = ", ".join(stored(name, column) for name, column in feed.columns.items())
    late = f"coalesce(CAST({quote(feed.row_date)} AS DATE) + ({int(feed.maturity_days)}), DATE '1970-01-01')"
    return f"""
        WITH delivered AS (
            {source}
        ), source AS (
            SELECT *{_lacking(feed, columns)} FROM delivered
        ), parsed AS (
            SELECT raw.file_number, raw.line, batch_files.delivered_on, batch_files.known_on AS file_known_on,
                   {parsed}, {raw}
            FROM source AS raw JOIN batch_files USING (file_number)
        ), checked AS (
            SELECT *, {rules.sql} AS rule FROM parsed
        ), typed AS (
            SELECT file_number, line, {final}, rule,
                   CASE WHEN rule IS NOT NULL THEN CAST(to_json(struct_pack({packed})) AS VARCHAR) END AS raw,
                   coalesce(file_known_on, {late}) AS known_on
            FROM checked
        )
        SELECT *, {hashes(feed)} FROM typed
    """


def _lacking(feed: Feed, columns: Iterable[str]) -> str:
    lacking = [name for name in feed.columns if name not in frozenset(columns)]
    return "".join(f", CAST(NULL AS VARCHAR) AS {quote(name)}" for name in lacking)


def hashes(feed: Feed) -> str:
    """Hashes of a row's key and of all its values; the same for rows of a file and rows of the lake."""
    key, values = (", ".join(map(quote, names)) for names in (feed.key, feed.columns))
    return f"hash({key}) AS key_hash, hash({values}) AS row_hash"


def earlier_select(feed: Feed) -> str:
    """SELECT of the versions that the lake holds (relation `lake_rows`) between `$first` and `$last`."""
    dated = f"AND {quote(feed.row_date)} BETWEEN $first AND $last" if feed.dated else ""
    return f"""
        SELECT {hashes(feed)}, known_on, file, line FROM lake_rows WHERE known_on >= $known_from {dated}
    """


def mark_duplicates(feed: Feed, rules: Rules) -> str:
    """UPDATE that rejects all rows of a key with several values in one file; `conflicts` holds the suspects."""
    key = ", ".join(f"typed.{quote(name)}" for name in feed.key)
    same = " AND ".join(f"typed.{quote(name)} = real.{quote(name)}" for name in feed.key)
    number = len(rules.names) - 1
    return f"""
        UPDATE typed SET rule = {number}
        FROM (
            SELECT typed.file_number, {key} FROM typed SEMI JOIN conflicts USING (file_number, key_hash)
            WHERE typed.rule IS NULL GROUP BY ALL HAVING count(DISTINCT typed.row_hash) > 1
        ) AS real
        WHERE typed.rule IS NULL AND typed.file_number = real.file_number AND {same}
    """


def collect_rejected(feed: Feed, raw_characters: int) -> str:
    """CREATE of `rejected` from bad rows of `typed` (rule numbers in `rule_names`) and from `unreadable` records."""
    return f"""
        CREATE OR REPLACE TEMP TABLE rejected AS
        SELECT typed.file_number, typed.line, rule_names.name AS rule, rule_names."column",
               left(coalesce(typed.raw, {_as_json(feed)}), {int(raw_characters)}) AS raw,
               {_merchant_of(feed)} AS merchant_id
        FROM typed JOIN rule_names ON rule_names.number = typed.rule
        UNION ALL BY NAME
        SELECT file_number, line, rule, "column", raw, NULL AS merchant_id FROM unreadable
    """


def collect_held(feed: Feed, mark: int) -> str:
    """CREATE of `held` from the rows of `typed` whose rule is the mark."""
    return f"""
        CREATE OR REPLACE TEMP TABLE held AS
        SELECT typed.file_number, typed.line, {_merchant_of(feed)} AS merchant_id, typed.known_on,
               {_as_json(feed)} AS raw
        FROM typed WHERE typed.rule = {int(mark)}
    """


def _as_json(feed: Feed) -> str:
    """A typed row as JSON text."""
    packed = ", ".join(f"{quote(name)} := typed.{quote(name)}" for name in feed.columns)
    return f"CAST(to_json(struct_pack({packed})) AS VARCHAR)"


def _merchant_of(feed: Feed) -> str:
    """The merchant of a typed row, or NULL in feeds that know none."""
    return f"typed.{MERCHANT}" if feed.by_merchant else "CAST(NULL AS VARCHAR)"


def bounds_select(feed: Feed) -> str:
    """SELECT of the first and last date of good rows."""
    row_date = f"CAST({quote(feed.row_date)} AS DATE)"
    return f"SELECT min({row_date}), max({row_date}) FROM typed WHERE rule IS NULL"


def accepted_select(feed: Feed) -> str:
    """SELECT of the rows to append, with the columns that the lake adds."""
    columns = ", ".join(f"typed.{quote(name)}" for name in feed.columns)
    bucket = "known_merchants.bucket," if feed.by_merchant else ""
    join = f"JOIN known_merchants USING ({MERCHANT})" if feed.by_merchant else ""
    return f"""
        SELECT {columns}, {bucket} typed.known_on, batch_files.known_on IS NULL AS known_on_assumed,
               batch_files.label AS file, typed.line,
               coalesce(batch_files.known_month, strftime(typed.known_on, '%Y-%m')) AS known_month
        FROM typed JOIN batch_files USING (file_number) {join}
        ANTI JOIN unchanged USING (file_number, line)
        WHERE typed.rule IS NULL
    """


def touched_select(feed: Feed) -> str:
    """SELECT of what is good in each file: rows to append and unchanged ones, with the dates of both."""
    row_date = f"CAST(typed.{quote(feed.row_date)} AS DATE)"
    return f"""
        SELECT typed.file_number, {row_date} AS row_date, count(*) AS good, count(unchanged.line) AS unchanged
        FROM typed LEFT JOIN unchanged USING (file_number, line) WHERE typed.rule IS NULL GROUP BY 1, 2
    """
