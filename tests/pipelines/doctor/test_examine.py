"""Every fault the doctor knows, planted alone in a healthy workspace, is found, and nothing else is."""

import json
import os
import socket
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest
from deltalake import write_deltalake
from filelock import FileLock

from pipelines.buckets import bucket_of
from pipelines.contracts.feeds import feeds
from pipelines.doctor.examine import CHECKS, exit_status, told
from pipelines.doctor.finding import Finding

NOW, TODAY = datetime(2026, 10, 30, 4, tzinfo=UTC), date(2026, 10, 30)
DEAD, LIVING = 99_999_999, 4242
ADDRESS = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#oncall"
SECRET = "not-an-address-but-a-secret-7f3a"
EARLIER = TODAY - timedelta(days=9)


def wrong_zone(ward):
    ward.setting("timezone: Asia/Peking")


def unknown_locale(ward):
    ward.setting("default_locale: fr")


def unknown_profile(ward):
    ward.setting("profile: moon")


def unknown_market(ward):
    ward.setting("market: moon")


def unknown_setting(ward):
    ward.setting("colour: red")


def first_day_to_come(ward):
    ward.setting("start_on: 2062-01-01")


def broken_settings(ward):
    (ward.home / "config.yaml").write_text("currency: [CNY\n", encoding="utf-8")


def no_settings(ward):
    (ward.home / "config.yaml").unlink()


def strange_prophet_merchants(ward):
    ward.setting("forecast: {prophet_merchants: [m1, nobody]}")


def broken_profile(ward):
    ward.edit("policy/profiles/neutral.yaml", "min_bad: 3", "min_bad: -3")


def profile_of_no_column(ward):
    ward.edit("policy/profiles/neutral.yaml", "numerator: fulfilment_dispatched_late", "numerator: fulfilment_late")


def broken_risk(ward):
    ward.edit("policy/risk.yaml", "recent_days: 7", "recent_days: week")


def broken_alerting(ward):
    (ward.home / "policy" / "alerting.yaml").write_text("severity: 7\n", encoding="utf-8")


def policy_that_is_no_yaml(ward):
    (ward.home / "policy" / "staffing.yaml").write_text("a: b: c\n", encoding="utf-8")


def policy_that_is_no_text(ward):
    (ward.home / "policy" / "segments.yaml").write_bytes(b"a: \xff\xfe\n")


def folder_for_a_policy(ward):
    (ward.home / "policy" / "forecast.yaml").unlink()
    (ward.home / "policy" / "forecast.yaml").mkdir()


def broken_calendar(ward):
    ward.edit("calendars/cn.yaml", "market: cn", "market: cn\nmoon: full")


def calendar_that_ends(ward):
    family = {"family": "fair", "name": {"zh-CN": "节", "zh-TW": "節", "en": "Fair"}}
    years = {2026: {"anchor": "2026-11-11", "peak": [["2026-11-11", "2026-11-11"]]}}
    text = json.dumps({"market": "cn", "events": [family | {"years": years}]})
    (ward.home / "calendars" / "cn.yaml").write_text(text, encoding="utf-8")


def broken_routes(ward):
    ward.edit("policy/routes.yaml", "form: webhook", "form: pigeon")


def ladder_to_nowhere(ward):
    ward.edit("policy/routes.yaml", "routes: [oncall-lead-chat]", "routes: [nobody]")


def route_without_variable(ward):
    ward.activate("oncall-chat")


def route_with_a_wrong_address(ward):
    ward.activate("oncall-chat")
    ward.equip(environment={"MERCHANT_GPS_ONCALL_CHAT_URL": SECRET})


def long_quiet_hours(ward):
    ward.activate("oncall-chat")
    ward.equip(environment={"MERCHANT_GPS_ONCALL_CHAT_URL": ADDRESS})
    ward.edit("policy/routes.yaml", "quiet_hours: {from: '22:00', to: '08:00', timezone: Asia/Shanghai, severities",
              "quiet_hours: {from: '08:00', to: '23:00', timezone: Asia/Shanghai, severities")  # fmt: skip


