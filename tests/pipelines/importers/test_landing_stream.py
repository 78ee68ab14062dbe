"""Files appear together, or not at all."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.importers.landing_stream import LandingStream

ONE, TWO = pa.table({"a": ["1"]}), pa.table({"a": ["2"]})


def write_all(folder, names, error=None):
    with LandingStream(folder) as stream:
        for name in names:
            stream.write(name, TWO)
        if error:
            raise error


def test_files_grow_piece_by_piece_and_appear_at_the_end(tmp_path):
    folder = tmp_path / "sales"
    with LandingStream(folder) as stream:
        stream.write("2026-10-01.parquet", ONE)
        stream.write("2026-10-01.parquet", TWO)
        stream.write("2026-10-02.parquet", TWO)
        assert [path for path in folder.iterdir() if not path.name.startswith(".")] == []
    assert sorted(path.name for path in folder.iterdir()) == ["2026-10-01.parquet", "2026-10-02.parquet"]
    assert pq.read_table(folder / "2026-10-01.parquet").column("a").to_pylist() == ["1", "2"]


def test_an_error_leaves_what_was_there_before(tmp_path):
    pq.write_table(ONE, tmp_path / "2026-10-01.parquet")
    with pytest.raises(RuntimeError, match="gone"):
        write_all(tmp_path, ["2026-10-01.parquet", "2026-10-02.parquet"], RuntimeError("gone"))
    assert [path.name for path in tmp_path.iterdir()] == ["2026-10-01.parquet"]
    assert pq.read_table(tmp_path / "2026-10-01.parquet").column("a").to_pylist() == ["1"]


def test_a_file_that_was_closed_is_not_begun_anew(tmp_path):
    with pytest.raises(ValueError, match="more than one place"):
        write_all(tmp_path, ["a.parquet", "b.parquet", "a.parquet"])
    assert list(tmp_path.iterdir()) == []


def test_nothing_written_makes_no_folder(tmp_path):
    with LandingStream(tmp_path / "sales"):
        pass
    assert not (tmp_path / "sales").exists()
