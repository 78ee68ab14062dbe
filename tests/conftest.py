"""Small lakes for tests: rows given as dictionaries, everything else filled with NULL; and a real S3 server.

Also who runs what when several processes share the tests: what the files of a folder make together is made once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import settings

from pipelines.buckets import bucket_of
from pipelines.contracts.feeds import feeds
from pipelines.workspace import Workspace

Deliver = Callable[..., None]

# Folders whose files share what takes seconds to make: one process runs all of each, and they come first, so that none
# of them is what everybody waits for at the end.
TOGETHER = (
    "tests/road/",
    "tests/pipelines/defs/forecasts/",
    "tests/models/simulation/",
    "tests/models/forecasting/batched_prophet/",
    "tests/models/forecasting/boosted/",
    "tests/models/forecasting/products/",
    "tests/models/risk/outlook/",
    "tests/models/staffing/",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hand out files, and folders whose files share something costly, as wholes (`--dist loadfile` asks for it)."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((folder for folder in TOGETHER if nodeid.startswith(folder)), super()._split_scope(nodeid))

    return Together(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let the folders that stay together come first where processes share the tests."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: not item.nodeid.startswith(TOGETHER))


# A busy machine is slow, not wrong.
settings.register_profile("default", deadline=None)
settings.load_profile("default")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An empty workspace with two buckets and all other settings at their defaults."""
    (tmp_path / "config.yaml").write_text("buckets: 2\n", encoding="utf-8")
    return Workspace.at(tmp_path)


def deliver_into(workspace: Workspace) -> Deliver:
    """Return a function that appends rows of a feed to the lake as delivered on a day."""

    def append(feed: str, known_on: date, *rows: dict[str, Any]) -> None:
        schema = feeds()[feed].lake_schema
        filled = [
            {
                **dict.fromkeys(schema.names),
                "bucket": bucket_of(row["merchant_id"], 2) if "merchant_id" in row else None,
                "known_on": known_on,
                "known_on_assumed": False,
                "file": f"{known_on}.csv",
                "line": line,
                "known_month": known_on.isoformat()[:7],
                **row,
            }
            for line, row in enumerate(rows, start=2)
        ]
        filled = [{name: row[name] for name in schema.names} for row in filled]
        workspace.lake.append(feed, pa.Table.from_pylist(filled, schema=schema), partition_by=["known_month"])

    return append


@pytest.fixture
def deliver(workspace: Workspace) -> Deliver:
    """Return a function that appends rows of a feed to the lake as delivered on a day."""
    return deliver_into(workspace)


@pytest.fixture(scope="session")
def delivering() -> Callable[[Workspace], Deliver]:
    """Return the maker of such functions, for workspaces that several tests share."""
    return deliver_into


@pytest.fixture(scope="module")
def s3_variables() -> Iterator[dict[str, str]]:
    """Environment in which a real S3 server (moto) on loopback is found; each module has a server of its own."""
    server = pytest.importorskip("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield {
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret-4711",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
    }
    server.stop()


def s3_client_in(variables: dict[str, str]) -> Iterator[Any]:
    """Yield a client of the S3 server while the environment names it."""
    import boto3

    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ENDPOINT_URL_S3", "AWS_REGION", "AWS_PROFILE"):
            patch.delenv(name, raising=False)
        for name, value in variables.items():
            patch.setenv(name, value)
        yield boto3.client("s3")


@pytest.fixture
def s3_client(s3_variables: dict[str, str]) -> Iterator[Any]:
    """Client of the S3 server, which the environment of the test names; its buckets are emptied afterwards."""
    for client in s3_client_in(s3_variables):
        yield client
        for bucket in client.list_buckets()["Buckets"]:
            for item in client.list_objects_v2(Bucket=bucket["Name"]).get("Contents", []):
                client.delete_object(Bucket=bucket["Name"], Key=item["Key"])


@pytest.fixture(scope="module")
def s3_client_of_module(s3_variables: dict[str, str]) -> Iterator[Any]:
    """Client of the S3 server, which the environment of all tests of a module names."""
    yield from s3_client_in(s3_variables)
