"""Publishes the day: a page per merchant, the tower, and last the pointer that makes the day visible.

The one idea: buckets of merchants are independent, so they are rendered by a few processes; a merchant whose facts
break its page is named and passed over, and the others are published. Pages are for people: a backtest makes none.
"""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pipelines.day import Block, Day, pack_buckets
from pipelines.defs.publishing.context import page_context
from pipelines.defs.publishing.copy import copy_pages
from pipelines.defs.publishing.files import drop_drafts, drop_old_days, publish_static, show_day, write_in
from pipelines.defs.publishing.naming import PageNames, page_names
from pipelines.defs.publishing.reading import read_events, read_facts
from pipelines.defs.publishing.tower import render_tower
from pipelines.workspace import Workspace
from reports.formatting import LOCALES
from reports.merchant.facts import EventFact, MerchantFacts, PageContext
from reports.merchant.page import render

LOG = logging.getLogger(__name__)
_MERCHANTS = 800  # of a task: enough to make its queries cheap, few enough to hold their pages' facts in memory


@dataclass(frozen=True)
class Task:
    """Merchants of a few buckets; what another process needs to publish them.

    Context and events are read once, by the process that hands out the tasks: policy files take a second to check.
    """

    home: Path
    buckets: tuple[int, ...]
    context: PageContext
    events: tuple[EventFact, ...]


@dataclass(frozen=True)
class Done:
    """What became of a task: pages written, and merchants whose page failed with the reason."""

    pages: int
    failed: tuple[tuple[str, str], ...]


def pages(day: Day) -> dict[str, int]:
    """Write a page for every merchant of the day, with its spreadsheets.

    Returns
    -------
    dict of str to int
        ``{"pages": pages written}``.

    Raises
    ------
    RuntimeError
        When no page at all could be written.
    """
    if day.kind == "backtest":
        return {"pages": 0}
    drop_drafts(day.workspace.pages)
    context = page_context(day, publish_static(day.workspace.pages))
    events = read_events(day)
    page_names(day.workspace)  # the key is made here, before processes could race for it
    day_folder(day).mkdir(parents=True, exist_ok=True)
    tasks = [Task(day.workspace.home, block.buckets, context, events) for block in _small_blocks(day)]
    done = list(_run(tasks, day.config.publishing.workers))
    failed = [failure for task in done for failure in task.failed]
    for merchant, reason in failed:
        LOG.error("no page for merchant %r: %s", merchant, reason)
    written = sum(task.pages for task in done)
    if failed and not written:
        raise RuntimeError(f"no page could be written; the first failure is {failed[0][1]}")
    return {"pages": written}


def tower(day: Day) -> dict[str, int]:
    """Write the platform's page, show the day, forget folders that are too old, copy to where the settings say."""
    if day.kind == "backtest":
        return {"tower": 0}
    versions = publish_static(day.workspace.pages)
    folder = day_folder(day)
    folder.mkdir(parents=True, exist_ok=True)
    names = page_names(day.workspace)
    for name, text in render_tower(day, names, page_context(day, versions)).items():
        write_in(folder, name, text)
    show_day(day.workspace.pages, day.as_of, day.config.platform_name)
    drop_old_days(day.workspace.pages, day.as_of, day.config.publishing.keep_days)
    if day.config.publishing.copy_to:
        copy_pages(day.workspace.pages, day.config.publishing.copy_to.rstrip("/"), day.as_of)
    return {"tower": 1}


def day_folder(day: Day) -> Path:
    """Folder of a day's pages."""
    return day.workspace.pages / day.as_of.isoformat()


def tower_path(day: Day) -> Path:
    """Where the platform's page of a day lies; the command says it to the analyst."""
    return day_folder(day) / f"{page_names(day.workspace).tower}.html"


def page_path(day: Day, merchant_id: str) -> Path:
    """Where a merchant's page of a day lies."""
    return day_folder(day) / f"{page_names(day.workspace).name(merchant_id)}.html"


def _small_blocks(day: Day) -> list[Block]:
    with day.connect("merchants") as connection:
        rows = day.query(connection, __file__, "buckets.sql")
    counts = zip(rows["bucket"].to_pylist(), rows["merchants"].to_pylist(), strict=True)
    return pack_buckets(counts, min(_MERCHANTS, day.config.block_merchants))


def _run(tasks: list[Task], workers: int) -> Iterator[Done]:
    """Give the tasks to a few processes; one task alone needs none."""
    if workers < 2 or len(tasks) < 2:
        yield from map(publish, tasks)
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=min(workers, len(tasks)), mp_context=spawn) as pool:
        yield from pool.map(publish, tasks)


def publish(task: Task) -> Done:
    """Render and write the pages of a task; runs in whatever process has time."""
    day = Day(Workspace.at(task.home), task.context.as_of)
    facts = read_facts(day, task.buckets, task.events)
    names = page_names(day.workspace)
    return publish_facts(facts, task.context, day_folder(day), names, day.config.publishing.all_locales)


def publish_facts(
    facts: Iterable[MerchantFacts], context: PageContext, folder: Path, names: PageNames, all_locales: bool
) -> Done:
    """Write the pages of some merchants; one that fails is told and does not stop the others."""
    written, failed = 0, []
    for merchant in facts:
        try:
            _publish_one(merchant, context, folder, names.name(merchant.merchant_id), all_locales)
            written += 1
        except Exception as error:  # whatever a merchant's data do, the others get their page
            LOG.debug("page of %r failed", merchant.merchant_id, exc_info=True)
            failed.append((merchant.merchant_id, f"{type(error).__name__}: {error}"))
    return Done(written, tuple(failed))


def _publish_one(facts: MerchantFacts, context: PageContext, folder: Path, name: str, all_locales: bool) -> None:
    others = addresses(name, facts.locale) if all_locales else {}
    for locale, address in (others or {facts.locale: f"{name}.html"}).items():
        elsewhere = {other: path for other, path in others.items() if other != locale}
        page = render(facts, context, name, locale, elsewhere)
        write_in(folder, address, page.html)
        if locale != facts.locale:
            continue
        if page.forecast_csv is not None:
            write_in(folder, f"{name}-forecast.csv", page.forecast_csv)
        if page.stock_csv is not None:
            write_in(folder, f"{name}-stock.csv", page.stock_csv)


def addresses(name: str, own: str) -> Mapping[str, str]:
    """File names of a page in every language; the merchant's own has the plain name."""
    return {locale: f"{name}.html" if locale == own else f"{name}.{locale}.html" for locale in LOCALES}
