"""Other layouts into feeds: `merchant-gps import NAME --from PATH`.

An importer is a function of a source and a workspace that writes landing files and returns the rows per feed. To add
one, copy `freshretailnet.py` with its `.sql` files, and name it here.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipelines.importers.freshretailnet import import_freshretailnet
from pipelines.workspace import Workspace

Importer = Callable[[Path, Workspace], dict[str, int]]

IMPORTERS: dict[str, Importer] = {
    "freshretailnet": import_freshretailnet,
}
