"""Pages copied to a real S3 server on loopback (moto)."""

import shutil
from datetime import date

import pytest

from pipelines import object_storage
from pipelines.defs.publishing import copy, step
from pipelines.defs.publishing.copy import copy_pages
from pipelines.defs.publishing.files import drop_old_days, show_day, write_text
from pipelines.object_storage import ObjectStorageError, listed
from pipelines.workspace import Workspace

D1, D2 = date(2026, 10, 1), date(2026, 10, 2)
ROOT = "s3://pages/gps"


@pytest.fixture
def client(s3_client):
    s3_client.create_bucket(Bucket="pages")
    return s3_client


def publish(pages, day, text):
    for name in (f"{day}/one.html", f"{day}/one-stock.csv", "static/style.css"):
        (pages / name).parent.mkdir(parents=True, exist_ok=True)
        write_text(pages / name, f"{text} {name}")
    (pages / str(day) / ".one.html.7.tmp").touch()
    show_day(pages, day, "Haina")


def test_a_day_is_copied_whole_and_again_only_what_changed(client, tmp_path):
    publish(tmp_path, D1, "first")
    assert copy_pages(tmp_path, ROOT, D1) == 5
    assert set(listed(ROOT)) == {
        "2026-10-01/one.html", "2026-10-01/one-stock.csv", "static/style.css", "index.html", "latest.json",
    }  # fmt: skip
    page = client.get_object(Bucket="pages", Key="gps/2026-10-01/one.html")
    assert (page["Body"].read(), page["ContentType"]) == (b"first 2026-10-01/one.html", "text/html")
    assert copy_pages(tmp_path, ROOT, D1) == 0
    write_text(tmp_path / "2026-10-01" / "one.html", "second")
    assert copy_pages(tmp_path, ROOT, D1) == 1


def test_what_names_the_day_comes_last_and_old_days_go_after_it(client, tmp_path, monkeypatch):
    publish(tmp_path, D1, "first")
    copy_pages(tmp_path, ROOT, D1)
    order = []
    monkeypatch.setattr(copy, "put", lambda root, files: (order.append(sorted(files)), object_storage.put(root, files)))
    monkeypatch.setattr(
        copy, "remove", lambda root, names: (order.append("remove"), object_storage.remove(root, names))
    )
    publish(tmp_path, D2, "second")
    drop_old_days(tmp_path, D2, 0)
    copy_pages(tmp_path, ROOT, D2)
    assert order == [
        ["static/style.css"], ["2026-10-02/one-stock.csv", "2026-10-02/one.html"],
        ["index.html", "latest.json"], "remove",
    ]  # fmt: skip
    assert {name.partition("/")[0] for name in listed(ROOT)} == {"static", "2026-10-02", "index.html", "latest.json"}


def test_an_older_day_is_copied_beside_the_one_that_is_shown(client, tmp_path):
    publish(tmp_path, D2, "shown")
    publish(tmp_path, D1, "late")
    copy_pages(tmp_path, ROOT, D1)
    assert {"2026-10-01/one.html", "2026-10-02/one.html"} <= set(listed(ROOT))
    assert b"2026-10-02" in client.get_object(Bucket="pages", Key="gps/latest.json")["Body"].read()


def test_the_tower_copies_where_the_settings_say(client, published_day):
    from dataclasses import replace

    with (published_day.workspace.home / "config.yaml").open("a", encoding="utf-8") as config:
        config.write(f"\npublishing: {{copy_to: '{ROOT}/'}}\n")
    day = replace(published_day, workspace=Workspace.at(published_day.workspace.home))
    step.pages(day)
    assert listed(ROOT) == {}
    step.tower(day)
    there = set(listed(ROOT))
    assert {f"{day.as_of}/{path.name}" for path in step.day_folder(day).glob("[!.]*")} <= there
    assert {"latest.json", "index.html", "static/plotly.min.js"} <= there
    shutil.rmtree(step.day_folder(day))
    assert {name.partition("/")[0] for name in copy._outdated(day.workspace.pages, there)} == {str(day.as_of)}


def test_a_bucket_that_is_not_there_is_said_so(client, tmp_path):
    publish(tmp_path, D1, "first")
    with pytest.raises(ObjectStorageError, match="there is no such bucket at http://127"):
        copy_pages(tmp_path, "s3://nowhere/gps", D1)
