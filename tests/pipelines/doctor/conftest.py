"""A small healthy workspace and a healthy machine; tests make copies ill."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipelines.buckets import bucket_of
from pipelines.contracts.feeds import feeds
from pipelines.doctor.examine import CHECKS, examine
from pipelines.doctor.finding import Finding
from pipelines.doctor.machine import Machine
from pipelines.doctor.patient import Patient
from pipelines.init import make_workspace
from pipelines.tables import tables
from pipelines.workspace import Workspace

TODAY = date(2026, 10, 30)
NOW = datetime(2026, 10, 30, 4, tzinfo=UTC)  # noon in Shanghai
MERCHANTS = [f"m{number}" for number in range(12)]


def healthy_machine() -> Machine:
    """A machine that wants for nothing."""
    return Machine(
        free_bytes=lambda _: 100 * 10**9,
        writable=lambda _: True,
        engine_bytes=lambda: 8e9,
        has_chinese_font=lambda: True,
        chromium=lambda: "/usr/bin/chromium",
        version={"dagster": "1.13.3", "dagster-webserver": "1.13.3", "duckdb": "2.0.1"}.get,
        requirements=lambda: ["duckdb>=2.0", "dagster>=1.13", "uv>=0.8; extra == 'dev'"],
        process_lives=lambda number: number == 4242,
        environment={},
    )


class Ward:
    """A workspace that tests may make ill."""

    def __init__(self, home: Path) -> None:
        self.home, self.machine, self.now = home, healthy_machine(), NOW

    @property
    def workspace(self) -> Workspace:
        return Workspace.at(self.home)

    def found(self) -> list[Finding]:
        return examine(self.workspace, self.now, self.machine)

    def of(self, check: str) -> list[Finding]:
        """Findings of one check alone, as it yields them."""
        return list(CHECKS[check](Patient(self.home, self.now, self.machine)))

    def equip(self, **changes: Any) -> None:
        """Change the machine."""
        self.machine = replace(self.machine, **changes)

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace text in a file of the workspace."""
        path = self.home / name
        text = path.read_text(encoding="utf-8")
        assert old in text, (name, old)
        path.write_text(text.replace(old, new), encoding="utf-8")

    def setting(self, line: str) -> None:
        """Set a line of config.yaml."""
        key = line.partition(":")[0]
        lines = (self.home / "config.yaml").read_text(encoding="utf-8").splitlines()
        kept = [one for one in lines if not one.startswith(f"{key}:")]
        (self.home / "config.yaml").write_text("\n".join([*kept, line]) + "\n", encoding="utf-8")

    def append(self, table: str, rows: Sequence[dict[str, Any]]) -> None:
        """Append rows of a table or feed; what is not given is NULL."""
        known = tables().get(table)
        schema = known.schema if known else feeds()[table].lake_schema
        filled = [{name: row.get(name) for name in schema.names} for row in rows]
        data = pa.Table.from_pylist(filled, schema=schema)
        self.workspace.lake.append(table, data, None if known else ["known_month"])

    def deliveries(self, feed: str, *days: date, **values: Any) -> None:
        """Note files of a feed as taken in."""
        base = {"feed": feed, "delivery": 1, "sha256": "00", "size": 1, "modified": 1, "status": "accepted", "read": 10,
                "accepted": 10, "unchanged": 0, "held": 0, "rejected": 0, "message": "", "seen_at": NOW}  # fmt: skip
        rows = [base | {"file": f"{day}.csv", "known_on": day, "last_on": day} | values for day in days]
        self.append("ingested_files", rows)

    def forget(self, table: str, where: str) -> None:
        """Delete rows."""
        self.workspace.lake.delete(table, where)

    def message(self, **values: Any) -> None:
        """Put a message into the outbox."""
        base = {"notification_id": "n1", "route": "oncall-chat", "event": "trigger", "as_of": TODAY,
                "status": "pending", "attempts": 0, "created_at": NOW - timedelta(minutes=5), "payload": "{}",
                "severity": "warning", "idempotency_key": "k", "dedup_key": "d"}  # fmt: skip
        self.append("notifications", [base | values])

    def activate(self, route: str) -> None:
        """Switch a route on."""
        self.edit("policy/routes.yaml", f"- id: {route}\n    active: false", f"- id: {route}\n    active: true")


def _make(home: Path) -> None:
    make_workspace(home, "neutral")
    ward = Ward(home)
    month = f"{TODAY:%Y-%m}"
    rows = [{"merchant_id": one, "bucket": bucket_of(one, 8), "known_on": TODAY, "known_month": month, "status": "open",
             "timezone": "Asia/Shanghai", "file": f"{TODAY}.csv", "line": 2, "known_on_assumed": False}
            for one in MERCHANTS]  # fmt: skip
    ward.append("merchants", rows)
    for feed, meaning in feeds().items():
        if meaning.legs:
            ward.deliveries(feed, TODAY - timedelta(days=1), TODAY)
    days = [TODAY - timedelta(days=back) for back in (2, 1, 0)]
    ward.append("alert_volume", [{"as_of": day, "leg": "all", "opened_by": "all", "merchants": 12} for day in days])
    ward.message(status="sent", sent_at=NOW, attempts=1)
    pages, warehouse = home / "published" / "pages", home / "published" / "warehouse"
    (pages / TODAY.isoformat()).mkdir(parents=True)
    (pages / "latest.json").write_text(json.dumps({"day": TODAY.isoformat(), "folder": TODAY.isoformat()}))
    warehouse.mkdir()
    (warehouse / "one.duckdb").write_bytes(b"")
    (warehouse / "latest").write_text("one.duckdb\n")
    (warehouse / "latest.duckdb").symlink_to("one.duckdb")
    (home / ".locks").mkdir()
    (home / ".locks" / "run.lock").touch()


@pytest.fixture(scope="session")
def healthy_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the healthy workspace; nobody changes it."""
    home = tmp_path_factory.mktemp("doctor") / "healthy"
    _make(home)
    return home


@pytest.fixture
def ward(healthy_home: Path, tmp_path: Path) -> Ward:
    """A copy of the healthy workspace on a healthy machine."""
    shutil.copytree(healthy_home, tmp_path / "company", symlinks=True)
    return Ward(tmp_path / "company")


@pytest.fixture
def policy_of_unchanged_files(healthy_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare loading policy files that are those of the healthy workspace, in which nothing was found."""
    real, same = CHECKS["policy"], _policy_files(healthy_home)

    def check(patient: Patient) -> Iterator[Finding]:
        return iter(()) if _policy_files(patient.home) == same else real(patient)

    monkeypatch.setitem(CHECKS, "policy", check)


def _policy_files(home: Path) -> dict[str, bytes]:
    paths = [home / "config.yaml", *(home / "policy").rglob("*.yaml"), *(home / "calendars").rglob("*.yaml")]
    return {str(path.relative_to(home)): path.read_bytes() for path in paths if path.is_file()}
