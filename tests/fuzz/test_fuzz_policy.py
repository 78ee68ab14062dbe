"""Policy files changed at random: each is read, or refused in one line that names the file; nothing else happens."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from pipelines.defs.alerting.policies import alert_policy, route_policy
from pipelines.defs.forecasts.calendar import market_calendar
from pipelines.defs.forecasts.reading import forecast_policy
from pipelines.defs.marts.step import Freshness
from pipelines.defs.navigation.playbook import load_playbook
from pipelines.defs.navigation.policy import replenishment_policy, segment_policy, staffing_policy
from pipelines.policy import load_profile, load_risk_settings
from pipelines.simulate import load_scenarios
from pipelines.workspace import Workspace, shipped
from pipelines.yaml_file import PolicyFileError, load_yaml

pytestmark = [pytest.mark.faults, pytest.mark.timeout(0)]


def of_day(load: Callable[[Any], Any]) -> Callable[[Workspace], Any]:
    return lambda workspace: load(SimpleNamespace(workspace=workspace, config=workspace.config))


LOADERS: dict[str, Callable[[Workspace], Any]] = {
    "config.yaml": lambda workspace: workspace.config,
    "policy/profiles/amazon_us.yaml": lambda workspace: load_profile(workspace, "amazon_us"),
    "policy/risk.yaml": load_risk_settings,
    "policy/alerting.yaml": alert_policy,
    "policy/routes.yaml": route_policy,
    "policy/segments.yaml": segment_policy,
    "policy/replenishment.yaml": replenishment_policy,
    "policy/staffing.yaml": staffing_policy,
    "policy/forecast.yaml": of_day(forecast_policy),
    "policy/freshness.yaml": lambda workspace: load_yaml(workspace.policy_path("freshness.yaml"), Freshness),
    "policy/scenarios.yaml": lambda workspace: load_scenarios(workspace.policy_path("scenarios.yaml")),
    "policy/playbook/sales.yaml": load_playbook,
    "policy/playbook/settings.yaml": load_playbook,
    "calendars/cn.yaml": of_day(market_calendar),
}
PIECES = (
    b"-1", b"0", b"95", b"1e999", b".nan", b".inf", b"-.inf", b"~", b"true", b"no", b"[]", b"{}", b"''", b'"', b"'",
    b"- ", b": ", b"\n", b"\n  ", b"\t", b"&a ", b"*a", b"&a [*a]", b"!!python/object/apply:os.system [id]",
    b"!!binary x", b"!!set {a}", b"<<: *a", b"? [a]", b"2026-02-30", b"2026-01-01", b"22:00", b"9" * 400,
    b"{observed}", b"{", b"}", b"{0.__class__}", b"\x00", b"\xff", b"\x1b[2J", b"#", b"%YAML 9.9\n", b"---\n",
    b"...\n", b"|\n", b">\n", b"zh-CN", b"en: ''", b"[" * 60, b"- " * 60, b"https://a.example/?token=s3cr3t",
    "\u202e".encode(), "\N{GRINNING FACE}".encode(), b"\xed\xa0\x80",
)  # fmt: skip
VALUE = re.compile(rb"(?<=: )[^\s,}\]]+")


def shipped_bytes(file: str) -> bytes:
    folder, _, name = file.partition("/")
    return (shipped(folder) / name if name else shipped("policy").parent / file).read_bytes()


def with_other_value(data: bytes, random) -> bytes:
    """Put a value of another kind, or of another key, in place of one."""
    values = list(VALUE.finditer(data))
    one, other = random.choice(values), random.choice(values)
    new = random.choice(PIECES) if random.random() < 0.7 else other.group()
    return data[: one.start()] + new + data[one.end() :]


def test_policy_is_read_or_refused_in_one_line(budget, mutate, tmp_path):
    files = {file: shipped_bytes(file) for file in LOADERS}
    workspaces = {file: tmp_path / str(number) for number, file in enumerate(files)}
    for file, home in workspaces.items():
        (home / file).parent.mkdir(parents=True)
    for random in budget:
        file = random.choice(list(files))
        data = with_other_value(files[file], random) if random.random() < 0.5 else mutate(files[file], random, PIECES)
        path = workspaces[file] / file
        path.write_bytes(data)
        try:
            LOADERS[file](Workspace.at(workspaces[file]))
            budget.count("read")
        except PolicyFileError as error:
            said = str(error)
            assert str(workspaces[file]) in said or "/data/" in said, said
            assert said.isprintable(), data
            assert "s3cr3t" not in said, said
            assert len(said) < 3000, said
            budget.count("refused")
