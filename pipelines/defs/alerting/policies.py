"""The policy files of alerting and delivery, read again only when they change."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from models.risk.alert_policy import AlertPolicy
from models.risk.route_policy import Addressed, RoutePolicy
from pipelines.workspace import Workspace
from pipelines.yaml_file import PolicyFileError, load_yaml
from reports.delivery.address import Source
from reports.delivery.egress import Egress
from reports.delivery.outcome import Carrier
from reports.delivery.vendors import Vendors


@cache
def _alerts(path: Path, changed: float) -> AlertPolicy:
    return load_yaml(path, AlertPolicy)


@cache
def _routes(path: Path, changed: float) -> RoutePolicy:
    return load_yaml(path, RoutePolicy)


@cache
def _vendors(path: Path, changed: float) -> Vendors:
    return load_yaml(path, Vendors)


def alert_policy(workspace: Workspace) -> AlertPolicy:
    """Return `policy/alerting.yaml` of the workspace."""
    path = workspace.policy_path("alerting.yaml")
    return _alerts(path, _changed(path))


def vendors(workspace: Workspace) -> Vendors:
    """Return `policy/channels.yaml` of the workspace."""
    path = workspace.policy_path("channels.yaml")
    return _vendors(path, _changed(path))


def route_policy(workspace: Workspace) -> RoutePolicy:
    """Return `policy/routes.yaml` of the workspace.

    Raises
    ------
    PolicyFileError
        When the file is wrong, or names a severity that `alerting.yaml` does not know.
    """
    path = workspace.policy_path("routes.yaml")
    policy = _routes(path, _changed(path))
    levels = alert_policy(workspace).severity.levels
    for where, severity in _severities(policy):
        if severity not in levels:
            reason = f"{where}: no severity {severity!r}; alerting.yaml has {', '.join(levels)}"
            raise PolicyFileError(path, None, reason)
    return policy


def _severities(policy: RoutePolicy) -> Iterator[tuple[str, str]]:
    """Every severity that routes name, and where."""
    for route in policy.routes:
        passing = route.quiet_hours.severities_that_pass if route.quiet_hours else ()
        yield from ((f"route {route.id}", severity) for severity in (*route.severities, *passing))
    ladders = (severity for one in policy.follow_up.escalation for severity in one.severities)
    reminders = (severity for one in policy.follow_up.reminders for severity in one.severities)
    yield from (("follow_up", severity) for severity in (*ladders, *reminders))
    yield from (("inhibition", severity) for rule in policy.inhibition for severity in (rule.over, *rule.holds))


def source_of(workspace: Workspace, route: Addressed) -> Source:
    """Where the address of a route is kept; a file's relative path lies in the workspace's folder of secrets."""
    return Source(route.url_variable, route.url_file, workspace.secrets)


def carrier(workspace: Workspace) -> Carrier:
    """How messages are sent here: whom we may speak to, how long we wait, what channels take."""
    settings, known, policy = workspace.config.delivery, vendors(workspace), route_policy(workspace).alertmanager
    return Carrier(
        egress=Egress(
            hosts=(*known.hosts, *settings.hosts),
            networks=settings.private_networks,
            never=known.never,
            loopback=settings.loopback,
        ),
        vendors=known,
        timeout_seconds=settings.timeout_seconds,
        levels=alert_policy(workspace).severity.levels,
        keep_firing_seconds=policy.keep_firing_minutes * 60,
        silence_seconds=policy.silence_hours * 3600,
    )


def _changed(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0
