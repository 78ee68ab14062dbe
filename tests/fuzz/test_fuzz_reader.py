"""Files changed at random: the reader never fails, every row is accounted for, and untouched rows all arrive."""

from __future__ import annotations

import gzip
import io
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.config import IngestSettings
from pipelines.contracts import batch, staging
from pipelines.contracts.candidates import Candidate, batches_of
from pipelines.contracts.careful import read_carefully
from pipelines.contracts.feeds import feeds
from pipelines.contracts.landing import landing_files
from pipelines.contracts.manifest import Manifest
from pipelines.contracts.staging import Delivery
from pipelines.engine import connect
from pipelines.lake import Lake

pytestmark = [pytest.mark.faults, pytest.mark.timeout(0)]

DAY = date(2026, 10, 1)
SETTINGS = IngestSettings(max_reject_share=1.0)  # no file is put aside for its share of bad rows: each row must answer
GOOD = [f"good-merchant-{number:03d}" for number in range(12)]
FILES_AT_ONCE = 24
STOREFRONT, REVIEWS = feeds()["storefront"], feeds()["reviews"]
PIECES = (
    b'"', b'""', b'","', b",", b",,,,", b"\n", b"\r", b"\r\n", b"\n\n", b"\x00", b"\xff", b"\xef\xbb\xbf",
    b"\xe4\xb8", b"\xc8\xd5", b"-1", b"1e400", b"NaN", b"inf", b"9" * 40, b"2026-02-29", b"9999-12-31", b"0001-01-01",
    b"epoch", b"=1+1", b"\x1b[2J", "\u2028\u202e".encode(), b"x" * 70_000, b"'; DROP TABLE typed; --", b"\\", b"#",
    b";", b"\t", b" ", b"1.5", b"true", b"NULL", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", "\N{GRINNING FACE}".encode(),
)  # fmt: skip


@dataclass
class Bench:
    """A landing folder, an engine and an empty lake, used for one input after the other."""

    home: Path
    connection: duckdb.DuckDBPyConnection

    def __post_init__(self) -> None:
        self.connection.execute("SET memory_limit = '1500MB'")
        self.connection.execute("SET threads = 1")
        self.connection.execute("SET preserve_insertion_order = true")
        batch.know_merchants(self.connection, pa.table({"merchant_id": GOOD}), 2)

    def candidates(self, name: str, files: dict[str, bytes]) -> list[Candidate]:
        """Look at files that have just landed."""
        folder = self.home / name
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        for file, data in files.items():
            (folder / file).write_bytes(data)
        work = Manifest(Lake(str(self.home / "lake")), name).work(landing_files(self.home, name), None)
        return [one for group in batches_of(feeds()[name], work, 10_000) for one in group]

    def judge(self, name: str, candidates: list[Candidate]) -> batch.BatchResult:
        """Decide on every row of the files that can be read."""
        readable = [one for one in candidates if not one.problem]
        deliveries = [Delivery(one.work, one.look, number) for number, one in enumerate(readable)]
        lake = Lake(str(self.home / "lake"))
        return batch.judge(self.connection, lake, name, feeds()[name], deliveries, SETTINGS, 2)

    def accepted(self, name: str) -> list[tuple[object, ...]]:
        """Rows that the batch brings."""
        table = batch.accepted_rows(self.connection, feeds()[name]).read_all()
        return [tuple(row.values()) for row in table.select(list(feeds()[name].columns)).to_pylist()]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """An empty bench."""
    return Bench(tmp_path, connect(own=True))


def good_row(number: int, merchant: str) -> tuple[object, ...]:
    return (DAY - timedelta(days=number), merchant, 10 + number, 20, None if number % 3 else 3, 2, 1)


def line(row: tuple[object, ...]) -> bytes:
    return ",".join("" if value is None else str(value) for value in row).encode()


def check_accounts(bench: Bench, name: str, result: batch.BatchResult, count) -> None:
    """Check that the counts of every file are those of its rows."""
    rejected = dict(bench.connection.execute("SELECT file_number, count(*) FROM rejected GROUP BY 1").fetchall())
    held = dict(bench.connection.execute("SELECT file_number, count(*) FROM held GROUP BY 1").fetchall())
    accepted = 0
    for number, entry in enumerate(result.entries):
        assert entry.balanced, entry
        assert entry.message.isprintable()
        count("rows", entry.read)
        count(entry.status)
        if entry.status == "accepted":
            assert (entry.rejected, entry.held) == (rejected.get(number, 0), held.get(number, 0)), entry
            accepted += entry.accepted
    assert accepted == len(bench.accepted(name))


def test_rows_beside_mutated_ones_all_arrive(budget, mutate, bench):
    header = ",".join(STOREFRONT.columns).encode()
    pieces = tuple(piece for piece in PIECES if b'"' not in piece)  # a quote may rightly swallow lines
    for random in budget:
        files, expected = {}, set()
        for file in range(FILES_AT_ONCE):
            lines = []
            for number in range(random.randrange(1, 8)):
                row = good_row(number, GOOD[(file + number) % len(GOOD)])
                row = (row[0], row[1], row[2] + 1000 * file, *row[3:])
                if (row[0], row[1]) not in {(kept[0], kept[1]) for kept in expected}:
                    expected.add(row)
                    lines.append(line(row))
                victim = line(good_row(random.randrange(95), f"victim-{number}"))
                lines.append(mutate(victim, random, pieces).replace(b'"', b"'"))
            end = random.choice((b"\n", b"\r\n"))
            data = random.choice((b"", b"\xef\xbb\xbf")) + end.join([header, *lines]) + random.choice((end, b""))
            packed = random.random() < 0.3
            files[f"2026-10-01-{file}.csv{'.gz' if packed else ''}"] = gzip.compress(data, 1) if packed else data
        candidates = bench.candidates("storefront", files)
        assert [one.problem for one in candidates] == [""] * len(files), files
        result = bench.judge("storefront", candidates)
        check_accounts(bench, "storefront", result, budget.count)
        arrived = bench.accepted("storefront")
        assert expected <= set(arrived), (expected - set(arrived), files)
        budget.count("good rows", len(expected))
        budget.inputs += FILES_AT_ONCE - 1


