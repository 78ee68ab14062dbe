"""The machine as the doctor sees it: disk, memory, fonts, programs, packages, processes.

One object of plain functions, so that a test can give the doctor a machine that is nearly full, or has no fonts.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import psutil

from pipelines.engine import connect

PACKAGE = "merchant-gps"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
)
CHINESE_FONT = re.compile(
    r"cjk|noto.?sans.?(sc|tc|hk)|source.?han|wqy|pingfang|heiti|songti|simsun|simhei|msyh|uming", re.IGNORECASE
)
UNITS = {"bytes": 1, "b": 1, "kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40}


@dataclass(frozen=True)
class Machine:
    """What the doctor asks of a machine."""

    free_bytes: Callable[[Path], int]
    writable: Callable[[Path], bool]
    engine_bytes: Callable[[], float]
    has_chinese_font: Callable[[], bool]
    chromium: Callable[[], str | None]
    version: Callable[[str], str | None]
    requirements: Callable[[], list[str]]
    process_lives: Callable[[int], bool]
    environment: Mapping[str, str]


def this_machine() -> Machine:
    """The machine that we run on."""
    return Machine(
        free_bytes=lambda path: shutil.disk_usage(path).free,
        writable=is_writable,
        engine_bytes=engine_bytes,
        has_chinese_font=has_chinese_font,
        chromium=lambda: next((found for name in CHROMIUMS if (found := shutil.which(name))), None),
        version=installed_version,
        requirements=requirements,
        process_lives=psutil.pid_exists,
        environment=os.environ,
    )


def is_writable(path: Path) -> bool:
    """Whether files can be made in a folder, as far as can be told without making one."""
    if not os.access(path, os.W_OK | os.X_OK):
        return False
    try:
        return not os.statvfs(path).f_flag & os.ST_RDONLY
    except (AttributeError, OSError):  # Windows has no statvfs
        return True


def engine_bytes() -> float:
    """Memory that the engine takes before it spills to disk."""
    with connect() as connection:
        row = connection.execute("SELECT current_setting('memory_limit')").fetchone()
    return bytes_of(str(row[0])) if row else float("nan")


def bytes_of(text: str) -> float:
    """Bytes of a size such as `12.4 GiB`."""
    number, unit = text.split()
    return float(number) * UNITS[unit.lower()]


def has_chinese_font() -> bool:
    """Whether a font can show Chinese: asked of fontconfig, else looked for by file name."""
    program = shutil.which("fc-list")
    if program:
        found = subprocess.run([program, ":lang=zh", "file"], capture_output=True, timeout=30, check=False)
        return bool(found.stdout.strip())
    folders = [Path(name).expanduser() for name in FONT_FOLDERS]
    return any(CHINESE_FONT.search(path.name) for folder in folders if folder.is_dir() for path in folder.rglob("*.*"))


def installed_version(package: str) -> str | None:
    """Version of an installed package; None when it is not there."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def requirements() -> list[str]:
    """Requirements of this project, as its package says; empty where it runs without being installed."""
    try:
        return metadata.requires(PACKAGE) or []
    except metadata.PackageNotFoundError:
        return []
