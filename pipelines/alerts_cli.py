"""`merchant-gps alerts`: on-call's work from the shell.

Exit status: 0 done, 1 failed with a message that says how to mend it, 2 wrong usage.
"""

from __future__ import annotations

import getpass
from datetime import datetime
from typing import Annotated, Any

import typer

from pipelines.audit_cli import audit, labels
from pipelines.cli_context import AsJson, or_fail, print_json, short, workspace_of
from pipelines.defs.alerting.policies import alert_policy
from pipelines.defs.alerting.story import as_records
from pipelines.feedback import Verdict, alerts_now, give, sorted_for_people
from pipelines.shell import say
from reports.messages.clean import plain

app = typer.Typer(no_args_is_help=True, add_completion=False)
app.command()(audit)
app.command()(labels)

AlertId = Annotated[str, typer.Argument(metavar="ALERT", help="Id of the alert, as `alerts list` prints it.")]
By = Annotated[str, typer.Option("--by", help="Who says it; by default the login name.")]
Comment = Annotated[str, typer.Option("--comment", help="Why, for whoever looks next.")]
WIDE_MERCHANT = 20


@app.command("list")
def list_alerts(
    context: typer.Context,
    status: Annotated[str, typer.Option(help="open, acked, snoozed, resolved, or live (not resolved).")] = "live",
    severity: Annotated[str, typer.Option(help="Only this severity.")] = "",
    merchant: Annotated[str, typer.Option(help="Only this merchant.")] = "",
    leg: Annotated[str, typer.Option(help="Only this leg.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List alerts, the gravest and most costly first."""
    workspace = workspace_of(context)
    if status not in ("live", "open", "acked", "snoozed", "resolved"):
        raise typer.BadParameter(f"{status!r} is not live, open, acked, snoozed or resolved", param_hint="--status")
    now = or_fail(alerts_now, workspace)
    rows = now.rows[now.rows["status"] != "resolved"] if status == "live" else now.rows[now.rows["status"] == status]
    for column, wanted in (("severity", severity), ("merchant_id", merchant), ("leg", leg)):
        rows = rows[rows[column] == wanted] if wanted else rows
    rows = sorted_for_people(rows, alert_policy(workspace).severity.levels)
    if as_json:
        print_json({"as_of": now.as_of, "alerts": as_records(rows.head(limit))})
        return
    say(f"{len(rows)} alerts on {now.as_of}" + (f", the first {limit}:" if len(rows) > limit else ""))
    for row in as_records(rows.head(limit)):
        say(_line(row))


@app.command()
def show(context: typer.Context, alert: AlertId, as_json: AsJson = False) -> None:
    """Print the whole chain of numbers behind an alert: why, who was told, and what would turn it green."""
    from pipelines.explain.alert import alert_story

    chapters = or_fail(alert_story, workspace_of(context), alert)
    if as_json:
        print_json(chapters)
        return
    for name, rows in chapters.items():
        for row in rows:
            _print_row(name, row)


@app.command()
def ack(context: typer.Context, alert: AlertId, by: By = "", comment: Comment = "") -> None:
    """Take an alert on: everything else about it is then yours."""
    _give(context, alert, "ack", by, comment)


@app.command()
def snooze(
    context: typer.Context,
    alert: AlertId,
    until: Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="Last day of the sleep.")],
    by: By = "",
    comment: Comment = "",
) -> None:
    """Let an alert sleep; only the gravest news wakes it."""
    _give(context, alert, "snooze", by, comment, until=until.date())


@app.command()
def resolve(context: typer.Context, alert: AlertId, by: By = "", comment: Comment = "") -> None:
    """Say that the trouble is over; it comes back when the figures stay bad."""
    _give(context, alert, "resolve", by, comment)


@app.command()
def label(
    context: typer.Context,
    alert: Annotated[str, typer.Argument(metavar="ALERT", help="Id of the alert, or of an audit.")],
    verdict: Annotated[str, typer.Option("--verdict", help="true, false or fixed.")],
    by: By = "",
    comment: Comment = "",
) -> None:
    """Say whether the alert was right (`false` silences it, `fixed` closes it), or an audited merchant in trouble."""
    known: dict[str, Verdict] = {"true": "true", "false": "false", "fixed": "fixed"}
    if verdict not in known:
        raise typer.BadParameter(f"{verdict!r} is not true, false or fixed", param_hint="--verdict")
    _give(context, alert, "label", by, comment, verdict=known[verdict])


def _give(context: typer.Context, alert: str, action: Any, by: str, comment: str, **more: Any) -> None:
    workspace = workspace_of(context)
    or_fail(give, workspace, alert, action, by=by or _login(), comment=comment, **more)
    now = alerts_now(workspace).rows
    status = now.loc[now["alert_id"] == alert.strip().upper(), "status"]
    if status.empty and action == "label":
        say(f"{alert.strip().upper()}: label noted; taken over by the next run")
        return
    if status.empty:
        say(f"{alert.strip().lower()}: {action}; nobody is told of it again")
        return
    say(f"{alert.strip().upper()}: {action}, now {status.iloc[0]}; taken over by the next run")


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def _line(row: dict[str, Any]) -> str:
    """One alert on one line that may be cut or searched: id, severity, status, merchant, metric, figures."""
    parts = [
        row["alert_id"],
        f"{row['severity']:<8}",
        f"{row['status']:<8}",
        f"{plain(row['merchant_id'], WIDE_MERCHANT):<{WIDE_MERCHANT}}",
        f"{row['metric']:<34}",
        f"since {row['opened_on']}",
    ]
    figures = {"observed": "observed", "expected": "expected", "money_at_risk": "at risk"}
    parts += [f"{label} {short(row[name])}" for name, label in figures.items() if row[name] is not None]
    people = {"acked_by": "with", "snoozed_until": "until", "incident_id": "in"}
    parts += [f"{label} {plain(row[name])}" for name, label in people.items() if row[name]]
    return "  ".join(parts)


def _print_row(title: str, row: dict[str, Any]) -> None:
    if "text" in row:
        say(
            f"{title}: {row['leg'] if title == 'why' else ''} {row['metric']} {row['door']}: {row['text']}".replace(
                "  ", " "
            )
        )
        return
    known = [(name, value) for name, value in row.items() if value is not None and value != ""]
    say(f"{title}: " + ", ".join(f"{name} {short(value)}" for name, value in known))