def by_engine(bench: Bench, one: Candidate) -> list[tuple[object, ...]] | None:
    """Rows as the engine reads them; None where its reading is not used (see staging.py)."""
    sql = (Path(staging.__file__).parent / "read_csv.sql").read_text(encoding="utf-8")
    columns = dict.fromkeys(staging.names_in_order(REVIEWS, one.look.columns), "VARCHAR")
    delivery = Delivery(one.work, one.look, 0)
    staging._register(bench.connection, [delivery])
    bench.connection.execute("UPDATE batch_files SET rows_before = 0")
    named = ", ".join(f'"{name}"' for name in columns)
    try:
        rows = bench.connection.execute(
            f"SELECT line, {named} FROM ({sql}) ORDER BY line", {"paths": [str(one.work.file.path)], "columns": columns}
        ).fetchall()
    except duckdb.Error:
        return None
    return rows if len(rows) == one.look.records else None


def by_record(one: Candidate) -> tuple[list[tuple[object, ...]], int]:
    """Rows as the careful reader reads them, and how many it rejects."""
    columns = staging.names_in_order(REVIEWS, one.look.columns)
    rows, rejected = [], 0
    for table, bad in read_carefully(one.work.file.path, columns, one.look.cr_ends):
        rows += list(zip(*(column.to_pylist() for column in table.columns), strict=True))
        rejected += len(bad)
    return rows, rejected


def review_file(random) -> bytes:
    texts = ("good", ' "blanks around" ', '"quoted, ""twice"""', '"two\nlines"', "", "很好", '"a\r\nb"', "=1+1", "it's")
    lines = [
        f"r{number},{DAY},{GOOD[number % 12]},,{number % 5 + 1},{random.choice(texts)},en".encode()
        for number in range(random.randrange(0, 9))
    ]
    return b"\n".join([",".join(REVIEWS.columns).encode(), *lines]) + b"\n"


def test_bytes_changed_anywhere_are_read_alike_by_both_readers(budget, mutate, bench):
    for random in budget:
        data = review_file(random)
        if random.random() < 0.7:
            at = data.index(b"\n") + 1
            data = data[:at] + mutate(data[at:], random, PIECES)
        else:
            data = mutate(data, random, PIECES)
        name = "2026-10-01.csv"
        if random.random() < 0.25:
            data, name = gzip.compress(data, 1), name + ".gz"
            data = mutate(data, random, PIECES) if random.random() < 0.5 else data
        (one,) = bench.candidates("reviews", {name: data})
        assert one.problem.isprintable() or "\n" not in one.problem
        if one.problem:
            budget.count("put aside unread")
            continue
        rows, rejected = by_record(one)
        budget.count("rows", len(rows) + rejected)
        if not one.look.careful:
            read = by_engine(bench, one)
            assert read is None or (read == rows and not rejected), (read, rows, rejected, data)
            budget.count("read by both" if read is not None else "refused by the engine")
        if budget.inputs % 20 == 0:
            result = bench.judge("reviews", [one])
            check_accounts(bench, "reviews", result, budget.count)
            assert result.entries[0].read == len(rows) + rejected, data


def parquet_files() -> list[bytes]:
    rows = [good_row(number + 1, GOOD[number % 12]) for number in range(60)]
    columns = dict(zip(STOREFRONT.columns, map(list, zip(*rows, strict=True)), strict=True))
    plain = pa.table(columns)
    texts = pa.table({**columns, "visitors": [str(value) for value in columns["visitors"]], "carts": [2.5] * 60})
    codes = pa.table({**columns, "merchant_id": pa.array(columns["merchant_id"]).dictionary_encode()})
    made = []
    for table in (plain, texts, codes):
        for packing in ("snappy", "none", "zstd", "gzip"):
            buffer = io.BytesIO()
            pq.write_table(table, buffer, compression=packing, row_group_size=25, use_dictionary=table is not texts)
            made.append(buffer.getvalue())
    return made


def test_parquet_changed_anywhere_is_read_or_put_aside(budget, mutate, bench):
    whole = parquet_files()
    for random in budget:
        data = random.choice(whole)
        if random.random() < 0.5:  # the footer decides most
            cut = len(data) - random.randrange(1, len(data) // 2)
            data = data[:cut] + mutate(data[cut:], random, (*PIECES, b"\xff\xff\xff\x7f", b"\x00" * 8))
        else:
            data = mutate(data, random, (*PIECES, b"\xff\xff\xff\x7f", b"\x00" * 8))
        candidates = bench.candidates("storefront", {"2026-10-01.parquet": data, "2026-09-30.parquet": whole[0]})
        broken = next(one for one in candidates if one.work.file.name == "2026-10-01.parquet")
        if broken.problem:
            budget.count("put aside unread")
            if random.random() < 0.99:
                continue
        result = bench.judge("storefront", candidates)
        check_accounts(bench, "storefront", result, budget.count)
        neighbour = next(entry for entry in result.entries if entry.file == "2026-09-30.parquet")
        assert neighbour.status == "accepted"
        assert neighbour.read == neighbour.accepted + neighbour.unchanged == 60, neighbour
        budget.count("good rows", 60)