def address_file_for_all(ward):
    ward.activate("oncall-chat")
    ward.edit("policy/routes.yaml", "url_variable: MERCHANT_GPS_ONCALL_CHAT_URL", "url_file: chat.url")
    (ward.home / ".secrets" / "chat.url").write_text(ADDRESS, encoding="utf-8")
    (ward.home / ".secrets" / "chat.url").chmod(0o644)


def no_dagster_file(ward):
    (ward.home / "dagster.yaml").unlink()


def broken_dagster_file(ward):
    (ward.home / "dagster.yaml").write_text("storage: [\n", encoding="utf-8")


def empty_dagster_file(ward):
    (ward.home / "dagster.yaml").write_text("", encoding="utf-8")


def dagster_of_another_workspace(ward):
    ward.edit("dagster.yaml", "base_dir: .dagster", "base_dir: /srv/other-company/.dagster")


def missing_package(ward):
    ward.equip(requirements=lambda: ["duckdb>=2.0", "nowhere>=1"])


def old_package(ward):
    ward.equip(requirements=lambda: ["duckdb>=2.5"])


def two_dagsters(ward):
    ward.equip(version={"dagster": "1.13.3", "dagster-webserver": "1.12.0", "duckdb": "2.0.1"}.get)


def little_disk(ward):
    ward.equip(free_bytes=lambda _: 2 * 10**9)


def no_disk(ward):
    ward.equip(free_bytes=lambda _: 10**8)


def closed_folder(ward):
    ward.equip(writable=lambda path: path.name != "published")


def little_memory(ward):
    ward.equip(engine_bytes=lambda: 4e8)


def lock_left(ward):
    (ward.home / ".locks" / "run.lock").write_text(f"{DEAD}\n{socket.gethostname()}\n", encoding="utf-8")


def lock_of_a_living_process(ward):
    (ward.home / ".locks" / "run.lock").write_text(f"{LIVING}\n{socket.gethostname()}\n", encoding="utf-8")


def lock_of_a_backtest_left(ward):
    (ward.home / ".locks" / "backtest-spring.lock").write_text(f"{DEAD}\n{socket.gethostname()}\n", encoding="utf-8")


def folder_of_dead_work(ward):
    (ward.home / ".scratch" / "ingest-1-dead").mkdir(parents=True)
    (ward.home / ".scratch" / "ingest-1-dead.lock").touch()


def no_merchants(ward):
    ward.forget("ingested_files", "feed = 'merchants'")


def nothing_to_carry_a_day(ward):
    ward.forget("ingested_files", "feed IN ('sales', 'stock', 'service')")


def absent_feed(ward):
    ward.forget("ingested_files", "feed = 'surveys'")


def stale_feed(ward):
    ward.forget("ingested_files", "feed = 'fulfilment'")
    ward.deliveries("fulfilment", EARLIER)


def silent_platform(ward):
    ward.now = NOW + timedelta(days=5)


def file_put_aside(ward):
    said = "column 'gmv' missing"
    ward.deliveries("sales", TODAY, file="2026-10-30-2.csv", status="quarantined", accepted=0, message=said)


def held_rows(ward):
    ward.deliveries("reviews", TODAY, file="2026-10-30-2.csv", held=250)


def strange_merchant_zone(ward):
    month = f"{TODAY:%Y-%m}"
    row = {"merchant_id": "m99", "bucket": bucket_of("m99", 8), "known_on": TODAY, "known_month": month}
    ward.append("merchants", [row | {"timezone": "Mars/Olympus"}])


def other_buckets(ward):
    ward.setting("buckets: 16")


def lake_of_a_newer_version(ward):
    lake = ward.workspace.lake
    table = lake.read("alert_volume")
    newer = table.append_column("mood", pa.nulls(len(table), pa.string()))
    write_deltalake(lake.uri("alert_volume"), newer, mode="overwrite", schema_mode="overwrite")


def broken_table(ward):
    for path in (ward.home / "lake" / "alert_volume" / "_delta_log").glob("*.json"):
        path.write_text("{", encoding="utf-8")


def clock_set_back(ward):
    for feed, meaning in feeds().items():
        if meaning.cadence_hours:
            ward.deliveries(feed, TODAY + timedelta(days=20), file="later.csv")


