"""Copies of a remote lake's data files on the local disk: each is fetched once.

The idea: a data file of a Delta table never changes under its name, so a copy is good for ever and nothing has to be
asked again. A run opens the same files some hundred times; over a network every opening is several requests one after
the other, while files that are missing here are fetched side by side in one go.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from pipelines.object_storage import fetch


def near(root: str, cache: str, paths: list[str]) -> list[str]:
    """Local paths of data files, which are fetched where they are missing.

    Parameters
    ----------
    root : str
        Where the lake lies.
    cache : str
        Local folder of the copies; below it they lie as below the root, partitions included.
    """
    copies = [Path(cache, path.removeprefix(root).lstrip("/")) for path in paths]
    missing = [(path, copy) for path, copy in zip(paths, copies, strict=True) if not copy.exists()]
    if missing:
        drafts = [copy.with_name(f".{copy.name}.{os.getpid()}.tmp") for _, copy in missing]
        for folder in {draft.parent for draft in drafts}:
            folder.mkdir(parents=True, exist_ok=True)
        fetch(root, [path for path, _ in missing], [str(draft) for draft in drafts])
        for draft, (_, copy) in zip(drafts, missing, strict=True):
            draft.replace(copy)
    return [str(copy) for copy in copies]


def forget(root: str, cache: str, living: Iterable[str]) -> int:
    """Remove copies (and drafts of killed processes) that no newest version of a table names; return how many."""
    kept = {Path(cache, path.removeprefix(root).lstrip("/")) for path in living}
    gone = [path for path in Path(cache).rglob("*") if path.is_file() and path not in kept]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)
