"""A lake on a real S3 server on loopback (moto), read and written by the same code as a local one."""

import threading
from datetime import date

import pyarrow as pa
import pytest

from pipelines.config import WorkspaceConfig
from pipelines.lake import Lake
from pipelines.object_storage import ObjectStorageError, check, is_remote, storage_options
from pipelines.tables import tables
from pipelines.workspace import Workspace

D1, D2 = date(2026, 1, 1), date(2026, 1, 2)


@pytest.fixture
def lake(s3_client):
    s3_client.create_bucket(Bucket="lake")
    return Lake("s3://lake/haina")


def segments(*merchants, day=D1):
    schema = tables()["segments"].schema
    return pa.Table.from_pylist(
        [{**dict.fromkeys(schema.names), "as_of": day, "merchant_id": one} for one in merchants], schema=schema
    )


def test_tables_are_written_replaced_deleted_and_read(lake):
    check(lake.root)
    assert not lake.exists("segments")
    assert lake.read("segments").num_rows == 0
    lake.replace_day("segments", D1, segments("a", "b"))
    lake.replace_day("segments", D2, segments("c", day=D2))
    lake.replace_day("segments", D1, segments("商家 x"))
    rows = lake.read("segments", ["as_of", "merchant_id"]).to_pylist()
    assert sorted(map(str, (row.values() for row in rows))) == sorted(
        map(str, ({"as_of": D1, "m": "商家 x"}.values(), {"as_of": D2, "m": "c"}.values()))
    )
    assert all(path.startswith("s3://lake/haina/segments/as_of=2026-01-0") for path in lake.files("segments"))
    lake.scoped("trial").replace_day("segments", D1, segments("z"))
    assert lake.scoped("trial").files("segments")[0].startswith("s3://lake/haina/backtest/trial/segments/")
    lake.delete("segments", "as_of = '2026-01-02'")
    assert lake.read("segments").num_rows == 1


def test_of_two_writers_at_once_neither_loses_a_commit(lake):
    check(lake.root)
    wrong = []

    def write(number):
        try:
            lake.append("run_log", pa.Table.from_pylist([{**nothing, "run_id": str(number)}], schema=schema))
        except Exception as error:
            wrong.append(error)

    schema = tables()["run_log"].schema
    nothing = dict.fromkeys(schema.names)
    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [repr(error.__cause__ or error) for error in wrong] == []
    assert sorted(lake.read("run_log", ["run_id"]).column("run_id").to_pylist()) == [str(number) for number in range(6)]


def test_with_a_cache_each_file_is_fetched_once(lake, tmp_path):
    check(lake.root)
    near = Lake(lake.root, cache=str(tmp_path))
    near.replace_day("segments", D1, segments("a", "b"))
    assert sorted(near.read("segments", ["merchant_id"]).column("merchant_id").to_pylist()) == ["a", "b"]
    (copy,) = tmp_path.rglob("*.parquet")
    assert copy.parent == tmp_path / "segments" / "as_of=2026-01-01"
    before = copy.stat().st_mtime_ns
    assert near.read("segments").num_rows == 2
    assert copy.stat().st_mtime_ns == before
    near.replace_day("segments", D1, segments("c"))
    assert near.read("segments", ["merchant_id"]).column("merchant_id").to_pylist() == ["c"]


def test_a_bucket_that_is_not_there_is_said(lake):
    with pytest.raises(ObjectStorageError, match="no such bucket at http://127.0.0.1.*config.yaml"):
        check("s3://nowhere/haina")


def test_an_endpoint_that_does_not_answer_is_said(lake, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(ObjectStorageError, match="http://127.0.0.1:9 cannot be reached.*AWS_ENDPOINT_URL") as said:
        check(lake.root)
    assert "secret-4711" not in str(said.value)


def test_a_store_that_ignores_the_condition_is_refused(lake, monkeypatch):
    from pipelines import object_storage

    monkeypatch.setattr(object_storage, "_put_new", lambda *_: True)
    with pytest.raises(ObjectStorageError, match="If-None-Match"):
        check(lake.root)


def test_a_local_lake_needs_nothing_from_the_environment(tmp_path):
    assert not is_remote(str(tmp_path))
    assert storage_options(str(tmp_path)) is None
    check(str(tmp_path))


def test_plain_http_is_allowed_only_where_the_endpoint_says_so(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://minio.example")
    assert storage_options("s3://b/p")["allow_http"] == "false"
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://minio.example")
    assert storage_options("s3://b/p") == {
        "aws_conditional_put": "etag",
        "aws_endpoint": "http://minio.example",
        "allow_http": "true",
    }


@pytest.mark.parametrize(
    "wrong", ["s3://", "s3://b", "/data/lake", "gs://bucket/x", "s3://bucket/a b", "s3://bucket/../x'"]
)
def test_a_place_that_cannot_be_is_refused_by_the_settings(wrong):
    with pytest.raises(ValueError, match="lake"):
        WorkspaceConfig(lake=wrong)


def test_the_workspace_says_where_its_lake_lies(tmp_path):
    assert Workspace.at(tmp_path).lake.root == str(tmp_path / "lake")
    (tmp_path / "config.yaml").write_text("lake: s3://bucket/haina/\n")
    assert Workspace.at(tmp_path).lake == Lake("s3://bucket/haina", cache=str(tmp_path / ".cache"))