def missing_day(ward):
    ward.forget("alert_volume", f"as_of = '{TODAY - timedelta(days=1)}'")


def pages_pointer(ward):
    (ward.home / "published" / "pages" / "latest.json").write_text(json.dumps({"day": "2026-10-31"}), encoding="utf-8")


def pages_pointer_cut_short(ward):
    (ward.home / "published" / "pages" / "latest.json").write_text('{"day": "2026', encoding="utf-8")


def warehouse_pointer(ward):
    (ward.home / "published" / "warehouse" / "latest").write_text("gone.duckdb\n", encoding="utf-8")


def half_written_page(ward):
    (ward.home / "published" / "pages" / TODAY.isoformat() / f".page.html.{DEAD}.tmp").touch()


def delivery_never_ended(ward):
    folder = ward.home / "landing" / "sales"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "2026-10-29.csv.part").touch()
    os.utime(folder / "2026-10-29.csv.part", (NOW.timestamp() - 86400,) * 2)


def open_key(ward):
    (ward.home / ".secrets" / "pages.key").chmod(0o644)


def failed_messages(ward):
    ward.message(notification_id="n2", status="failed", attempts=8, error="gave up")


def nobody_delivers(ward):
    ward.message(notification_id="n2", created_at=NOW - timedelta(hours=3))


def no_fonts(ward):
    ward.equip(has_chinese_font=lambda: False)


def no_chromium(ward):
    ward.equip(chromium=lambda: None)


FAULTS = {
    wrong_zone: ("config.timezone", "error"), unknown_locale: ("config.default_locale", "error"),
    unknown_profile: ("config.profile", "error"), unknown_market: ("config.market", "error"),
    unknown_setting: ("config.invalid", "error"), broken_settings: ("config.invalid", "error"),
    first_day_to_come: ("config.start_on", "error"),
    no_settings: ("config.missing", "hint"), strange_prophet_merchants: ("config.prophet_merchants", "warning"),
    broken_profile: ("policy.invalid", "error"), profile_of_no_column: ("policy.invalid", "error"),
    broken_risk: ("policy.invalid", "error"), broken_alerting: ("policy.invalid", "error"),
    policy_that_is_no_yaml: ("policy.invalid", "error"), policy_that_is_no_text: ("policy.invalid", "error"),
    folder_for_a_policy: ("policy.invalid", "error"), broken_calendar: ("calendar.invalid", "error"),
    calendar_that_ends: ("calendar.year", "warning"), broken_routes: ("routes.invalid", "error"),
    ladder_to_nowhere: ("routes.escalation", "error"), route_without_variable: ("routes.no_address", "error"),
    route_with_a_wrong_address: ("routes.bad_address", "error"), long_quiet_hours: ("routes.quiet_hours", "warning"),
    address_file_for_all: ("routes.address_open", "warning"), no_dagster_file: ("dagster.missing", "error"),
    broken_dagster_file: ("dagster.invalid", "error"), empty_dagster_file: ("dagster.invalid", "error"),
    dagster_of_another_workspace: ("dagster.elsewhere", "error"), missing_package: ("versions.missing", "error"),
    old_package: ("versions.too_old", "error"), two_dagsters: ("versions.dagster", "error"),
    little_disk: ("storage.low_disk", "warning"), no_disk: ("storage.low_disk", "error"),
    closed_folder: ("storage.not_writable", "error"), little_memory: ("storage.low_memory", "warning"),
    lock_left: ("locks.left", "error"), lock_of_a_living_process: ("locks.held", "hint"),
    lock_of_a_backtest_left: ("locks.left", "error"), folder_of_dead_work: ("locks.scratch_left", "hint"),
    no_merchants: ("feeds.missing", "error"), absent_feed: ("feeds.absent", "hint"),
    stale_feed: ("feeds.stale", "warning"), silent_platform: ("feeds.silent", "warning"),
    file_put_aside: ("feeds.quarantined", "error"), held_rows: ("feeds.held", "warning"),
    strange_merchant_zone: ("feeds.merchant_zone", "warning"), other_buckets: ("lake.buckets", "error"),
    lake_of_a_newer_version: ("lake.newer", "error"), broken_table: ("lake.unreadable", "error"),
    clock_set_back: ("clock.behind", "warning"), missing_day: ("clock.missing_day", "error"),
    pages_pointer: ("published.pointer", "error"), pages_pointer_cut_short: ("published.pointer", "error"),
    warehouse_pointer: ("published.pointer", "error"), half_written_page: ("published.drafts", "warning"),
    delivery_never_ended: ("landing.unfinished", "warning"), open_key: ("published.key_open", "error"),
    failed_messages: ("delivery.failed", "warning"), nobody_delivers: ("delivery.not_run", "error"),
    no_fonts: ("printing.fonts", "warning"), no_chromium: ("printing.chromium", "hint"),
}  # fmt: skip


