from pathlib import Path

import pytest

from pipelines import near_files
from pipelines.near_files import forget, near

ROOT = "s3://lake/haina"
PATHS = [f"{ROOT}/sales/known_month=2026-0{month}/part-{month}.parquet" for month in (1, 2)]


@pytest.fixture
def fetched(monkeypatch):
    """Stands in for the storage: every object holds its own address; gives the list of what was fetched."""
    log = []

    def fetch(root, paths, targets):
        log.append(list(paths))
        for path, target in zip(paths, targets, strict=True):
            Path(target).write_text(path)

    monkeypatch.setattr(near_files, "fetch", fetch)
    return log


def test_each_file_is_fetched_once_and_lies_below_its_partition(tmp_path, fetched):
    first = near(ROOT, str(tmp_path), PATHS[:1])
    assert first == [str(tmp_path / "sales/known_month=2026-01/part-1.parquet")]
    assert [Path(path).read_text() for path in near(ROOT, str(tmp_path), PATHS)] == PATHS
    assert near(ROOT, str(tmp_path), []) == []
    assert fetched == [PATHS[:1], PATHS[1:]]
    assert [path.name for path in tmp_path.rglob(".*")] == []


def test_half_a_copy_is_never_taken_for_a_whole_one(tmp_path, fetched, monkeypatch):
    def broken(root, paths, targets):
        Path(targets[0]).write_text("half")
        raise OSError("the line broke")

    with monkeypatch.context() as patch:
        patch.setattr(near_files, "fetch", broken)
        with pytest.raises(OSError, match="the line broke"):
            near(ROOT, str(tmp_path), PATHS[:1])
    assert Path(near(ROOT, str(tmp_path), PATHS[:1])[0]).read_text() == PATHS[0]


def test_copies_of_files_that_are_gone_go_too(tmp_path, fetched):
    old, new = near(ROOT, str(tmp_path), PATHS)
    Path(new).with_name(".part-9.parquet.1.tmp").write_text("half")
    assert forget(ROOT, str(tmp_path), PATHS[1:]) == 2
    assert not Path(old).exists()
    assert Path(new).exists()
