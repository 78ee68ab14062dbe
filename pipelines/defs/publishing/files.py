"""Published files: written whole or not at all, and a day becomes visible by one pointer, written last.

The one idea: a reader never sees half. Each file is written under a temporary name and renamed; pages of a day lie in
a folder of their own; ``latest.json`` and ``index.html`` name the day and are replaced only when all of it is there.
A temporary name holds the number of the process, so that those of killed processes can be told and removed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import psutil

import reports
from reports.index import render_index

STATIC = Path(reports.__file__).parent / "static"
PLOTLY = "plotly.min.js"
DRAFT = re.compile(r"\..*\.(?P<process>\d+)\.tmp(\.wal)?$")


@contextmanager
def drafted(path: Path) -> Iterator[Path]:
    """Give a temporary name beside `path`; what was written there then takes its place in one step.

    Readers see the old or the new file. When the writing fails, nothing of it stays.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def drop_drafts(folder: Path) -> int:
    """Remove what killed processes left unfinished in a folder and the folders in it; return how many files."""
    dropped = 0
    for inside in [folder, *(path for path in folder.glob("*") if path.is_dir())] if folder.exists() else ():
        for name in os.listdir(inside):  # noqa: PTH208 - a folder holds tens of thousands of pages
            draft = DRAFT.match(name)
            if draft and not psutil.pid_exists(int(draft["process"])):
                (inside / name).unlink(missing_ok=True)
                dropped += 1
    return dropped


def write_text(path: Path, text: str) -> None:
    """Replace a file in one step; readers see the old or the new one."""
    with drafted(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")


def write_in(folder: Path, name: str, text: str) -> Path:
    """Write a file that must lie directly in `folder`; refuses a name that leads elsewhere."""
    if not name or Path(name).name != name or name == "..":
        raise ValueError(f"file name {name!r} leads out of {folder}")
    path = folder / name
    write_text(path, text)
    return path


def publish_static(pages: Path) -> dict[str, str]:
    """Put style, scripts and the chart library once beside the pages; copy only what changed.

    Returns
    -------
    dict of str to str
        Version (short content hash) by file name, for the addresses in pages.
    """
    folder = pages / "static"
    folder.mkdir(parents=True, exist_ok=True)
    versions = static_versions()
    for source in [*sorted(STATIC.iterdir()), plotly_library()]:
        target = folder / source.name
        if not target.exists() or _short_hash(target) != _short_hash(source):
            with drafted(target) as temporary:
                shutil.copyfile(source, temporary)
    return versions


@lru_cache(maxsize=1)
def static_versions() -> dict[str, str]:
    """Version of each file of our own by name."""
    return {path.name: _short_hash(path) for path in sorted(STATIC.iterdir())}


def plotly_library() -> Path:
    """The chart library inside the installed plotly package.

    Raises
    ------
    FileNotFoundError
        When plotly is not installed or has moved its script.
    """
    spec = importlib.util.find_spec("plotly")
    if spec is not None and spec.origin is not None:
        path = Path(spec.origin).parent / "package_data" / PLOTLY
        if path.exists():
            return path
    raise FileNotFoundError(f"{PLOTLY} is not in the installed plotly package; run: pip install --upgrade plotly")


def _short_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def show_day(pages: Path, day: date, platform_name: str) -> None:
    """Make a day the one that is shown, unless a later one already is. Written last."""
    shown = shown_day(pages)
    if shown is not None and shown > day:
        return
    write_text(pages / "index.html", render_index(platform_name, day, static_versions()))
    write_text(pages / "latest.json", json.dumps({"day": day.isoformat(), "folder": day.isoformat()}) + "\n")


def shown_day(pages: Path) -> date | None:
    """The day that is shown; None before the first."""
    pointer = pages / "latest.json"
    if not pointer.exists():
        return None
    return date.fromisoformat(json.loads(pointer.read_text(encoding="utf-8"))["day"])


def drop_old_days(pages: Path, day: date, keep_days: int) -> int:
    """Delete page folders older than `keep_days` before `day`; never the one that is shown."""
    oldest, shown, dropped = day - timedelta(days=keep_days), shown_day(pages), 0
    for folder in pages.iterdir() if pages.exists() else ():
        try:
            of = date.fromisoformat(folder.name)
        except ValueError:
            continue
        if of < oldest and of != shown:
            shutil.rmtree(folder)
            dropped += 1
    return dropped
