from pathlib import Path

import yaml

from pipelines.doctor.instance import folders_of


def test_folders_are_found_where_dagster_reads_them(tmp_path):
    values = {"storage": {"sqlite": {"base_dir": ".dagster"}}, "other": [{"base_dir": "/srv/x"}], "name": "base_dir"}
    assert sorted(folders_of(values, tmp_path)) == sorted([tmp_path / ".dagster", Path("/srv/x")])


def test_the_owner_of_a_foreign_storage_is_named(ward, tmp_path):
    other = tmp_path / "other-company"
    (other / ".dagster").mkdir(parents=True)
    (other / "config.yaml").touch()
    ward.edit("dagster.yaml", "base_dir: .dagster", f"base_dir: {other / '.dagster'}")
    (found,) = ward.of("instance")
    assert found.id == "dagster.elsewhere"
    assert f"of the workspace {other}" in found.what


def test_a_storage_in_postgresql_has_no_folder(ward):
    settings = {"storage": {"postgres": {"postgres_db": {"hostname": "db", "password": {"env": "PASSWORD"}}}}}
    (ward.home / "dagster.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    assert ward.of("instance") == []