def test_a_healthy_workspace_has_nothing(ward):
    assert ward.found() == []
    assert told([]) == "nothing is wrong"
    assert exit_status([]) == 0


@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__)
@pytest.mark.usefixtures("policy_of_unchanged_files")
def test_a_planted_fault_is_found_and_nothing_else(ward, plant):
    plant(ward)
    before = snapshot(ward.home)
    found = ward.found()
    name, severity = FAULTS[plant]
    assert [(one.id, one.severity) for one in found] == [(name, severity)], told(found)
    assert all((found[0].what, found[0].where, found[0].how))
    assert exit_status(found) == (severity == "error")
    assert SECRET not in told(found)
    assert snapshot(ward.home) == before  # it has changed nothing


def snapshot(home):
    return {path: path.lstat().st_mtime_ns for path in sorted(home.rglob("*"))}


def test_without_anything_to_carry_a_day_the_error_says_so(ward):
    nothing_to_carry_a_day(ward)
    assert {one.id for one in ward.found()} == {"feeds.missing", "feeds.absent"}


def test_a_lock_that_is_held_right_now_is_a_hint(ward):
    with FileLock(ward.home / ".locks" / "run.lock", timeout=0):
        assert [(one.id, one.severity) for one in ward.found()] == [("locks.held", "hint")]
    assert ward.found() == []


def test_many_faults_are_told_gravest_first_and_hide_none(ward):
    for plant in (no_chromium, little_memory, missing_day, open_key, no_dagster_file, wrong_zone):
        plant(ward)
    found = ward.found()
    assert {one.id for one in found} == {
        "printing.chromium", "storage.low_memory", "config.timezone", "clock.missing_day", "published.key_open",
        "dagster.missing",
    }  # fmt: skip
    assert [one.severity for one in found] == ["error"] * 4 + ["warning", "hint"]
    assert told(found).endswith("4 errors, 1 warning, 1 hint")


def test_a_check_that_breaks_is_a_finding_and_holds_up_no_other(ward, monkeypatch):
    def broken(patient):
        raise RuntimeError("no luck")

    monkeypatch.setitem(CHECKS, "printing", broken)
    little_memory(ward)
    assert [one.id for one in ward.found()] == ["doctor.check_failed", "storage.low_memory"]


def test_no_workspace_at_all(ward):
    ward.home = ward.home / "nowhere"
    assert [one.id for one in ward.found()] == ["workspace.missing"]


def test_an_empty_folder_is_no_healthy_workspace(ward, tmp_path):
    (tmp_path / "empty").mkdir()
    ward.home = tmp_path / "empty"
    assert {"config.missing", "dagster.missing", "feeds.missing"} <= {one.id for one in ward.found()}


def test_a_clock_far_behind_is_an_error(ward):
    clock_set_back(ward)
    ward.setting("partition_days_ahead: 3")
    assert [(one.id, one.severity) for one in ward.of("clock")] == [("clock.behind", "error")]


def test_findings_are_frozen_and_go_into_json(ward):
    finding = Finding("a.b", "error", "what", "where", "how")
    with pytest.raises(FrozenInstanceError):
        finding.what = "other"
    assert json.loads(json.dumps(finding.as_dict()))["id"] == "a.b"
    assert date.fromisoformat(str(TODAY)) == TODAY
