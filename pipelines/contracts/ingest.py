"""From the landing folder into the lake: read what is new, account for every row, keep every version.

The idea: reading is idempotent. The manifest names every file by its content; a file is announced before its rows are
written and closed after, so the same file twice changes nothing and a killed run is mended by the next one.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines.contracts import batch
from pipelines.contracts.feeds import Feed
from pipelines.contracts.feeds import feeds as feeds_of_contract
from pipelines.contracts.header import header_problem
from pipelines.contracts.landing import LandingFile, landing_files, newest_delivery
from pipelines.contracts.look import Look, look_at
from pipelines.contracts.manifest import Entry, Manifest, Work, quoted
from pipelines.contracts.report import FeedReport, IngestReport
from pipelines.contracts.staging import Delivery
from pipelines.lake import Lake
from pipelines.views import connect, open_views
from pipelines.workspace import Workspace

Progress = Callable[[str, int, int], None]
HERE = Path(__file__).parent
PARTITION_BY = ["known_month"]
MEMORY_LIMIT = "1500MB"
DELIVERY = re.compile(r"#\d+$")


def ingest(
    workspace: Workspace,
    feeds: Iterable[str] | None = None,
    until: date | None = None,
    progress: Progress | None = None,
) -> IngestReport:
    """Read what is new in the landing folder into the lake.

    Parameters
    ----------
    feeds
        Only these feeds; all by default. `merchants` comes first, because rows of unknown merchants are held.
    until
        Files delivered after this day are left for later.
    progress
        Called with feed, files done and files to do.

    Raises
    ------
    KeyError
        For a feed that the contract does not know.
    """
    contract = feeds_of_contract()
    wanted = set(feeds) if feeds is not None else set(contract)
    if unknown := sorted(wanted - set(contract)):
        raise KeyError(f"no such feed: {', '.join(unknown)}; the contract knows {', '.join(contract)}")
    today = newest_delivery(workspace.landing, list(contract), until)
    reports = {}
    with tempfile.TemporaryDirectory(prefix="ingest-") as spill:
        for name in contract:
            if name in wanted:
                reports[name] = _FeedReader(workspace, name, contract[name], spill, progress).read(until, today)
    return IngestReport(reports)


@dataclass
class _FeedReader:
    """Reads one feed, batch by batch."""

    workspace: Workspace
    name: str
    feed: Feed
    spill: str
    progress: Progress | None

    @property
    def lake(self) -> Lake:
        return self.workspace.lake

    def read(self, until: date | None, today: date | None) -> FeedReport:
        report = FeedReport(self.name)
        files = landing_files(self.workspace.landing, self.name, until)
        if not files:
            return report
        manifest = Manifest(self.lake, self.name)
        work = manifest.work(files, today)
        work += manifest.again(files, self._with_rows_to_replay() - {item.file.name for item in work})
        report = self._read_all(manifest, work, report)
        names = _to_compare_again(self.feed, manifest, {item.file.name for item in work})
        return self._read_all(manifest, manifest.again(files, names), report)

    def _with_rows_to_replay(self) -> set[str]:
        """Files with held rows of merchants that have appeared since."""
        if not self.feed.by_merchant or not self.lake.exists("held_rows"):
            return set()
        with open_views(self.lake, ["held_rows", "merchants"]) as connection:
            sql = (HERE / "replay.sql").read_text(encoding="utf-8")
            found = connection.execute(sql, {"feed": self.name}).fetchall()
        return {DELIVERY.sub("", file) for (file,) in found}

    def _read_all(self, manifest: Manifest, work: list[Work], report: FeedReport) -> FeedReport:
        if not work:
            return report
        _clear_traces(self.lake, manifest, work)
        order = sorted(work, key=lambda item: (item.entry.known_on or date.min, item.entry.label))
        with connect() as connection:
            connection.execute("SET memory_limit = $limit", {"limit": MEMORY_LIMIT})
            connection.execute("SET temp_directory = $spill", {"spill": self.spill})
            connection.execute("SET preserve_insertion_order = true")
            if self.name != "merchants":
                batch.know_merchants(connection, _merchants(self.lake), self.workspace.config.buckets)
            for group in _batches(self.feed, order, self.workspace.config.ingest.batch_rows):
                report = self._read_batch(connection, manifest, group, report)
                if self.progress:
                    self.progress(self.name, report.files, len(order))
        return report

    def _read_batch(
        self,
        connection: duckdb.DuckDBPyConnection,
        manifest: Manifest,
        group: list[tuple[Work, Look, str]],
        report: FeedReport,
    ) -> FeedReport:
        aside = [batch.quarantined(work.entry, problem, look.records) for work, look, problem in group if problem]
        readable = [(work, look) for work, look, problem in group if not problem]
        if aside:
            manifest.write(aside)
            report = report.with_batch(aside)
        if not readable:
            return report
        manifest.write(work.entry for work, _ in readable)
        deliveries = [Delivery(work, look, number) for number, (work, look) in enumerate(readable)]
        config = self.workspace.config
        result = batch.judge(connection, self.lake, self.name, self.feed, deliveries, config.ingest, config.buckets)
        self._write(connection, result)
        manifest.write(result.entries)
        return report.with_batch(result.entries, result.dates)

    def _write(self, connection: duckdb.DuckDBPyConnection, result: batch.BatchResult) -> None:
        if result.rows("accepted"):
            self.lake.append(self.name, batch.accepted_rows(connection, self.feed), partition_by=PARTITION_BY)
        rejected = batch.rejected_rows(connection, self.name)
        if rejected.num_rows:
            self.lake.append("rejected_rows", rejected)
        if result.rows("held"):
            self.lake.append("held_rows", batch.held_rows(connection, self.name))


def _merchants(lake: Lake) -> pa.Table:
    return lake.read("merchants", ["merchant_id"]).group_by("merchant_id").aggregate([])


def _clear_traces(lake: Lake, manifest: Manifest, work: list[Work]) -> None:
    """Remove what an earlier reading of these files left, after announcing that they are read again."""
    again = [item for item in work if item.seen_before]
    corrected = [
        manifest.newest[item.file.name].label for item in work if item.entry.delivery > 1 and not item.seen_before
    ]
    if again:
        manifest.write(item.entry for item in again)
        labels = _in([item.entry.label for item in again])
        lake.delete(manifest.feed, f"file IN ({labels})")
        lake.delete("rejected_rows", f"feed = '{manifest.feed}' AND file IN ({labels})")
    if again or corrected:
        # A corrected file brings its rows of unknown merchants anew.
        labels = _in([item.entry.label for item in again] + corrected)
        lake.delete("held_rows", f"feed = '{manifest.feed}' AND file IN ({labels})")


def _in(labels: list[str]) -> str:
    return ", ".join(quoted(label) for label in labels)


def _batches(feed: Feed, work: Iterable[Work], most_rows: int) -> Iterator[list[tuple[Work, Look, str]]]:
    """Cut files into batches of at most so many rows, looking at each file just before it is needed."""
    group: list[tuple[Work, Look, str]] = []
    rows = 0
    for item in work:
        look = look_at(item.file)
        problem = item.file.problem or look.problem or header_problem(feed, look)
        if group and rows + look.records > most_rows:
            yield group
            group, rows = [], 0
        group.append((item, look, _without_name(item.file, problem)))
        rows += look.records
    if group:
        yield group


def _without_name(file: LandingFile, problem: str) -> str:
    return problem.removeprefix(f"{file.feed}/{file.name}: ")


def _to_compare_again(feed: Feed, manifest: Manifest, just_read: set[str]) -> set[str]:
    """Files read before whose rows may follow another version now that an earlier file came late."""
    late = [entry for name, entry in manifest.newest.items() if name in just_read and entry.accepted]
    return {
        name
        for name, entry in manifest.newest.items()
        if name not in just_read
        and entry.status == "accepted"
        and any(_comes_between(feed, new, entry) for new in late)
    }


def _comes_between(feed: Feed, new: Entry, old: Entry) -> bool:
    """Whether rows of `new` may have become known before rows of `old` with the same keys."""
    if new.first_on is None or new.last_on is None or old.first_on is None or old.last_on is None:
        return True
    maturity = timedelta(days=feed.maturity_days)
    order_of_new = (new.known_on or new.first_on + maturity, new.label)
    order_of_old = (old.known_on or old.last_on + maturity, old.label)
    known_before = order_of_new < order_of_old
    return known_before and (not feed.dated or (new.first_on <= old.last_on and old.first_on <= new.last_on))
