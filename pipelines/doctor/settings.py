"""`config.yaml`: can it be read, and does what it names exist."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.config import WorkspaceConfig, load_config
from pipelines.doctor.finding import Finding
from pipelines.doctor.patient import Patient
from pipelines.workspace import shipped
from pipelines.yaml_file import PolicyFileError

HOW = {
    "timezone": "write an IANA zone such as Asia/Shanghai; it is the platform's statistics day",
    "default_locale": "write zh-CN, zh-TW or en",
}


def check(patient: Patient) -> Iterator[Finding]:
    """Yield what is wrong with the settings."""
    path = patient.workspace.home / "config.yaml"
    if not path.exists():
        yield Finding(
            "config.missing",
            "hint",
            "there is no config.yaml; all settings are defaults",
            str(path),
            f"run merchant-gps init for a new folder, or copy {shipped('policy').parent / 'config.yaml'}",
        )
    try:
        load_config(path)
    except PolicyFileError as error:
        yield _refused(error)
        return
    except OSError as error:
        yield Finding(
            "config.unreadable",
            "error",
            f"config.yaml cannot be read ({error.strerror})",
            str(path),
            "let the user who runs merchant-gps read it",
        )
        return
    yield from _names(patient, patient.config)


def _refused(error: PolicyFileError) -> Finding:
    field = error.reason.partition(":")[0].strip()
    name = field if field in WorkspaceConfig.model_fields else "invalid"
    where = f"{error.path}:{error.line}" if error.line else str(error.path)
    return Finding(
        f"config.{name}",
        "error",
        f"config.yaml is refused: {error.reason}",
        where,
        HOW.get(name, "mend the line; docs/guide/operator.md lists the settings"),
    )


def _names(patient: Patient, config: WorkspaceConfig) -> Iterator[Finding]:
    """Profile, market and merchants that the settings name."""
    workspace, where = patient.workspace, str(patient.workspace.home / "config.yaml")
    folders = (workspace.home / "policy" / "profiles", shipped("policy") / "profiles")
    profiles = sorted({path.stem for folder in folders if folder.is_dir() for path in folder.glob("*.yaml")})
    if config.profile not in profiles:
        yield Finding(
            "config.profile",
            "error",
            f"no policy profile is called {config.profile!r}",
            where,
            f"write one of {', '.join(profiles)}",
        )
    if not workspace.calendar_path(f"{config.market}.yaml").exists():
        yield Finding(
            "config.market",
            "error",
            f"no calendar is called {config.market!r}",
            where,
            f"write another market, or make {workspace.home / 'calendars' / (config.market + '.yaml')}",
        )
    yield from _first_day(patient, config, where)
    yield from _prophet(patient, config, where)


def _first_day(patient: Patient, config: WorkspaceConfig, where: str) -> Iterator[Finding]:
    if config.start_on > patient.today:
        yield Finding(
            "config.start_on",
            "error",
            f"the first day that can be navigated is {config.start_on}, and today is {patient.today}",
            where,
            "set start_on to the first day of the history, or an earlier one",
        )


def _prophet(patient: Patient, config: WorkspaceConfig, where: str) -> Iterator[Finding]:
    named = set(config.forecast.prophet_merchants)
    if not named:
        return
    known = {row["merchant_id"] for row in patient.rows("merchants", ["merchant_id"])}
    unknown = sorted(named - known)
    if unknown:
        shown = ", ".join(repr(one) for one in unknown[:5])
        yield Finding(
            "config.prophet_merchants",
            "warning",
            f"forecast.prophet_merchants names {len(unknown)} unknown merchants: {shown}",
            where,
            "write merchant_ids as the feed merchants has them, or take them out",
        )
