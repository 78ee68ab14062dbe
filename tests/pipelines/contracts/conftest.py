"""Landing files from a few lines of text, and what the lake says of them."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.contracts.feeds import feeds
from pipelines.contracts.ingest import ingest
from pipelines.contracts.manifest import Entry, read_manifest
from pipelines.contracts.report import IngestReport
from pipelines.workspace import Workspace
from tests.lake_rows import rows_of

DAY = date(2026, 10, 1)


@dataclass
class Landing:
    """The landing folder of a test."""

    workspace: Workspace

    def write(self, feed: str, name: str, content: str | bytes) -> Path:
        """Write a file of a feed; `.gz` names are packed."""
        path = self.workspace.landing / feed / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    def csv(self, feed: str, name: str, *rows: str) -> Path:
        """Write rows of text under the feed's own header."""
        return self.write(feed, name, "\n".join([",".join(feeds()[feed].columns), *rows]) + "\n")

    def parquet(self, feed: str, name: str, rows: list[dict[str, Any]], **types: pa.DataType) -> Path:
        """Write rows as Parquet in the contract's types, or in other types by name."""
        fields = [pa.field(field.name, types.get(field.name, field.type)) for field in feeds()[feed].schema]
        path = self.workspace.landing / feed / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(rows, schema=pa.schema(fields)), path)
        return path

    def merchants(self, *names: str, name: str = "2026-09-01.csv") -> Path:
        """Announce merchants."""
        return self.csv("merchants", name, *(f"{merchant},,,,,,,,,," for merchant in names))

    def ingest(self, **arguments: Any) -> IngestReport:
        """Read what is new."""
        return ingest(self.workspace, **arguments)

    def entry(self, feed: str, name: str) -> Entry:
        """Return the newest manifest entry of a file."""
        return read_manifest(self.workspace.lake, feed).newest[name]

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """Return rows of a lake table as sorted tuples."""
        found = rows_of(self.workspace, table, columns)
        return sorted((tuple(row.values()) for row in found), key=str)


@pytest.fixture
def landing(workspace: Workspace) -> Landing:
    """An empty landing folder with the merchants m1 to m6."""
    made = Landing(workspace)
    made.merchants(*(f"m{number}" for number in range(1, 7)))
    return made


@pytest.fixture(scope="session")
def with_merchants(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose lake knows the merchants m1 to m6; to be copied, because reading them anew takes its time."""
    home = tmp_path_factory.mktemp("with_merchants")
    (home / "config.yaml").write_text("buckets: 2\n", encoding="utf-8")
    made = Landing(Workspace.at(home))
    made.merchants(*(f"m{number}" for number in range(1, 7)))
    made.ingest()
    return home


@pytest.fixture
def ready(tmp_path: Path, with_merchants: Path) -> Landing:
    """A landing folder whose merchants m1 to m6 are in the lake already."""
    shutil.copytree(with_merchants, tmp_path, dirs_exist_ok=True)
    return Landing(Workspace.at(tmp_path))


def sale(**values: Any) -> str:
    """A CSV row of the feed `sales`."""
    row = {"date": DAY, "merchant_id": "m1", "sku_id": "a", "order_lines": 1, "units": 2, "gmv": 3.5, "list_price": 2,
           "paid_price": 1.75, "on_promotion": 0, **values}  # fmt: skip
    return ",".join(str(value) for value in row.values())


def storefront(**values: Any) -> str:
    """A CSV row of the feed `storefront`."""
    row = {"date": DAY, "merchant_id": "m1", "visitors": 9, "page_views": 20, "carts": 3, "orders": 2, "buyers": 2}
    return ",".join(str(value) for value in {**row, **values}.values())


@pytest.fixture
def make_sale() -> Callable[..., str]:
    """Return the writer of rows of `sales`."""
    return sale


@pytest.fixture
def make_storefront() -> Callable[..., str]:
    """Return the writer of rows of `storefront`."""
    return storefront
