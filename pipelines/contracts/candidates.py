"""Files that are about to be read: looked at one by one, cut into batches of bounded size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipelines.contracts.feeds import Feed
from pipelines.contracts.header import header_problem
from pipelines.contracts.look import Look, look_at
from pipelines.contracts.manifest import Work


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
        candidate = _candidate(feed, item)
        if group and rows + candidate.look.records > most_rows:
            yield group
            group, rows = [], 0
        group.append(candidate)
        rows += candidate.look.records
    if group:
        yield group


def _candidate(feed: Feed, work: Work) -> Candidate:
    if work.file.unreadable:
        return Candidate(work, Look(), work.file.unreadable)
    look = look_at(work.file)
    return Candidate(work, look, work.file.problem or look.problem or header_problem(feed, look))
