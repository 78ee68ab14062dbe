"""Decisions over a whole batch: duplicates, files put aside, and hashes that meet by chance."""

from __future__ import annotations

from pipelines.contracts import expressions


def test_a_conflict_is_one_of_keys_not_of_hashes(landing, make_storefront, monkeypatch):
    real = expressions.hashes
    same = "CAST(1 AS UBIGINT) AS key_hash, "
    monkeypatch.setattr(expressions, "hashes", lambda feed: same + real(feed).split(" AS key_hash, ")[1])
    landing.csv("storefront", "2026-10-01.csv", make_storefront(), make_storefront(merchant_id="m2", visitors=3))
    report = landing.ingest().feeds["storefront"]
    assert (report.accepted, report.rejected) == (2, 0)


def test_the_same_key_in_two_files_is_no_conflict(landing, make_storefront):
    landing.csv("storefront", "2026-10-01.csv", make_storefront())
    landing.csv("storefront", "2026-10-02.csv", make_storefront(visitors=10))
    report = landing.ingest().feeds["storefront"]
    assert (report.accepted, report.rejected) == (2, 0)


def test_rows_of_a_file_put_aside_do_not_count_as_versions(landing, make_storefront):
    bad = [make_storefront(merchant_id=f"m{number}", visitors=-1) for number in range(1, 7)]
    landing.csv("storefront", "2026-10-01.csv", make_storefront(date="2026-09-30"), *bad)
    landing.csv("storefront", "2026-10-02.csv", make_storefront(date="2026-09-30"))
    report = landing.ingest().feeds["storefront"]
    assert len(report.quarantined) == 1
    assert (report.accepted, report.unchanged, report.rejected) == (1, 0, 7)


def test_held_rows_do_not_count_as_bad(landing, make_storefront):
    rows = [make_storefront(merchant_id=f"unknown-{number}") for number in range(20)]
    landing.csv("storefront", "2026-10-01.csv", make_storefront(), *rows)
    report = landing.ingest().feeds["storefront"]
    assert (report.accepted, report.held, report.rejected, report.quarantined) == (1, 20, 0, ())


def test_the_share_and_the_merchants_are_settings(landing, make_storefront):
    (landing.workspace.home / "config.yaml").write_text(
        "buckets: 2\ningest: {max_reject_share: 0.5, min_reject_merchants: 1}\n", encoding="utf-8"
    )
    strict = type(landing)(type(landing.workspace).at(landing.workspace.home))
    strict.csv("storefront", "2026-10-01.csv", make_storefront(), make_storefront(merchant_id="m2", visitors=-1))
    strict.csv("storefront", "2026-10-02.csv", make_storefront(merchant_id="m3"), *[make_storefront(visitors=-1)] * 2)
    report = strict.ingest().feeds["storefront"]
    assert (report.accepted, len(report.quarantined)) == (1, 1)
    assert "2 of 3 rows from 1 merchants break the contract, more than 50%" in report.quarantined[0]
