"""Policy and calendar files: each is loaded as a run would load it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from models.calendar.market import MarketCalendar
from models.forecasting.policy import ForecastPolicy
from models.replenishment.policy import ReplenishmentPolicy
from models.segments.policy import SegmentPolicy
from models.staffing.policy import StaffingPolicy
from pipelines.defs.alerting.policies import alert_policy, vendors
from pipelines.defs.marts.step import Freshness
from pipelines.defs.navigation.playbook import load_playbook
from pipelines.defs.risk.panel import check_columns
from pipelines.doctor.finding import Finding
from pipelines.doctor.patient import Patient
from pipelines.doctor.policy import DoctorPolicy
from pipelines.policy import load_profile, load_risk_settings
from pipelines.yaml_file import PolicyFileError, load_yaml

MODELS: dict[str, type[Any]] = {
    "doctor.yaml": DoctorPolicy,
    "forecast.yaml": ForecastPolicy,
    "freshness.yaml": Freshness,
    "replenishment.yaml": ReplenishmentPolicy,
    "segments.yaml": SegmentPolicy,
    "staffing.yaml": StaffingPolicy,
}
HOW = "mend the line, or take the file out of the workspace: the shipped one is used then"


def check(patient: Patient) -> Iterator[Finding]:
    """Yield every policy or calendar file that is refused, and a calendar that ends too soon."""
    workspace = patient.workspace
    for name, model in MODELS.items():
        yield from loaded(partial(load_yaml, workspace.policy_path(name), model), workspace.policy_path(name))
    yield from loaded(lambda: alert_policy(workspace), workspace.policy_path("alerting.yaml"))
    yield from loaded(lambda: vendors(workspace), workspace.policy_path("channels.yaml"))
    yield from loaded(lambda: load_risk_settings(workspace), workspace.policy_path("risk.yaml"))
    yield from loaded(lambda: load_playbook(workspace), workspace.policy_path("playbook"))
    yield from _profile(patient)
    yield from _calendar(patient)


def loaded(load: Callable[[], object], path: Path, kind: str = "policy") -> Iterator[Finding]:
    """Yield why a file is refused, if it is."""
    try:
        load()
    except PolicyFileError as error:
        where = f"{error.path}:{error.line}" if error.line else str(error.path)
        yield Finding(f"{kind}.invalid", "error", f"{error.path.name} is refused: {error.reason}", where, HOW)
    except OSError as error:
        yield Finding(
            f"{kind}.unreadable",
            "error",
            f"{path.name} cannot be read ({error.strerror})",
            str(path),
            "let the user who runs merchant-gps read it",
        )


def _profile(patient: Patient) -> Iterator[Finding]:
    name = patient.config.profile
    path = patient.workspace.policy_path(f"profiles/{name}.yaml")
    if not path.exists():
        return  # the check of the settings says so

    def load() -> None:
        profile = load_profile(patient.workspace, name)
        try:
            check_columns(profile)
        except ValueError as error:
            raise PolicyFileError(path, None, str(error)) from None

    yield from loaded(load, path)


def _calendar(patient: Patient) -> Iterator[Finding]:
    path = patient.workspace.calendar_path(f"{patient.config.market}.yaml")
    if not path.exists():
        return
    refused = list(loaded(lambda: load_yaml(path, MarketCalendar), path, "calendar"))
    yield from refused
    if refused:
        return
    years = {year for family in load_yaml(path, MarketCalendar).events for year in family.years}
    needed = (patient.today + timedelta(days=patient.policy.calendar.days_ahead)).year
    if years and needed not in years:
        yield Finding(
            "calendar.year",
            "warning",
            f"the calendar knows no events of {needed}",
            str(path),
            f"write the days of {needed} for each family of events, or take over a newer shipped calendar",
        )
