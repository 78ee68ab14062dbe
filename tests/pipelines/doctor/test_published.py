import os
from datetime import date

TODAY = date(2026, 10, 30)


def test_a_file_that_is_being_written_is_no_fault(ward):
    pages = ward.home / "published" / "pages" / TODAY.isoformat()
    (pages / ".page.html.4242.tmp").touch()  # a process that lives
    assert ward.of("published") == []
    (pages / ".page.html.99999999.tmp").touch()
    assert [one.id for one in ward.of("published")] == ["published.drafts"]


def test_a_delivery_that_is_still_coming_is_no_fault(ward):
    folder = ward.home / "landing" / "sales"
    folder.mkdir(parents=True)
    path = folder / "2026-10-30.csv.part"
    path.touch()
    for hours, expected in ((1, []), (7, ["landing.unfinished"])):
        os.utime(path, (ward.now.timestamp() - hours * 3600,) * 2)
        assert [one.id for one in ward.of("published")] == expected


def test_a_link_to_nowhere(ward):
    warehouse = ward.home / "published" / "warehouse"
    (warehouse / "latest.duckdb").unlink()
    (warehouse / "latest.duckdb").symlink_to("gone.duckdb")
    assert [one.where for one in ward.of("published")] == [str(warehouse / "latest.duckdb")]


def test_nothing_published_yet_is_no_fault(ward):
    import shutil

    shutil.rmtree(ward.home / "published")
    assert ward.of("published") == []
