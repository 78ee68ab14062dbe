"""From the landing folder into the lake: read what is new, account for every row, keep every version.

The idea: reading is idempotent. The manifest names every file by its content; a file is announced before its rows are
written and closed after, so the same file twice changes nothing and a killed run is mended by the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import duckdb
import pyarrow as pa

from pipelines.contracts import batch
from pipelines.contracts.candidates import Candidate, batches_of
from pipelines.contracts.feeds import Feed
from pipelines.contracts.feeds import feeds as feeds_of_contract
from pipelines.contracts.landing import LandingFile, landing_files, newest_delivery, strangers
from pipelines.contracts.late import files_with_rows_to_replay, to_compare_again
from pipelines.contracts.manifest import Manifest, Work, announce, quoted, read_manifests
from pipelines.contracts.report import FeedReport, IngestReport
from pipelines.contracts.staging import Delivery
from pipelines.contracts.wording import visible
from pipelines.engine import connect
from pipelines.lake import Lake
from pipelines.locks import INGEST, INGEST_SECONDS, held
from pipelines.scratch import scratch
from pipelines.workspace import Workspace

Progress = Callable[[str, int, int], None]
PARTITION_BY = ["known_month"]
MEMORY_LIMIT = "1500MB"
MERCHANTS = "merchants"


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
    with held(workspace, INGEST, INGEST_SECONDS, "another process takes in files and"):
        return _ingest(workspace, wanted, until, progress)


def _ingest(workspace: Workspace, wanted: set[str], until: date | None, progress: Progress | None) -> IngestReport:
    contract = feeds_of_contract()
    latest = workspace.config.last_day(datetime.now(UTC))
    today = newest_delivery(workspace.landing, list(contract), until, latest)
    files = {name: landing_files(workspace.landing, name, until, latest) for name in contract if name in wanted}
    manifests = read_manifests(workspace.lake, files)
    work = {name: manifests[name].work(found, today) for name, found in files.items()}
    announce(workspace.lake, manifests, [item.entry for items in work.values() for item in items])
    with scratch(workspace, "ingest") as spill, connect(own=True) as connection:
        connection.execute("SET memory_limit = $limit", {"limit": MEMORY_LIMIT})
        connection.execute("SET temp_directory = $spill", {"spill": str(spill)})
        connection.execute("SET preserve_insertion_order = true")
        reader = _Reader(workspace, connection, progress)
        reports = {
            name: reader.read_feed(name, contract[name], manifests[name], files[name], work[name]) for name in files
        }
    return IngestReport(reports, tuple(visible(text) for text in strangers(workspace.landing, contract)))


@dataclass
class _Reader:
    """Reads feed after feed with one engine; what the feeds share is fetched once."""

    workspace: Workspace
    connection: duckdb.DuckDBPyConnection
    progress: Progress | None
    _knows_merchants: bool = False
    _replays: dict[str, set[str]] | None = field(default=None)

    @property
    def lake(self) -> Lake:
        return self.workspace.lake

    def read_feed(
        self, name: str, feed: Feed, manifest: Manifest, files: list[LandingFile], work: list[Work]
    ) -> FeedReport:
        """Read new files, files with rows to replay, and then files that late ones make us compare again."""
        report = FeedReport(name)
        if name != MERCHANTS and feed.by_merchant:
            replays = self._files_to_replay(name) - {item.file.name for item in work}
            work = work + self._announced_again(manifest, files, replays)
        report = self._read_all(name, feed, manifest, work, report)
        names = to_compare_again(feed, manifest, {item.file.name for item in work})
        return self._read_all(name, feed, manifest, self._announced_again(manifest, files, names), report)

    def _announced_again(self, manifest: Manifest, files: list[LandingFile], names: set[str]) -> list[Work]:
        again = manifest.again(files, names) if names else []
        manifest.write(item.entry for item in again)
        return again

    def _files_to_replay(self, name: str) -> set[str]:
        if self._replays is None:
            self._replays = files_with_rows_to_replay(self.lake)
        return self._replays.get(name, set())

    def _read_all(self, name: str, feed: Feed, manifest: Manifest, work: list[Work], report: FeedReport) -> FeedReport:
        if not work:
            return report
        _clear_traces(self.lake, name, work)
        if feed.by_merchant and name != MERCHANTS and not self._knows_merchants:
            batch.know_merchants(self.connection, _merchants(self.lake), self.workspace.config.buckets)
            self._knows_merchants = True
        order = sorted(work, key=lambda item: (item.entry.known_on or date.min, item.entry.label))
        for group in batches_of(feed, order, self.workspace.config.ingest.batch_rows):
            report = self._read_batch(name, feed, manifest, group, report)
            if self.progress:
                self.progress(name, report.files, len(order))
        return report

    def _read_batch(
        self, name: str, feed: Feed, manifest: Manifest, group: list[Candidate], report: FeedReport
    ) -> FeedReport:
        entries = [batch.quarantined(one.work.entry, one.problem, one.look.records) for one in group if one.problem]
        readable = [one for one in group if not one.problem]
        dates: frozenset[date] = frozenset()
        if readable:
            deliveries = [Delivery(one.work, one.look, number) for number, one in enumerate(readable)]
            config = self.workspace.config
            result = batch.judge(self.connection, self.lake, name, feed, deliveries, config.ingest, config.buckets)
            self._write(name, feed, result)
            entries, dates = entries + result.entries, result.dates
        manifest.write(entries)
        return report.with_batch(entries, dates)

    def _write(self, name: str, feed: Feed, result: batch.BatchResult) -> None:
        if result.rows("accepted"):
            self.lake.append(name, batch.accepted_rows(self.connection, feed), partition_by=PARTITION_BY)
        if result.rows("rejected"):
            self.lake.append("rejected_rows", batch.rejected_rows(self.connection, name))
        if result.rows("held"):
            self.lake.append("held_rows", batch.held_rows(self.connection, name))


def _merchants(lake: Lake) -> pa.Table:
    return lake.read(MERCHANTS, ["merchant_id"]).group_by("merchant_id").aggregate([])


def _clear_traces(lake: Lake, feed: str, work: list[Work]) -> None:
    """Remove what an earlier reading of these files may have left; they are announced by now."""
    again = [item.entry.label for item in work if item.seen_before]
    if again:
        lake.delete(feed, f"file IN ({_listed(again)})")
        lake.delete("rejected_rows", f"feed = '{feed}' AND file IN ({_listed(again)})")
    # A corrected file brings its rows of unknown merchants anew.
    corrected = [item.entry.previous_label for item in work if item.entry.delivery > 1]
    if again or corrected:
        lake.delete("held_rows", f"feed = '{feed}' AND file IN ({_listed(again + corrected)})")


def _listed(labels: list[str]) -> str:
    return ", ".join(quoted(label) for label in labels)
