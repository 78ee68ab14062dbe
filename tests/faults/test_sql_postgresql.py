"""`import sql` against a real PostgreSQL: types, zones, one snapshot, read-only, flat memory, and no secret told.

The server listens on loopback, keeps its data in a folder of its own, and is run by a user who is not root.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipelines.contracts.ingest import ingest
from pipelines.importers.sql import import_sql
from pipelines.importers.sql_database import Database, DatabaseError
from pipelines.init import make_workspace

USER, PASSWORD = "shopkeeper", "hunter2/ü%"
UNPRIVILEGED = ("postgres", "nobody")


def binaries() -> Path | None:
    """Folder of the server's programs; None where it is not installed."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((folder for folder in reversed(folders) if (folder / "postgres").exists()), None)


def someone() -> str | None:
    """User that the server runs as: the caller, unless that is root, whom the server refuses."""
    if os.getuid():
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED if name in known)


@contextmanager
def running_server() -> Iterator[sa.URL]:
    """Start a server with one user who must give a password; yield its address."""
    programs, user = binaries(), someone()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="merchant-gps-postgresql-"))
    try:
        (folder / "password").write_text(PASSWORD, encoding="utf-8")
        if user:
            for path in (folder, folder / "password"):
                shutil.chown(path, user)
        data = folder / "data"
        make = [programs / "initdb", "-D", data, "-U", USER, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C"]
        subprocess.run(
            [*make, f"--pwfile={folder / 'password'}"], check=True, capture_output=True, user=user, cwd=folder
        )
        port = free_port()
        serve = [programs / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", folder, "-c", "fsync=off"]
        with subprocess.Popen(
            serve, user=user, cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
        ) as server:
            try:
                url = sa.URL.create("postgresql+psycopg", USER, PASSWORD, "127.0.0.1", port, "postgres")
                wait_for(url, server)
                yield url
            finally:
                server.terminate()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(url: sa.URL, server: subprocess.Popen[bytes], attempts: int = 300) -> None:
    for _ in range(attempts):
        assert server.poll() is None, server.stderr.read().decode()
        try:
            with sa.create_engine(url, poolclass=sa.NullPool).connect():
                return
        except sa.exc.OperationalError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(binaries() is None, reason="no PostgreSQL server here: make postgresql installs it"),
]
SCHEMA = """
    CREATE TABLE shops (id bigint PRIMARY KEY, title text, since timestamptz, active boolean);
    INSERT INTO shops VALUES (1, '明''s; DROP TABLE shops', '2026-09-30 20:00+00', true), (2, NULL, NULL, NULL);
    CREATE TABLE sold (shop bigint, item text, pieces numeric(12, 3), paid numeric(12, 2), paid_at timestamptz);
    INSERT INTO sold VALUES
        (1, 'a', 1.250, 19.90, '2026-10-01 17:30+00'),
        (2, 'b', 'NaN', 5, '2026-10-01 01:00+00'),
        (2, 'c', NULL, 0.10, '2026-10-02 01:00+00');
"""
SHOPS = "SELECT id AS merchant_id, title AS merchant_name, since AS opened_on, active AS mentor_opt_in FROM shops"
SOLD = """
    SELECT (paid_at AT TIME ZONE 'Asia/Shanghai')::date AS date, shop AS merchant_id, item AS sku_id,
           pieces AS units, paid AS gmv, (paid_at AT TIME ZONE 'Asia/Shanghai')::date AS delivered_on
    FROM sold ORDER BY delivered_on
"""
MANY = """
    SELECT date '2026-10-01' AS date, n AS merchant_id, n AS sku_id, n AS units, n / 7.0 AS gmv
    FROM generate_series(1, {}) n
"""
CHILD = """
import resource, sys
from pathlib import Path
from pipelines.importers.sql import import_sql
from pipelines.importers.sql_database import Database
from pipelines.workspace import Workspace

report = import_sql(Workspace.at(sys.argv[1]), Database.named(None, "SHOP_DATABASE"), Path(sys.argv[2]))
print(report.rows["sales"], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.fixture(scope="module")
def server():
    with running_server() as url:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.exec_driver_sql(SCHEMA)
        yield url


def address(url):
    return url.render_as_string(hide_password=False)


def write(folder, **queries):
    folder.mkdir(exist_ok=True)
    for name, text in queries.items():
        (folder / f"{name}.sql").write_text(text, encoding="utf-8")
    return folder


def test_rows_arrive_with_their_types_and_days_of_the_platform(server, workspace, tmp_path):
    queries = write(tmp_path / "queries", merchants=SHOPS, sales=SOLD)
    report = import_sql(workspace, Database.named(address(server), None), queries)
    assert report.rows == {"merchants": 2, "sales": 3}
    taken = ingest(workspace)
    assert (taken.feeds["merchants"].accepted, taken.feeds["sales"].accepted) == (2, 3)
    shops = {row["merchant_id"]: row for row in workspace.lake.read("merchants").to_pylist()}
    assert shops["1"]["merchant_name"] == "明's; DROP TABLE shops"
    assert (shops["1"]["opened_on"], shops["1"]["mentor_opt_in"]) == (date(2026, 10, 1), True)  # 04:00 in Shanghai
    assert (shops["2"]["opened_on"], shops["2"]["mentor_opt_in"]) == (None, None)
    sold = {row["sku_id"]: row for row in workspace.lake.read("sales").to_pylist()}
    assert (sold["a"]["date"], sold["a"]["known_on"], sold["a"]["units"], sold["a"]["gmv"]) == (
        date(2026, 10, 2),
        date(2026, 10, 2),
        1.25,
        19.9,
    )
    assert (sold["b"]["units"], sold["c"]["units"], sold["c"]["gmv"]) == (None, None, 0.1)


def test_a_day_is_bound_and_casts_with_two_colons_stay(server, workspace, tmp_path):
    text = """
        SELECT paid_at::date AS date, shop AS merchant_id, item AS sku_id FROM sold
        WHERE paid_at::date = :day AND item LIKE '%c' AND '12:30' <> '\\:day'
    """
    database = Database.named(address(server), None)
    report = import_sql(workspace, database, write(tmp_path / "q", sales=text), day=date(2026, 10, 2))
    assert report.rows == {"sales": 1}
    assert [path.name for path in (workspace.landing / "sales").iterdir()] == ["2026-10-02.parquet"]


@pytest.mark.parametrize(
    "text",
    [
        "DELETE FROM shops RETURNING id AS merchant_id",
        "WITH gone AS (DELETE FROM shops RETURNING id) SELECT id AS merchant_id FROM gone",
        "SELECT id AS merchant_id FROM shops; DROP TABLE shops",
        "SELECT setval('counter', 5) AS merchant_id",
        "CREATE TABLE mine AS SELECT 1 AS merchant_id",
    ],
)
def test_nothing_is_written(server, workspace, tmp_path, text):
    with pytest.raises(DatabaseError, match=r"merchants\.sql: postgresql\+psycopg://shopkeeper:\*\*\*@127"):
        import_sql(workspace, Database.named(address(server), None), write(tmp_path / "q", merchants=text))
    with sa.create_engine(server, poolclass=sa.NullPool).connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM shops").scalar() == 2
        assert connection.exec_driver_sql("SELECT to_regclass('mine')").scalar() is None
    assert not workspace.landing.exists()


def test_mistakes_are_told_in_the_servers_words_and_without_the_password(server, workspace, tmp_path):
    wrong = server.set(password="another/ü%")
    cases = [
        (server, SHOPS.replace("title", "tittle"), 'column "tittle" does not exist'),
        (server, SHOPS.replace("FROM shops", "FROM shop"), 'relation "shop" does not exist'),
        (server, "SELECT 1 / (id - 2) AS merchant_id FROM shops", "division by zero"),
        (wrong, SHOPS, 'cannot be reached .*password authentication failed for user "shopkeeper"'),
        (server.set(database="nowhere"), SHOPS, 'database "nowhere" does not exist'),
        (server.set(port=1), SHOPS, "cannot be reached .*refused"),
    ]
    for url, text, message in cases:
        with pytest.raises(DatabaseError, match=message) as told:
            import_sql(workspace, Database.named(address(url), None), write(tmp_path / "q", merchants=text))
        assert PASSWORD not in str(told.value)
        assert "another" not in str(told.value)


def test_the_command_never_prints_the_address(server, tmp_path):
    make_workspace(tmp_path / "shop", "neutral")
    queries = write(tmp_path / "q", merchants=SHOPS, sales=SOLD)
    command = [sys.executable, "-m", "pipelines.cli", "--home", str(tmp_path / "shop"), "import", "sql"]
    for url, status in ((server, 0), (server.set(password="nonsense/ü"), 1)):
        environment = {**os.environ, "SHOP_DATABASE": address(url), "SQLALCHEMY_WARN_20": "1"}
        arguments = ["--url-variable", "SHOP_DATABASE", "--query-file", str(queries)]
        done = subprocess.run([*command, *arguments], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == status, done.stderr
        for secret in (PASSWORD, "hunter2", "nonsense"):
            assert secret not in done.stdout + done.stderr
    assert "cannot be reached" in done.stderr
    written = list((tmp_path / "shop").rglob("*"))
    assert tmp_path / "shop" / "landing" / "sales" / "2026-10-01.parquet" in written
    for path in written:
        assert path.is_dir() or b"hunter2" not in path.read_bytes()


def test_memory_does_not_grow_with_the_rows(server, workspace, tmp_path):
    peaks = {}
    for rows in (50_000, 600_000):
        queries = write(tmp_path / f"q{rows}", sales=MANY.format(rows))
        environment = {**os.environ, "SHOP_DATABASE": address(server)}
        command = [sys.executable, "-c", CHILD, str(workspace.home), str(queries)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        counted, peak = map(int, done.stdout.split())
        assert counted == rows
        peaks[rows] = peak
    print(f"\npeak memory, MB: {peaks}")
    assert peaks[600_000] < peaks[50_000] + 60  # all rows as Python objects at once are some 400 MB


def test_all_queries_see_one_state(server, workspace, tmp_path, monkeypatch):
    """What others write between two queries is not seen by the second one."""
    from pipelines.importers import sql as module

    engine, whole = sa.create_engine(server, poolclass=sa.NullPool), module._run

    def run_and_write(*arguments):
        count = whole(*arguments)
        with engine.begin() as connection:
            connection.execute(sa.text("INSERT INTO sold VALUES (1, 'late', 1, 1, :at)"), {"at": datetime.now()})
        return count

    monkeypatch.setattr(module, "_run", run_and_write)
    queries = write(tmp_path / "q", merchants=SHOPS, sales=SOLD)
    try:
        assert import_sql(workspace, Database.named(address(server), None), queries).rows["sales"] == 3
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM sold WHERE item = 'late'")
