"""A corpus of broken files: what each costs, to the row, and what is said about it."""

from __future__ import annotations

import codecs
import gzip
from dataclasses import dataclass

import pytest

from pipelines.contracts.feeds import feeds

HEADER = ",".join(feeds()["storefront"].columns)
GOOD = "2026-10-01,m1,9,20,3,2,2"
LAST = "2026-10-01,m2,9,20,3,2,2"
ACCEPTED, ASIDE = "accepted", "quarantined"


def storefront(*rows: str, header: str = HEADER, end: str = "\n") -> bytes:
    return (end.join([header, *rows]) + end).encode()


def with_bad(bad: str | bytes) -> bytes:
    """A file with a bad line between two good ones."""
    line = bad.encode() if isinstance(bad, str) else bad
    return HEADER.encode() + b"\n" + GOOD.encode() + b"\n" + line + b"\n" + LAST.encode() + b"\n"


@dataclass(frozen=True)
class Case:
    content: bytes
    status: str
    counts: tuple[int, int, int, int, int]  # read, accepted, unchanged, held, rejected
    message: str = ""
    rule: str = ""
    column: str = ""
    feed: str = "storefront"
    name: str = "2026-10-01.csv"


CASES = {
    # whole files
    "empty file": Case(b"", ASIDE, (0, 0, 0, 0, 0), "storefront/2026-10-01.csv: is empty: not even a header"),
    "header alone": Case(storefront(), ACCEPTED, (0, 0, 0, 0, 0)),
    "header without line end": Case(HEADER.encode(), ACCEPTED, (0, 0, 0, 0, 0)),
    "missing column": Case(
        storefront("2026-10-01,m1,9,20,3,2", header=HEADER.removesuffix(",buyers")),
        ASIDE, (1, 0, 0, 0, 1), "column 'buyers' missing; add column 'buyers'",
    ),
    "renamed column": Case(
        storefront(GOOD, header=HEADER.replace("page_views", "Page View")),
        ASIDE, (1, 0, 0, 0, 1), "column 'page_views' missing; rename 'Page View' to 'page_views'",
    ),
    "column twice": Case(
        storefront(GOOD + ",1", header=HEADER + ",orders"),
        ASIDE, (1, 0, 0, 0, 1), "column 'orders' stands twice in the header",
    ),
    "semicolons": Case(
        storefront(GOOD.replace(",", ";"), header=HEADER.replace(",", ";")),
        ASIDE, (1, 0, 0, 0, 1), "columns are divided by semicolons; write commas",
    ),
    "no header": Case(storefront(LAST, header=GOOD), ASIDE, (1, 0, 0, 0, 1), "column"),
    "UTF-16": Case(
        storefront(GOOD).decode().encode("utf-16"), ASIDE, (0, 0, 0, 0, 0), "is UTF-16; save it as CSV in UTF-8"
    ),
    "a spreadsheet": Case(b"PK\x03\x04rest", ASIDE, (0, 0, 0, 0, 0), "is a ZIP or Excel file"),
    "cut gzip": Case(
        gzip.compress(storefront(*[GOOD] * 50))[:-20], ASIDE, (0, 0, 0, 0, 0), "cannot be opened or unpacked",
        name="2026-10-01.csv.gz",
    ),
    "no gzip at all": Case(
        storefront(GOOD), ASIDE, (0, 0, 0, 0, 0), "cannot be opened or unpacked", name="2026-10-01.csv.gz"
    ),
    "not Parquet": Case(
        storefront(GOOD), ASIDE, (0, 0, 0, 0, 0), "is not a readable Parquet file", name="2026-10-01.parquet"
    ),
    "name without a day": Case(
        storefront(GOOD), ASIDE, (1, 0, 0, 0, 1), "storefront/1 October.csv: the name does not begin",
        name="1 October.csv",
    ),
    "a day that does not exist": Case(
        storefront(GOOD), ASIDE, (1, 0, 0, 0, 1), "rename it to YYYY-MM-DD.csv", name="2026-02-30.csv"
    ),
    # unusual, and right
    "byte order mark and CRLF": Case(
        codecs.BOM_UTF8 + storefront(GOOD, LAST, end="\r\n"), ACCEPTED, (2, 2, 0, 0, 0)
    ),
    "CR alone": Case(storefront(GOOD, LAST, end="\r"), ACCEPTED, (2, 2, 0, 0, 0)),
    "no line end at the end": Case(storefront(GOOD, LAST).rstrip(), ACCEPTED, (2, 2, 0, 0, 0)),
    "blank lines": Case(with_bad("").replace(b"\n\n", b"\n\n\r\n"), ACCEPTED, (2, 2, 0, 0, 0)),
    "columns in another order, and one more": Case(
        b"buyers,merchant_id,filename,date,visitors,page_views,carts,orders\n2,m1,evil,2026-10-01,9,20,3,2\n",
        ACCEPTED, (1, 1, 0, 0, 0),
    ),
    "quoted line end": Case(
        b'review_id,date,merchant_id,sku_id,rating,text,language\nr1,2026-10-01,m1,,5,"two\nlines, ""quoted""",en\n',
        ACCEPTED, (1, 1, 0, 0, 0), feed="reviews",
    ),
    # single rows
    "Latin-1": Case(
        with_bad("2026-10-01,mü,1,1,1,1,1".encode("latin-1")), ACCEPTED, (3, 2, 0, 0, 1), "not_utf8", "not_utf8"
    ),
    "open quote": Case(with_bad('2026-10-01,"m3,1,1,1,1,1'), ACCEPTED, (3, 2, 0, 0, 1), "open_quote", "open_quote"),
    "two open quotes": Case(
        with_bad('2026-10-01,"m3,1,1,1,1,1\n2026-10-01,"m4,1,1,1,1,1'), ACCEPTED, (4, 2, 0, 0, 2), rule="open_quote"
    ),
    "text after a quote": Case(with_bad('2026-10-01,"m3"x,1,1,1,1,1'), ACCEPTED, (3, 2, 0, 0, 1), "quoting", "quoting"),
    "NUL": Case(with_bad(b"2026-10-01,m\x003,1,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), "nul", "nul"),
    "a field over 64 KiB": Case(
        with_bad("2026-10-01," + "m" * 70_000 + ",1,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), "too_long", "too_long"
    ),
    "a field of 3 MB": Case(
        with_bad("2026-10-01," + "m" * 3_000_000 + ",1,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), "too_long", "too_long"
    ),
    "too few fields": Case(with_bad("2026-10-01,m3,1"), ACCEPTED, (3, 2, 0, 0, 1), rule="fields: 3 instead of 7"),
    "too many fields": Case(with_bad(GOOD + ",8"), ACCEPTED, (3, 2, 0, 0, 1), rule="fields: 8 instead of 7"),
    "too few and too many": Case(
        with_bad(GOOD + ",8\n2026-10-01,m3,1,1,1,1"), ACCEPTED, (4, 2, 0, 0, 2), rule="fields: 8 instead of 7"
    ),
    "a word for a number": Case(
        with_bad("2026-10-01,m3,many,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), "column 'visitors': not_a_number",
        "not_a_number", "visitors",
    ),
    "thousands separator": Case(
        with_bad('2026-10-01,m3,"1,000",1,1,1,1'), ACCEPTED, (3, 2, 0, 0, 1), rule="not_a_number"
    ),
    "a fraction of a visitor": Case(with_bad("2026-10-01,m3,1.5,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), rule="not_whole"),
    "negative": Case(with_bad("2026-10-01,m3,-1,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), rule="negative"),
    "infinite": Case(with_bad("2026-10-01,m3,inf,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), rule="not_finite"),
    "a part above its whole": Case(
        with_bad("2026-10-01,m3,1,1,1,2,3"), ACCEPTED, (3, 2, 0, 0, 1), rule="buyers above orders", column="buyers"
    ),
    "no date": Case(with_bad(",m3,1,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), rule="missing", column="date"),
    "German date": Case(with_bad("01.10.2026,m3,1,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), rule="not_a_date"),
    "a date beyond all calendars": Case(
        with_bad("99999-10-01,m3,1,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), rule="not_a_date"
    ),
    "a day not over yet": Case(
        with_bad("2026-10-02,m3,1,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), rule="after its own delivery"
    ),
    "91 days late": Case(
        with_bad("2026-07-02,m3,1,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), rule="more than 90 days before delivery"
    ),
    "90 days late": Case(with_bad("2026-07-03,m3,1,1,1,1,1"), ACCEPTED, (3, 3, 0, 0, 0)),
    "no merchant": Case(
        with_bad("2026-10-01,,1,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), rule="missing", column="merchant_id"
    ),
    "an id of 129 characters": Case(
        with_bad("2026-10-01," + "é" * 129 + ",1,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), rule="longer than 128 characters"
    ),
    "an id of 128 characters": Case(with_bad("2026-10-01," + "é" * 128 + ",1,1,1,1,1"), ACCEPTED, (3, 2, 0, 1, 0)),
    "the same row twice": Case(with_bad(GOOD), ACCEPTED, (3, 2, 1, 0, 0)),
    "a key with two values": Case(
        with_bad("2026-10-01,m1,8,20,3,2,2"), ACCEPTED, (3, 1, 0, 0, 2), rule="duplicate key with another value"
    ),
    "unknown merchant": Case(with_bad("2026-10-01,m99,1,1,1,1,1"), ACCEPTED, (3, 2, 0, 1, 0)),
    "unknown and not known values": Case(with_bad("2026-10-01,m3,,,,,"), ACCEPTED, (3, 3, 0, 0, 0)),
    "rating of 6": Case(
        b"review_id,date,merchant_id,sku_id,rating,text,language\nr1,2026-10-01,m1,,6,,\n",
        ACCEPTED, (1, 0, 0, 0, 1), rule="above 5", feed="reviews",
    ),
    "a score beyond its kind": Case(
        b"response_id,date,merchant_id,kind,score,touchpoint,channel,text\ns1,2026-10-01,m1,csat,9,,,\n"
        b"s2,2026-10-01,m1,nps,9,,,\n",
        ACCEPTED, (2, 1, 0, 0, 1), rule="outside 1 to 5 for csat", feed="surveys",
    ),
    "a word that is not one of the contract": Case(
        (",".join(feeds()["merchants"].columns) + "\nx1,,,,,asleep,,,,,\n").encode(),
        ACCEPTED, (1, 0, 0, 0, 1), rule="not one of open, suspended, closed", feed="merchants",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_a_broken_file_costs(landing, case):
    landing.write(case.feed, case.name, b"")
    path = landing.workspace.landing / case.feed / case.name
    path.write_bytes(case.content)
    landing.ingest()
    entry = landing.entry(case.feed, case.name)
    assert (entry.status, (entry.read, entry.accepted, entry.unchanged, entry.held, entry.rejected)) == (
        case.status, case.counts,
    ), entry.message  # fmt: skip
    assert entry.balanced
    assert case.message in entry.message
    assert bool(entry.message) == (entry.status == ASIDE or entry.rejected > 0)
    good = landing.workspace.lake.read(case.feed, ["line"], where=f"file = '{case.name}'")
    assert good.num_rows == entry.accepted
    rejected = landing.rows("rejected_rows", "rule", "column", "line", "raw")
    if case.status == ACCEPTED:
        assert len(rejected) == entry.rejected
        assert all(raw for *_, raw in rejected)
    if case.rule:
        assert case.rule in {rule for rule, *_ in rejected}
    if case.column:
        assert case.column in {column for _, column, *_ in rejected}


def bad_file(merchants: int, bad_each: int, good: int) -> bytes:
    bad = [
        f"2026-10-01,m{number},-1,1,1,1,{item % 1}" for number in range(1, merchants + 1) for item in range(bad_each)
    ]
    days = [f"2026-{month:02d}-{day:02d}" for month in (8, 9) for day in range(1, 31)]
    rows = [f"{days[number % 60]},m{number // 60 + 1},1,1,1,1,1" for number in range(good)]
    return storefront(*bad, *rows)


def test_a_file_with_more_than_a_hundredth_bad_rows_of_five_merchants_is_put_aside_whole(landing):
    landing.write("storefront", "2026-10-01.csv", bad_file(merchants=5, bad_each=1, good=300))
    landing.ingest()
    entry = landing.entry("storefront", "2026-10-01.csv")
    assert (entry.status, entry.read, entry.rejected, entry.accepted) == (ASIDE, 305, 305, 0)
    assert entry.message == (
        "storefront/2026-10-01.csv: 5 of 305 rows from 5 merchants break the contract, more than 1%; most often "
        "column 'visitors': negative (5 times, first in line 2); mend the export and deliver the file again"
    )
    assert landing.rows("storefront", "date") == []
    assert len(landing.rows("rejected_rows", "line")) == 5


def test_bad_rows_of_four_merchants_are_their_own_mistake(landing):
    landing.write("storefront", "2026-10-01.csv", bad_file(merchants=4, bad_each=10, good=300))
    landing.ingest()
    entry = landing.entry("storefront", "2026-10-01.csv")
    assert (entry.status, entry.read, entry.accepted, entry.rejected) == (ACCEPTED, 340, 300, 40)


def test_a_file_within_the_share_is_read(landing):
    landing.write("storefront", "2026-10-01.csv", bad_file(merchants=3, bad_each=1, good=300))
    landing.ingest()
    assert landing.entry("storefront", "2026-10-01.csv").status == ACCEPTED


@pytest.mark.parametrize(
    "identifier",
    ["'; DROP TABLE sales; --", "../../etc/passwd", "=1+1", "<script>alert(1)</script>", "007", " m ", "商家"],
)
def test_hostile_ids_stay_what_they_are(landing, identifier):
    landing.csv("merchants", "2026-09-02.csv", f'"{identifier}",,,,,,,,,,')
    landing.csv("storefront", "2026-10-01.csv", f'2026-10-01,"{identifier}",1,1,1,1,1')
    landing.ingest()
    assert landing.rows("storefront", "merchant_id") == [(identifier,)]


@pytest.mark.parametrize(
    ("types", "value", "message"),
    [
        ({"date": "int64"}, 20261001, "column 'date' holds int64; expected: a date such as 2026-10-31"),
        ({"merchant_id": "float64"}, 7.0, "column 'merchant_id' holds double; expected: text"),
        ({"visitors": "list"}, [1], "column 'visitors' holds list<element: int64>; expected: whole numbers"),
        ({"date": "zoned"}, None, "write platform time, without a zone"),
    ],
)
def test_parquet_of_another_type_is_put_aside(landing, types, value, message):
    import pyarrow as pa

    kinds = {
        "int64": pa.int64(),
        "float64": pa.float64(),
        "list": pa.list_(pa.int64()),
        "zoned": pa.timestamp("us", "UTC"),
    }
    name = next(iter(types))
    landing.parquet("storefront", "2026-10-01.parquet", [{name: value}], **{name: kinds[types[name]]})
    landing.ingest()
    entry = landing.entry("storefront", "2026-10-01.parquet")
    assert entry.status == ASIDE
    assert message in entry.message


def test_a_cut_parquet_file_is_put_aside(landing):
    path = landing.parquet("storefront", "2026-10-01.parquet", [])
    path.write_bytes(path.read_bytes()[:-30])
    landing.ingest()
    assert "is not a readable Parquet file" in landing.entry("storefront", "2026-10-01.parquet").message


def test_one_broken_file_does_not_cost_its_neighbours(landing):
    for day in range(1, 6):
        landing.csv("storefront", f"2026-10-0{day}.csv", f"2026-10-0{day},m1,9,20,3,2,2")
    landing.write("storefront", "2026-10-06.csv", with_bad("2026-10-01,m3,1"))
    landing.write("storefront", "2026-10-07.csv", b"nonsense")
    report = landing.ingest().feeds["storefront"]
    assert (report.files, report.read, report.accepted, report.unchanged, report.rejected) == (7, 8, 6, 1, 1)
    assert report.quarantined == tuple(message for message in report.quarantined if "2026-10-07.csv" in message)
