import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import duckdb
import pytest

from pipelines import engine
from pipelines.engine import connect


def setting(connection, name):
    return connection.execute(f"SELECT current_setting('{name}')").fetchone()[0]


def test_a_sum_is_the_same_in_any_order_and_never_overflows():
    cents = [0.1, 0.2, 0.3, 1e14, -1e14, 19.99]
    with connect() as connection:
        for figures, wanted in ((cents, 20.59), (cents[::-1], 20.59), ([1e300, 1e28], 1e300), ([None], None)):
            found = connection.execute("SELECT exact_sum(x) FROM (SELECT unnest($1::DOUBLE[]) AS x)", [figures])
            assert found.fetchall() == [(wanted,)]


def test_what_a_connection_makes_is_its_own():
    with connect() as one, connect() as other:
        one.execute("CREATE TEMP TABLE kept AS SELECT 1 AS x")
        one.execute("CREATE TEMP VIEW seen AS SELECT 2 AS x")
        with pytest.raises(duckdb.CatalogException):
            other.execute("SELECT * FROM kept")
        other.execute("CREATE TEMP VIEW seen AS SELECT 3 AS x")
        assert one.execute("SELECT x FROM seen").fetchall() == [(2,)]
    with connect() as later, pytest.raises(duckdb.CatalogException):
        later.execute("SELECT * FROM kept")


def test_an_engine_of_its_own_keeps_its_settings_to_itself():
    with connect("123MB") as limited, connect(own=True) as own, connect() as shared:
        own.execute("SET preserve_insertion_order = true")
        assert setting(limited, "memory_limit") == "117.3 MiB"
        assert setting(shared, "memory_limit") != "117.3 MiB"
        assert setting(shared, "preserve_insertion_order") is False
        assert [setting(one, "TimeZone") for one in (limited, own, shared)] == ["UTC"] * 3


def test_a_time_zone_that_one_sets_is_not_the_others():
    with connect() as one, connect() as other:
        one.execute("SET TimeZone = 'Asia/Shanghai'")
        assert setting(other, "TimeZone") == "UTC"


def test_an_engine_that_has_ended_is_started_anew():
    connect().close()
    for ended in list(engine._SHARED.values()):
        ended.close()
    with connect() as connection:
        assert connection.execute("SELECT 1").fetchall() == [(1,)]


def test_the_shared_engine_keeps_no_files_in_memory():
    with connect() as connection:
        assert setting(connection, "enable_external_file_cache") is False


def test_threads_work_side_by_side():
    def counted(number):
        with connect() as connection:
            connection.execute(f"CREATE TEMP TABLE mine AS SELECT {number} AS x FROM range(1000)")
            return connection.execute("SELECT exact_sum(x) FROM mine").fetchone()[0]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(counted, range(20))) == [1000.0 * number for number in range(20)]


def test_no_bars_are_drawn_into_the_log_of_a_process_without_a_script():
    asked = "execute(\"SELECT current_setting('enable_progress_bar')\").fetchone()[0]"
    code = f"import duckdb; from pipelines.engine import connect; print(duckdb.connect().{asked}, connect().{asked})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]  # the library's own default, and ours
