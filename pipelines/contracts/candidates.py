"""Files that are about to be read: looked at one by one, cut into batches of bounded size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipelines.contracts.feeds import Feed
from pipelines.contracts.header import header_problem
from pipelines.contracts.look import Look, look_at
from pipelines.contracts.manifest import Work
from pipelines.contracts.parquet_footer import none_astray


@dataclass(frozen=True)
class Candidate:
    """A file with what the look said; `problem` is why it is put aside unread, empty when it is not."""

    work: Work
    look: Look
    problem: str


def batches_of(feed: Feed, work: Iterable[Work], most_rows: int) -> Iterator[list[Candidate]]:
    """Cut files into batches of at most so many rows (a larger file stands alone), each looked at when needed."""
    group: list[Candidate] = []
    rows = 0
    for item in work:
        candidate = _candidate(feed, item, believed=True)
        if group and rows + candidate.look.records > most_rows:
            yield _with_sound_footers(feed, group)
            group, rows = [], 0
        group.append(candidate)
        rows += candidate.look.records
    if group:
        yield _with_sound_footers(feed, group)


def _with_sound_footers(feed: Feed, group: list[Candidate]) -> list[Candidate]:
    """The files of a batch; one by one only where some footer is astray, since asking once for all is far faster."""
    readable = [one.work.file.path for one in group if one.work.file.is_parquet and not one.problem]
    return group if none_astray(readable) else [_candidate(feed, one.work, believed=False) for one in group]


def _candidate(feed: Feed, work: Work, believed: bool) -> Candidate:
    if work.file.unreadable:
        return Candidate(work, Look(), work.file.unreadable)
    look = look_at(work.file, believed)
    return Candidate(work, look, work.file.problem or look.problem or header_problem(feed, look))
