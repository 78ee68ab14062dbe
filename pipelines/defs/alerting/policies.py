"""The two policy files of alerting, read again only when they change."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from models.risk.alert_policy import AlertPolicy
from models.risk.route_policy import RoutePolicy
from pipelines.workspace import Workspace
from pipelines.yaml_file import PolicyFileError, load_yaml


@cache
def _alerts(path: Path, changed: float) -> AlertPolicy:
    return load_yaml(path, AlertPolicy)


@cache
def _routes(path: Path, changed: float) -> RoutePolicy:
    return load_yaml(path, RoutePolicy)


def alert_policy(workspace: Workspace) -> AlertPolicy:
    """Return `policy/alerting.yaml` of the workspace."""
    path = workspace.policy_path("alerting.yaml")
    return _alerts(path, _changed(path))


def route_policy(workspace: Workspace) -> RoutePolicy:
    """Return `policy/routes.yaml` of the workspace.

    Raises
    ------
    PolicyFileError
        When the file is wrong, or a route names a severity that `alerting.yaml` does not know.
    """
    path = workspace.policy_path("routes.yaml")
    policy = _routes(path, _changed(path))
    levels = alert_policy(workspace).severity.levels
    for route in policy.routes:
        passing = route.quiet_hours.severities_that_pass if route.quiet_hours else ()
        for severity in (*route.severities, *passing):
            if severity not in levels:
                reason = f"route {route.id}: no severity {severity!r}; alerting.yaml has {', '.join(levels)}"
                raise PolicyFileError(path, None, reason)
    return policy


def _changed(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0
