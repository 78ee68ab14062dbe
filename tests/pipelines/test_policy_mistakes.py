"""Files of settings and policy with every kind of mistake: each is refused with file, line and how to mend it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from pipelines.cli import main
from pipelines.defs.alerting.policies import alert_policy, route_policy
from pipelines.defs.forecasts.calendar import market_calendar
from pipelines.defs.forecasts.reading import forecast_policy
from pipelines.defs.marts.step import Freshness
from pipelines.defs.navigation.playbook import load_playbook
from pipelines.defs.navigation.policy import segment_policy
from pipelines.policy import load_profile, load_risk_settings
from pipelines.simulate import load_scenarios
from pipelines.workspace import REPOSITORY, Workspace, shipped
from pipelines.yaml_file import PolicyFileError, load_yaml

CONFIG, PROFILE, BASE = "config.yaml", "policy/profiles/own.yaml", "policy/profiles/neutral.yaml"
CALENDAR, ROUTES, ALERTS = "calendars/cn.yaml", "policy/routes.yaml", "policy/alerting.yaml"
SCENARIOS, SALES, SETTINGS = "policy/scenarios.yaml", "policy/playbook/sales.yaml", "policy/playbook/settings.yaml"
RISK, SEGMENTS, FRESHNESS, FORECAST = (f"policy/{name}.yaml" for name in ("risk", "segments", "freshness", "forecast"))


def of_day(load: Callable[[Any], Any]) -> Callable[[Workspace], Any]:
    return lambda workspace: load(SimpleNamespace(workspace=workspace, config=workspace.config))


LOADERS: dict[str, Callable[[Workspace], Any]] = {
    CONFIG: lambda workspace: workspace.config,
    PROFILE: lambda workspace: load_profile(workspace, "own"),
    BASE: lambda workspace: load_profile(workspace, "neutral"),
    CALENDAR: of_day(market_calendar),
    ROUTES: route_policy,
    ALERTS: alert_policy,
    SCENARIOS: lambda workspace: load_scenarios(workspace.policy_path("scenarios.yaml")),
    SALES: load_playbook,
    SETTINGS: load_playbook,
    RISK: load_risk_settings,
    SEGMENTS: segment_policy,
    FRESHNESS: lambda workspace: load_yaml(workspace.policy_path("freshness.yaml"), Freshness),
    FORECAST: of_day(forecast_policy),
}


def original(file: str) -> str:
    folder, _, name = file.partition("/")
    path = shipped(folder) / name if name else shipped("policy").parent / file
    return path.read_text(encoding="utf-8")


def edited(file: str, old: str, new: str) -> str:
    text = original(file)
    assert old in text, f"{file} no longer holds {old!r}"
    return text.replace(old, new, 1)


def row(changes: str, metric: str = "fulfilment.late_dispatch") -> str:
    """A profile that changes fields of one metric; the change begins in line 4."""
    return f"extends: neutral\nmetrics:\n  - id: {metric}\n    {changes}\n"


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdefghi", "bcdefghij", strict=True)
)
DEEP = "a: " + "[" * 100_000

# file, its content, part of the place (":line: "), and what the message says
ANYWHERE = {
    "unknown key": ("budgets: 8\n", ":1: ", "unknown key; did you mean 'buckets'?"),
    "misspelt key of a section": ("forecast:\n  horizon: 7\n", ":2: ", "did you mean 'horizon_days'?"),
    "key that is like no other": ("colour: red\n", ":1: ", "unknown key; known here: "),
    "key with a hidden character": (
        "bu\u202eckets: 8\n",
        ":1: ",
        "bu\\u202eckets: unknown key; did you mean 'buckets'?",
    ),
    "key given twice": ("buckets: 8\nrun_hour: 6\nbuckets: 4\n", ":3: ", "'buckets' stands twice (first on line 1)"),
    "tab": ("forecast:\n\thorizon_days: 7\n", ":2: ", "indent with spaces, not tabs"),
    "bracket left open": ("forecast: {horizon_days: 7\nbuckets: 8\n", ":2: ", "not valid YAML"),
    "quote left open": ('platform_name: "Shop\n', ":2: ", "not valid YAML"),
    "two documents": ("buckets: 8\n---\nbuckets: 4\n", ":2: ", "another document"),
    "python object": ("market: !!python/object/apply:os.system [id]\n", ":1: ", "python/object/apply:os.system"),
    "python name": ("market: !!python/name:os.system\n", ":1: ", "not valid YAML"),
    "a billion laughs": (LAUGHS, ":6: ", "aliases unfold to more than 500,000 values"),
    "alias of itself": ("a: &a [*a]\n", ":1: ", "an alias stands for what it is part of; write the values out"),
    "alias of nothing": ("a: *b\n", ":1: ", "undefined alias"),
    "100,000 brackets": (DEEP, ":1: ", "more than 50 levels"),
    "a megabyte of dashes": ("a:\n" + "- " * 500_000, ":2: ", "more than 50 levels"),
    "huge file": ("# " + "x" * (5 << 20), ": ", "larger than 4 MB"),
    "list for a key": ("? [a, b]\n: c\n", ":1: ", "a key must be one word"),
    "number for a key": ("8: buckets\n", ":1: ", "Keys should be strings"),
    "list for a mapping": ("- buckets\n", ":1: ", "should be a valid dictionary"),
    "words for a mapping": ("all as usual\n", ":1: ", "should be a valid dictionary"),
    "control character": ("buckets: 8\nplatform_name: \x1b[2J\n", ":2: ", "a control character stands here"),
    "NUL": ("buckets: 8\nplatform_name: a\0b\n", ":2: ", "a control character stands here"),
    "Latin-1": (
        "buckets: 8\nplatform_name: Büro\n".encode("latin-1"),
        ":2: ",
        "not UTF-8 at byte 27; save it as UTF-8",
    ),
    "GBK": ("platform_name: 商家\n".encode("gbk"), ":1: ", "save it as UTF-8"),
    "UTF-16": ("buckets: 8\n".encode("utf-16"), ":1: ", "save it as UTF-8"),
    "number of 5,000 digits": ("buckets: " + "9" * 5000 + "\n", ":1: ", "digits"),
    "not a number": ("complete_share: .nan\n", ":1: ", ".nan is no number; leave the key out"),
    "no such day": ("start_on: 2026-02-30\n", ":1: ", "day is out of range"),
    "wrong type": ("buckets: many\n", ":1: ", "buckets: Input should be a valid integer"),
    "fraction": ("buckets: 1.5\n", ":1: ", "fractional part; found 1.5"),
    "word for a section": ("forecast: long\n", ":1: ", "forecast: Input should be a valid dictionary"),
    "percent for a share": ("complete_share: 90\n", ":1: ", "a share is a part of 1: write 0.9 for 90 %"),
    "percent in a section": ("ingest:\n  max_reject_share: 5\n", ":2: ", "write 0.05 for 5 %"),
    "yes for a number": (
        "complete_share: yes\n",
        ":1: ",
        "complete_share: yes or no (true, false, on, off) is no number",
    ),
    "yes for a number in a section": (
        "forecast:\n  horizon_days: 28\ningest: {max_reject_share: on}\n",
        ":3: ",
        "is no number",
    ),
    "script for the address of pages": (
        "publishing:\n  base_url: javascript:alert(1)//\n",
        ":2: ",
        "must be the address at which the pages are served",
    ),
    "first day beyond all calendars": ("start_on: 9999-01-01\n", ":1: ", "less than or equal to 2199-12-31"),
    "unknown zone": ("timezone: Asia/Peking\n", ":1: ", "not an IANA time zone such as Asia/Shanghai; found 'Asia/P"),
    "unknown language": ("default_locale: zh_CN\n", ":1: ", "'zh-CN', 'zh-TW' or 'en'"),
    "path for a profile": ("profile: ../../etc/passwd\n", ":1: ", "profile: "),
    "several mistakes": ("buckets: 0\nrun_hour: 24\n", ":2: ", "(1 more after it)"),
}

CASES = {
    **{f"config, {name}": (CONFIG, *case) for name, case in ANYWHERE.items()},
    "calendar of no market": (CONFIG, "market: nowhere\n", "nowhere.yaml: ", "beside it: cn.yaml, us.yaml"),
    "profile, empty": (PROFILE, "", ":1: ", "a profile is a mapping with id, name and metrics"),
    "profile, column": (
        PROFILE, row("numerator: fulfilment_dispatched_lat"), ":4: ", "did you mean 'fulfilment_dispatched_late'?"
    ),
    "profile, column of a mean": (
        PROFILE, row("sum_of_squares: cases_squares", "after_sale.refund_hours"), ":4: ", "no column 'cases_squares'"
    ),
    "profile, column of a state": (
        PROFILE, row("observed: skus_gone", "stock.stockout_now"), ":4: ", "stock.stockout_now.observed: no column"
    ),
    "profile, feed": (
        PROFILE, row("feeds: [fulfillment]"), ":4: ", "no feed 'fulfillment'; did you mean 'fulfilment'?"
    ),
    "profile, code for columns": (PROFILE, row("numerator: __import__('os')"), ":4: ", "is not a sum of columns"),
    "profile, kind": (PROFILE, row("kind: rat"), ":4: ", "kind: 'rat' is none of 'rate', 'mean'"),
    "profile, leg": (PROFILE, row("leg: fulfillment"), ":4: ", "'fulfilment'"),
    "profile, unit": (PROFILE, row("unit: procent"), ":4: ", "found 'procent'"),
    "profile, window": (PROFILE, row("windows: [10, 0]"), ":4: ", "windows.1: Input should be greater"),
    "profile, window in words": (PROFILE, row("windows: 10d"), ":4: ", "windows: Input should be a valid tuple"),
    "profile, key of a metric": (PROFILE, row("min_m: 30"), ":4: ", "unknown key; did you mean 'min_n'?"),
    "profile, percent for a share": (
        PROFILE, row("limits: [{kind: own, amber: 3, red: 4, mark: P, source: own}]"), ":3: ",
        "write parts of 1, such as 0.03 for 3 %",
    ),
    "profile, red milder than amber": (
        PROFILE, row("limits: [{kind: own, amber: 0.04, red: 0.03, mark: P, source: own}]"), ":3: ",
        "red 0.03 must be worse than amber 0.04",
    ),
    "profile, yes for a limit": (
        PROFILE, row("limits: [{kind: own, amber: 0.1, red: yes, mark: P, source: own}]"), ":4: ",
        "fulfilment.late_dispatch.limits.0.red: yes or no",
    ),
    "profile, no for a probability": (
        PROFILE, "extends: neutral\nlevels:\n  cover_days_red: yes\n", ":3: ", "levels.cover_days_red: yes or no",
    ),
    "profile, dates of a limit reversed": (
        PROFILE,
        row("limits: [{kind: own, red: 0.03, mark: P, source: x, valid_from: 2026-05-02, valid_until: 2026-05-01}]"),
        ":4: ", "valid_from 2026-05-02 is after valid_until 2026-05-01",
    ),
    "profile, limit without a value": (
        PROFILE, row("limits: [{kind: own, mark: P, source: own}]"), ":4: ", "needs amber"
    ),
    "profile, probability in percent": (
        PROFILE, "extends: neutral\ncolouring: {red_probability: 97.5}\n", ":2: ", "write 0.975 for 97.5 %"
    ),
    "profile, missing language": (PROFILE, row("name: {zh-CN: 迟, en: Late}"), ":4: ", "zh-TW: missing; add this key"),
    "profile, empty text": (PROFILE, row("name: {zh-CN: 迟, zh-TW: '', en: Late}"), ":4: ", "at least 1 character"),
    "profile, placeholder": (
        PROFILE, row('bad: {zh-CN: "{observed}", zh-TW: "{observed}", en: "{obseved}"}'), ":4: ", "unknown placeholder"
    ),
    "profile, placeholder with code": (
        PROFILE, row('bad: {zh-CN: "{observed}", zh-TW: "{observed}", en: "{observed.__class__}"}'), ":4: ",
        "unknown placeholder 'observed.__class__'",
    ),
    "profile, brace left open": (
        PROFILE, row('bad: {zh-CN: "{observed}", zh-TW: "{observed}", en: "{observed"}'), ":4: ", "'}' before end"
    ),
    "profile, id that is no word": (
        PROFILE, "extends: neutral\nmetrics:\n  - id: [a]\n", ":3: ", "needs an id such as"
    ),
    "profile, id twice": (
        PROFILE, "extends: neutral\nmetrics:\n  - {id: data.stale}\n  - {id: data.stale}\n", ":4: ", "stands twice"
    ),
    "profile, drop that is no list": (
        PROFILE, "extends: neutral\ndrop: data.stale\n", ":2: ", "drop must be a list of ids"
    ),
    "profile, extends a path": (PROFILE, "extends: ../../../../etc/passwd\n", ":1: ", "extends takes the name of one"),
    "profile, extends two": (
        PROFILE, "extends: [neutral, amazon_us]\n", ":1: ", "extends takes the name of one profile"
    ),
    "profile, extends nobody": (PROFILE, "extends: nobody\n", "nobody.yaml: ", "beside it: "),
    "calendar, dates reversed": (
        CALENDAR, edited(CALENDAR, "[[2023-10-21, 2023-10-31]]", "[[2023-10-31, 2023-10-21]]"), ":17: ",
        "the last day 2023-10-21 comes before the first 2023-10-31",
    ),
    "calendar, no such day": (CALENDAR, edited(CALENDAR, "2023-10-21", "2023-10-32"), ":17: ", "day is out of range"),
    "calendar, one day for a list": (
        CALENDAR, edited(CALENDAR, "[[2023-10-21, 2023-10-31]]", "[2023-10-21]"), ":17: ", "presale.0"
    ),
    "calendar, year of another year": (
        CALENDAR, edited(CALENDAR, "anchor: 2023-11-11", "anchor: 2024-11-11"), ":15: ",
        "days from the anchor 2024-11-11",
    ),
    "calendar, missing language": (
        CALENDAR, edited(CALENDAR, ", zh-TW: '雙11'", ""), ":12: ", "the name is missing in zh-TW"
    ),
    "calendar, family twice": (CALENDAR, edited(CALENDAR, "mid_year_618", "double_11"), ":7: ", "stand twice"),
    "calendar, year twice": (
        CALENDAR, edited(CALENDAR, "2024:\n        anchor: 2024", "2023:\n        anchor: 2024"), ":21: ",
        "stands twice",
    ),
    "calendar, phase": (CALENDAR, edited(CALENDAR, "return_wave: 0.85", "returns: 0.85"), ":8: ", "'return_wave'"),
    "calendar, negative lift": (CALENDAR, edited(CALENDAR, "peak: 2.0", "peak: -2.0"), ":8: ", "greater than 0"),
    "routes, unknown zone": (
        ROUTES, "cap_per_merchant_and_day: 3\nroutes:\n  - id: a\n    url_variable: A_URL\n    form: chat\n"
        "    quiet_hours: {from: 22:00, to: 08:00, timezone: Asia/Peking}\n", ":6: ", "'Asia/Peking' is not an IANA"
    ),
    "routes, an address for the name of a variable": (
        ROUTES, "cap_per_merchant_and_day: 3\nroutes:\n  - id: a\n    url_variable: https://chat.example/send?token=s3cr3t\n"
        "    form: chat\n", ":4: ", "a text that may be a secret, and is not shown"
    ),
    "routes, id twice": (
        ROUTES, "cap_per_merchant_and_day: 3\nroutes:\n" + "  - {id: a, url_variable: A_URL, form: chat}\n" * 2,
        ":1: ", "two routes are called 'a'",
    ),
    "routes, waits that shrink": (
        ROUTES, edited(ROUTES, "longest_seconds: 3600", "longest_seconds: 30"), ":19: ", "is shorter than first_seconds"
    ),
    "routes, size class": (ROUTES, edited(ROUTES, "size_classes: [key]", "size_classes: [big]"), "", "'key', 'mid' or"),
    "routes, growth stage": (
        ROUTES, edited(ROUTES, "size_classes: [key]", "growth_stages: [old]"), "", "or 'dormant'; found 'old'"
    ),
    "routes, yes for a number": (
        ROUTES, edited(ROUTES, "merchant_and_day: 3 ", "merchant_and_day: yes "), ":12: ", "is no number"
    ),
    "routes, form": (ROUTES, edited(ROUTES, "form: webhook", "form: webhok"), "", "'webhook'"),
    "alerts, severity": (ALERTS, edited(ALERTS, "severity: critical", "severity: criticl"), "", "'criticl'"),
    "scenarios, least above most": (
        SCENARIOS, edited(SCENARIOS, "onset_days_before_end: [8, 55]", "onset_days_before_end: [55, 8]"), "",
        "the least (55) is above the most (8)",
    ),
    "scenarios, leg": (
        SCENARIOS, edited(SCENARIOS, "root_leg: sales", "root_leg: sale"), "", "root_leg: Input should be"
    ),
    "scenarios, feed": (SCENARIOS, edited(SCENARIOS, "feed: service", "feed: chats"), "", "no feed 'chats'"),
    "scenarios, percent for a share": (
        SCENARIOS, edited(SCENARIOS, "share: 0.03", "share: 3"), "", "write 0.03 for 3 %"
    ),
    "playbook, column": (SALES, edited(SALES, "column: observed", "column: obseved"), "", "has no column 'obseved'"),
    "playbook, missing language": (
        SALES, edited(SALES, "      zh-TW:", "      zh-HK:"), ":24: ", "did you mean 'zh-TW'?"
    ),
    "playbook, placeholder": (SALES, edited(SALES, "Low since {since}", "Low since {sinse}"), "", "sinse"),
    "playbook, percent for a share": (
        SALES, edited(SALES, "recoverable_share: 0.3", "recoverable_share: 30"), ":13: ", "write 0.3 for 30 %"
    ),
    "playbook, situation twice": (
        SALES, edited(SALES, "id: traffic-drop", "id: sales-below-forecast"), "", "stands twice (first in sales.yaml)"
    ),
    "playbook, formula": (SALES, edited(SALES, "formula: volume_drop", "formula: volume"), "", "no formula 'volume'"),
    "playbook, empty": (SALES, "", ":1: ", "the file is empty; situations: missing; add this key"),
    "playbook settings, empty": (SETTINGS, "", ":1: ", "the file is empty"),
    "calendar, yes for a lift": (CALENDAR, edited(CALENDAR, "peak: 2.0", "peak: yes"), ":8: ", "is no number"),
    "risk, percent for a share": (RISK, edited(RISK, "sanction_share: 0.3", "sanction_share: 30"), "", "0.3 for 30 %"),
    "segments, order": (
        SEGMENTS, edited(SEGMENTS, "key_share: 0.80", "key_share: 0.99"), "", "must be below mid_share"
    ),
    "freshness, order": (
        FRESHNESS, edited(FRESHNESS, "late_hours: 26", "late_hours: 99"), "", "99 must not be above stale_hours 50"
    ),
    "freshness, feed": (FRESHNESS, edited(FRESHNESS, "[sales,", "[sale,"), "", "no feed 'sale'"),
    "forecast, key": (FORECAST, "histori: {}\n", ":1: ", "did you mean 'history'?"),
}  # fmt: skip


def put(workspace: Workspace, file: str, content: str | bytes) -> None:
    path = workspace.home / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_mistake_is_refused_with_file_line_and_how_to_mend_it(tmp_path, case):
    file, content, place, reason = case
    workspace = Workspace.at(tmp_path)
    put(workspace, file, content)
    load = (
        LOADERS[CALENDAR] if "market: " in str(content) and file == CONFIG and "nowhere" in content else LOADERS[file]
    )
    with pytest.raises(PolicyFileError) as caught:
        load(workspace)
    said = str(caught.value)
    assert place in said
    assert reason in said
    if not place.endswith(".yaml: "):
        assert said.startswith(f"{workspace.home / file}:")
        assert caught.value.line or "MB" in said
    assert said.isprintable()
    assert len(said) < 900
    assert "s3cr3t" not in said


@pytest.mark.parametrize("file", [file for file in LOADERS if file not in (PROFILE, CONFIG)])
def test_a_missing_file_is_the_shipped_one(tmp_path, file):
    own, shipped_one = Workspace.at(tmp_path / "own"), Workspace.at(tmp_path / "none")
    put(own, file, original(file))
    assert LOADERS[file](shipped_one) == LOADERS[file](own)


def test_hours_may_be_written_without_quotes(tmp_path):
    # YAML 1.1 reads 22:30 as 1350 seconds, which would be a quarter past midnight.
    workspace = Workspace.at(tmp_path)
    hours = "quiet_hours: {from: 22:30, to: 08:00, timezone: Asia/Shanghai}"
    put(workspace, ROUTES, "cap_per_merchant_and_day: 3\nroutes:\n"
        f"  - {{id: a, url_variable: A_URL, form: chat, {hours}}}\n")  # fmt: skip
    quiet = route_policy(workspace).routes[0].quiet_hours
    assert (quiet.start.isoformat(), quiet.end.isoformat()) == ("22:30:00", "08:00:00")


def test_a_folder_in_place_of_a_file_is_said_so(tmp_path):
    (tmp_path / "policy" / "segments.yaml").mkdir(parents=True)
    with pytest.raises(PolicyFileError, match="a folder stands where a file is meant"):
        segment_policy(Workspace.at(tmp_path))


@pytest.mark.parametrize(
    ("file", "content", "arguments"),
    [
        (CONFIG, LAUGHS, ["simulate"]),
        (SCENARIOS, "scenarios: 7\n", ["simulate", "--merchants", "5", "--days", "30"]),
        (CALENDAR, "market: cn\nevents: \x1b[2J\n", ["simulate", "--merchants", "5", "--days", "30"]),
    ],
)
def test_the_command_ends_with_one_line_and_status_1(tmp_path, monkeypatch, capsys, file, content, arguments):
    monkeypatch.setenv("DAGSTER_HOME", "")
    workspace = Workspace.at(tmp_path)
    shutil.copy(REPOSITORY / "dagster.yaml", tmp_path / "dagster.yaml")
    put(workspace, file, content)
    with pytest.raises(SystemExit) as ended:
        main(["--home", str(tmp_path), *arguments])
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert f"error: {workspace.home / file}:" in said
    assert "Traceback" not in said
    assert "\x1b[2J" not in said
