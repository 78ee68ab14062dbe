"""A corpus of broken files: what each costs, to the row, and what is said about it."""

from __future__ import annotations

import codecs
import gzip
from dataclasses import dataclass, replace

import pytest

from pipelines.contracts.feeds import feeds
from pipelines.contracts.manifest import quoted
from pipelines.contracts.wording import visible

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

    def of(self, day: str) -> Case:
        """The same case with its good rows on another day."""
        return replace(self, content=self.content.replace(b"2026-10-01", day.encode()))


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
        storefront(GOOD).decode().encode("utf-16"), ASIDE, (0, 0, 0, 0, 0), "is UTF-16 or UTF-32; save it as CSV in UTF"
    ),
    "UTF-16 without a mark": Case(
        storefront(GOOD).decode().encode("utf-16-le"), ASIDE, (2, 0, 0, 0, 2), "is not UTF-8 (its header holds NUL"
    ),
    "GBK in the header": Case(
        storefront("备注," + GOOD, header="备注," + HEADER).decode().encode("gbk"),
        ASIDE, (1, 0, 0, 0, 1), "write the column names in UTF-8",
    ),
    "header in capitals": Case(
        storefront(GOOD, header=HEADER.upper()), ASIDE, (1, 0, 0, 0, 1), "rename 'VISITORS' to 'visitors'"
    ),
    "header with spaces": Case(
        storefront(GOOD, header=HEADER.replace(",", ", ")), ASIDE, (1, 0, 0, 0, 1), "rename ' buyers' to 'buyers'"
    ),
    "columns without a name": Case(
        storefront(GOOD + ",,", header=HEADER + ",,"), ASIDE, (1, 0, 0, 0, 1), "two columns have no name; take out"
    ),
    "3,000 columns": Case(
        storefront(GOOD + ",1" * 3000, header=HEADER + "".join(f",x{number}" for number in range(3000))),
        ASIDE, (1, 0, 0, 0, 1), "has 3007 columns; leave out those that the contract does not name",
    ),
    "a terminal escape in the header": Case(
        storefront(GOOD, header=HEADER.replace("carts", "\x1b[2Jcarts")),
        ASIDE, (1, 0, 0, 0, 1), "rename '\\x1b[2Jcarts' to 'carts'",
    ),
    "a column name of 200,000 characters": Case(
        storefront(GOOD, header=HEADER.replace("carts", "carts" * 40_000)), ASIDE, (1, 0, 0, 0, 1), "'carts' missing"
    ),
    "missing column in lines that end with CR": Case(
        storefront("2026-10-01,m1,9,20,3,2", header=HEADER.removesuffix(",buyers"), end="\r"),
        ASIDE, (1, 0, 0, 0, 1), "column 'buyers' missing; add column 'buyers'",
    ),
    "a file of another feed": Case(
        storefront(GOOD), ASIDE, (1, 0, 0, 0, 1), "the columns are those of 'storefront': is landing/storefront meant?",
        feed="sales",
    ),
    "Parquet named CSV": Case(b"PAR1\x15\x04", ASIDE, (0, 0, 0, 0, 0), "is a Parquet file; name it .parquet"),
    "gzip named CSV": Case(gzip.compress(storefront(GOOD)), ASIDE, (0, 0, 0, 0, 0), "is a gzip file; name it .csv.gz"),
    "empty inside gzip": Case(gzip.compress(b""), ASIDE, (0, 0, 0, 0, 0), "is empty", name="2026-10-01.csv.gz"),
    "rubbish after gzip": Case(
        gzip.compress(storefront(GOOD)) + b"rubbish", ASIDE, (0, 0, 0, 0, 0), "cannot be opened or unpacked",
        name="2026-10-01.csv.gz",
    ),
    "gzip with a wrong checksum": Case(
        gzip.compress(storefront(GOOD))[:-8] + b"\0" * 8, ASIDE, (0, 0, 0, 0, 0), "CRC check failed",
        name="2026-10-01.csv.gz",
    ),
    "empty Parquet": Case(b"", ASIDE, (0, 0, 0, 0, 0), "is not a readable Parquet file", name="2026-10-01.parquet"),
    "a name of the year 9999": Case(
        storefront(GOOD), ASIDE, (1, 0, 0, 0, 1), "does not begin with the day of delivery", name="9999-12-31.csv"
    ),
    "a terminal escape in the name": Case(
        b"", ASIDE, (0, 0, 0, 0, 0), "storefront/2026-10-01-\\x1b[2J.csv: is empty", name="2026-10-01-\x1b[2J.csv"
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
    "CR alone, and LF at the very end": Case(
        storefront(GOOD, LAST, end="\r").rstrip(b"\r") + b"\n", ACCEPTED, (2, 2, 0, 0, 0)
    ),
    "header in quotes": Case(
        storefront(GOOD, header=HEADER.replace(",", '","').join('""')), ACCEPTED, (1, 1, 0, 0, 0)
    ),
    "a nameless column at the end": Case(storefront(GOOD + ",", header=HEADER + ","), ACCEPTED, (1, 1, 0, 0, 0)),
    "gzip in two members, with a byte order mark": Case(
        gzip.compress(codecs.BOM_UTF8 + storefront(GOOD)) + gzip.compress(LAST.encode()), ACCEPTED, (2, 2, 0, 0, 0),
        name="2026-10-01.csv.gz",
    ),
    "a name that is a pattern": Case(storefront(GOOD), ACCEPTED, (1, 1, 0, 0, 0), name="2026-10-01-[a]*?'.csv"),
    "a name with a backslash and =": Case(storefront(GOOD), ACCEPTED, (1, 1, 0, 0, 0), name="2026-10-01-\\m=1.csv"),
    "a second delivery by its name": Case(storefront(GOOD), ACCEPTED, (1, 1, 0, 0, 0), name="2026-10-01-a#02.csv"),
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
    "GBK": Case(
        with_bad("2026-10-01,商家,1,1,1,1,1".encode("gbk")), ACCEPTED, (3, 2, 0, 0, 1), "save the file as UTF-8"
    ),
    "half a character": Case(with_bad(b"2026-10-01,m\xe4\xb8,1,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), rule="not_utf8"),
    "CR inside lines that end with LF": Case(
        with_bad("2026-10-01,m3,1,1,1,1,1\r2026-10-01,m4,1,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), "end lines with LF",
        "quoting",
    ),
    "open quote at the very end": Case(
        storefront(GOOD, LAST, '2026-10-01,m3,1,1,1,1,"1').rstrip(), ACCEPTED, (3, 2, 0, 0, 1), rule="open_quote"
    ),
    "300 lines in one quoted field": Case(
        b"review_id,date,merchant_id,sku_id,rating,text,language\nr1,2026-10-01,m1,,5,\"" + b"x\n" * 300
        + b"\",en\nr2,2026-10-01,m1,,5,good,en\n",
        ACCEPTED, (2, 2, 0, 0, 0), feed="reviews",
    ),
    "300 lines in one quoted field, and something unusual": Case(
        b"review_id,date,merchant_id,sku_id,rating,text,language\nr1,2026-10-01,m1,,5,\"" + b"x\n" * 300
        + b"\",en\nr2,2026-10-01,m1,,5\n",
        ACCEPTED, (2, 1, 0, 0, 1), rule="fields: 5 instead of 7", feed="reviews",
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
    "a line of 9 MB": Case(
        with_bad("2026-10-01," + "m" * 9_000_000 + ",1,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), "cut the text", "too_long"
    ),
    "a text of 64 KiB": Case(
        f"review_id,date,merchant_id,sku_id,rating,text,language\nr1,2026-10-01,m1,,5,{'x' * 65_536},en\n".encode(),
        ACCEPTED, (1, 1, 0, 0, 0), feed="reviews",
    ),
    "a text of a byte more": Case(
        f"review_id,date,merchant_id,sku_id,rating,text,language\nr1,2026-10-01,m1,,5,{'x' * 65_537},en\n".encode(),
        ACCEPTED, (1, 0, 0, 0, 1), rule="too_long", feed="reviews",
    ),
    "empty fields beyond the header": Case(with_bad("2026-10-01,m3,1,1,1,1,1,,"), ACCEPTED, (3, 3, 0, 0, 0)),
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
    "a fraction of a unit": Case(
        (",".join(feeds()["sales"].columns) + "\n2026-10-01,m1,a,1,2.5,3.5,2,1.75,0.5\n").encode(),
        ACCEPTED, (1, 1, 0, 0, 0), feed="sales",
    ),
    "more than all units on promotion": Case(
        (",".join(feeds()["sales"].columns) + "\n2026-10-01,m1,a,1,2.5,3.5,2,1.75,95\n").encode(),
        ACCEPTED, (1, 0, 0, 0, 1), "inside the range", "above 1", "on_promotion", feed="sales",
    ),
    "a million million visitors": Case(with_bad("2026-10-01,m3,1000000000000,1,1,1,1"), ACCEPTED, (3, 3, 0, 0, 0)),
    "more visitors than figures are exact": Case(
        with_bad("2026-10-01,m3,9007199254740993,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), "below 9e15", "not_whole"
    ),
    "1e400": Case(with_bad("2026-10-01,m3,1e400,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), rule="not_finite"),
    "NaN is unknown": Case(
        with_bad("2026-10-01,m3,NaN,nan,NAN,1,1"), ACCEPTED, (3, 3, 0, 0, 0)
    ),
    "NaN where a figure is required": Case(
        (",".join(feeds()["roster"].columns) + "\n2026-10-01,NaN,m1,1,1\n").encode(),
        ACCEPTED, (1, 0, 0, 0, 1), rule="missing", column="hour", feed="roster",
    ),
    "hexadecimal": Case(with_bad("2026-10-01,m3,0x10,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), rule="not_a_number"),
    "digits of another script": Case(
        with_bad("2026-10-01,m3,１２,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), rule="not_a_number"
    ),
    "a formula for a number": Case(
        with_bad("2026-10-01,m3,=1+1,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), rule="not_a_number"
    ),
    "minus nought": Case(with_bad("2026-10-01,m3,-0,1,1,1,1"), ACCEPTED, (3, 3, 0, 0, 0)),
    "negative": Case(with_bad("2026-10-01,m3,-1,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), rule="negative"),
    "infinite": Case(with_bad("2026-10-01,m3,inf,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), rule="not_finite"),
    "a part above its whole": Case(
        with_bad("2026-10-01,m3,1,1,1,2,3"), ACCEPTED, (3, 2, 0, 0, 1), rule="buyers above orders", column="buyers"
    ),
    "no date": Case(with_bad(",m3,1,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), rule="missing", column="date"),
    "German date": Case(with_bad("01.10.2026,m3,1,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), rule="not_a_date"),
    "the year 1": Case(with_bad("0001-01-01,m3,1,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), rule="not_a_date"),
    "the year 9999": Case(with_bad("9999-12-31,m3,1,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), rule="not_a_date"),
    "29 February of no leap year": Case(
        with_bad("2026-02-29,m3,1,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), rule="not_a_date", name="2026-03-01.csv"
    ).of("2026-02-28"),
    "29 February of a leap year": Case(
        with_bad("2024-02-29,m3,1,1,1,1,1"), ACCEPTED, (3, 3, 0, 0, 0), name="2024-03-01.csv"
    ).of("2024-02-28"),
    "29 February of 2100": Case(
        (",".join(feeds()["merchants"].columns) + "\nx1,,,,2100-02-29,,,,,,\n").encode(),
        ACCEPTED, (1, 0, 0, 0, 1), rule="not_a_date", column="opened_on", feed="merchants",
    ),
    "a word that an engine takes for a date": Case(
        (",".join(feeds()["merchants"].columns) + "\nx1,,,,epoch,,,,,,\nx2,,,,infinity,,,,,,\nx3,,,,1970-01-01,,,,,,\n"
         ).encode(), ACCEPTED, (3, 1, 0, 0, 2), rule="not_a_date", feed="merchants",
    ),
    "a date with a zone": Case(
        with_bad("2026-10-01T00:00:00Z,m3,1,1,1,1,1"), ACCEPTED, (3, 2, 0, 0, 1), "without a zone", "time_zone", "date"
    ),
    "a date with a time": Case(with_bad("2026-10-01 13:45:00,m3,1,1,1,1,1"), ACCEPTED, (3, 3, 0, 0, 0)),
    "times with and without a zone": Case(
        (",".join(feeds()["consultations"].columns) + "\n"
         "c1,2026-10-01 10:00:00+08,m1,pre_sale,,bot,1,2,\nc2,2026-10-01T10:00:00,m1,pre_sale,,bot,1,2,\n"
         "c3,2026-10-01 10:00:00 Asia/Shanghai,m1,pre_sale,,bot,1,2,\nc4,2026-10-01 10:00,m1,pre_sale,,bot,no,2,\n"
         ).encode(), ACCEPTED, (4, 2, 0, 0, 2), rule="time_zone", column="started_at", feed="consultations",
    ),
    "a flag that is neither": Case(
        (",".join(feeds()["plans"].columns) + "\n2026-10-01,m1,,2,,,\n").encode(),
        ACCEPTED, (1, 0, 0, 0, 1), "write true or false", "not_a_flag", "open", feed="plans",
    ),
    "a plan for more than 90 days ahead": Case(
        (",".join(feeds()["plans"].columns) + "\n2026-12-31,m1,,1,,,\n2026-12-30,m1,,1,,,\n").encode(),
        ACCEPTED, (2, 1, 0, 0, 1), rule="more than 90 days after delivery", column="date", feed="plans",
    ),
    "an event that ends before it starts": Case(
        (",".join(feeds()["events"].columns) + "\ne1,Sale,2026-11-11,2026-11-01,peak,\n").encode(),
        ACCEPTED, (1, 0, 0, 0, 1), rule="starts_on above ends_on", feed="events",
    ),
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
def test_what_a_broken_file_costs(ready, case):
    path = ready.workspace.landing / case.feed / case.name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(case.content)
    report = ready.ingest()
    entry = ready.entry(case.feed, case.name)
    assert (entry.status, (entry.read, entry.accepted, entry.unchanged, entry.held, entry.rejected)) == (
        case.status, case.counts,
    ), entry.message  # fmt: skip
    assert entry.balanced
    assert case.message in entry.message
    assert bool(entry.message) == (entry.status == ASIDE or entry.rejected > 0)
    assert [text.startswith(f"{case.feed}/{visible(case.name)}: ") for text in report.complaints] == [True] * bool(
        entry.message
    )
    assert all(text.isprintable() and ";" in text and len(text) < 1000 for text in report.complaints)
    good = ready.workspace.lake.read(case.feed, ["line"], where=f"file = {quoted(case.name)}")
    assert good.num_rows == entry.accepted
    rejected = ready.rows("rejected_rows", "rule", "column", "line", "raw")
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


def test_a_file_with_more_than_a_hundredth_bad_rows_of_five_merchants_is_put_aside_whole(ready):
    ready.write("storefront", "2026-10-01.csv", bad_file(merchants=5, bad_each=1, good=300))
    ready.ingest()
    entry = ready.entry("storefront", "2026-10-01.csv")
    assert (entry.status, entry.read, entry.rejected, entry.accepted) == (ASIDE, 305, 305, 0)
    assert entry.message == (
        "storefront/2026-10-01.csv: 5 of 305 rows from 5 merchants break the contract, more than 1%; most often "
        "column 'visitors': negative (5 times, first in line 2); write a figure inside the range, or leave "
        "unknown ones empty; mend the export and deliver the file again"
    )
    assert ready.rows("storefront", "date") == []
    assert len(ready.rows("rejected_rows", "line")) == 5


def test_bad_rows_of_four_merchants_are_their_own_mistake(ready):
    ready.write("storefront", "2026-10-01.csv", bad_file(merchants=4, bad_each=10, good=300))
    ready.ingest()
    entry = ready.entry("storefront", "2026-10-01.csv")
    assert (entry.status, entry.read, entry.accepted, entry.rejected) == (ACCEPTED, 340, 300, 40)


def test_a_file_within_the_share_is_read(ready):
    ready.write("storefront", "2026-10-01.csv", bad_file(merchants=3, bad_each=1, good=300))
    ready.ingest()
    assert ready.entry("storefront", "2026-10-01.csv").status == ACCEPTED


HOSTILE_IDS = [
    "'; DROP TABLE sales; --",
    "../../etc/passwd",
    "=1+1",
    "=cmd|'/c calc'!A1",
    "<script>alert(1)</script>",
    "007",
    " m ",
    "商家",
    "..",
    ".",
    "a/b",
    "a\\b",
    "😀",
    "\u202eabc\u200b",
    "\x1b[31mred",
    "tab\there",
    "line\nend",
    "a\rb",
    "CON",
    "%00",
    "NULL",
    "é" * 128,
]


def test_hostile_ids_stay_what_they_are(ready):
    ready.csv("merchants", "2026-09-02.csv", *(f'"{identifier}",,,,,,,,,,' for identifier in HOSTILE_IDS))
    rows = (f'2026-10-01,"{identifier}",{visitors},1,1,1,1' for visitors, identifier in enumerate(HOSTILE_IDS, 1))
    ready.csv("storefront", "2026-10-01.csv", *rows)
    ready.ingest()
    found = dict(ready.rows("storefront", "merchant_id", "visitors"))
    assert found == {identifier: visitors for visitors, identifier in enumerate(HOSTILE_IDS, 1)}


@pytest.mark.parametrize(
    ("types", "value", "message"),
    [
        ({"date": "int64"}, 20261001, "column 'date' holds int64; expected: a date such as 2026-10-31"),
        ({"merchant_id": "float64"}, 7.0, "column 'merchant_id' holds double; expected: text"),
        ({"visitors": "list"}, [1], "column 'visitors' holds list<element: int64>; expected: whole numbers"),
        ({"date": "zoned"}, None, "write platform time, without a zone"),
    ],
)
def test_parquet_of_another_type_is_put_aside(ready, types, value, message):
    import pyarrow as pa

    kinds = {
        "int64": pa.int64(),
        "float64": pa.float64(),
        "list": pa.list_(pa.int64()),
        "zoned": pa.timestamp("us", "UTC"),
    }
    name = next(iter(types))
    ready.parquet("storefront", "2026-10-01.parquet", [{name: value}], **{name: kinds[types[name]]})
    ready.ingest()
    entry = ready.entry("storefront", "2026-10-01.parquet")
    assert entry.status == ASIDE
    assert message in entry.message


def test_a_cut_parquet_file_is_put_aside(ready):
    path = ready.parquet("storefront", "2026-10-01.parquet", [])
    path.write_bytes(path.read_bytes()[:-30])
    ready.ingest()
    assert "is not a readable Parquet file" in ready.entry("storefront", "2026-10-01.parquet").message


def test_one_broken_file_does_not_cost_its_neighbours(ready):
    for day in range(1, 6):
        ready.csv("storefront", f"2026-10-0{day}.csv", f"2026-10-0{day},m1,9,20,3,2,2")
    ready.write("storefront", "2026-10-06.csv", with_bad("2026-10-01,m3,1"))
    ready.write("storefront", "2026-10-07.csv", b"nonsense")
    report = ready.ingest().feeds["storefront"]
    assert (report.files, report.read, report.accepted, report.unchanged, report.rejected) == (7, 8, 6, 1, 1)
    assert report.quarantined == tuple(message for message in report.quarantined if "2026-10-07.csv" in message)
