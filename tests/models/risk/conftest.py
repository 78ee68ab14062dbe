"""A tiny world for the lifecycle of alerts: tables of a day written by hand."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
import yaml

from models.risk.alert_policy import AlertPolicy
from models.risk.alert_state import no_alerts
from models.risk.evidence import SIGNAL_COLUMNS, DayTables
from models.risk.lifecycle import Context, advance

START = date(2026, 10, 1)
NUMBERS = SIGNAL_COLUMNS[5:14]
POLICY = Path(__file__).parents[3] / "data" / "policy" / "alerting.yaml"


def signal(merchant="m1", metric="fulfilment.late_dispatch", light="red", **values):
    """A row of metric_signals: late dispatch of 6 % against a limit of 4 %."""
    row = {
        "merchant_id": merchant,
        "metric": metric,
        "window": "10d",
        "leg": "fulfilment",
        "kind": "rate",
        "observed": 0.06,
        "expected": 0.02,
        "limit_amber": 0.03,
        "limit_red": 0.04,
        "probability_over_limit": 0.99,
        "better": "lower",
        "light": light,
    }
    return {**dict.fromkeys(SIGNAL_COLUMNS), **row, **values}


def calm_signal(merchant="m1", metric="fulfilment.late_dispatch", **values):
    """The same metric, well inside its limit."""
    return signal(merchant, metric, "green", **{"observed": 0.01, "probability_over_limit": 0.01, **values})


def frame(rows, columns, **dtypes):
    return pd.DataFrame(rows, columns=columns).astype(dtypes)


def day_tables(signals=(), stock=(), legs=(), risk=(), roots=(), as_of=START):
    numbers = dict.fromkeys(NUMBERS, "float64")
    return DayTables(
        signals=frame(list(signals), list(SIGNAL_COLUMNS), since="datetime64[s]", **numbers),
        stock=frame(
            list(stock),
            ["merchant_id", "level", "days_to_harm", "money_at_risk"],
            level=float,
            days_to_harm=float,
            money_at_risk=float,
        ),
        legs=frame(list(legs), ["merchant_id", "leg", "p_value", "reason"], p_value=float),
        risk=frame(
            list(risk),
            ["merchant_id", "flagged", "p_value_leg", "lasting_leg", "money_at_risk"],
            money_at_risk=float,
        ),
        roots=frame(list(roots), ["merchant_id", "leg", "root_leg"]).astype(object),
        as_of=as_of,
    )


def feedback_rows(rows=()):
    columns = ["feedback_id", "alert_id", "given_at", "action", "verdict", "by", "comment", "until", "known_on"]
    made = [{**dict.fromkeys(columns), "feedback_id": f"f{number}", **row} for number, row in enumerate(rows)]
    return frame(made, columns, given_at="datetime64[s]", until="datetime64[s]", known_on="datetime64[s]")


def day_context(said=(), incidents=(), merchants=()):
    incident_columns = ["incident_id", "scope", "group", "leg", "p_value", "opened_on"]
    return Context(
        feedback=feedback_rows(said),
        incidents=frame(list(incidents), incident_columns, opened_on="datetime64[s]", p_value=float),
        merchants=frame(list(merchants), ["merchant_id", "category", "region", "carrier", "warehouse"]),
    )


@dataclass
class World:
    """Days go by; what each said, and the alerts of each."""

    policy: AlertPolicy
    history: list = field(default_factory=list)
    said: list = field(default_factory=list)

    @property
    def today(self):
        return START + timedelta(days=len(self.history) - 1)

    def tomorrow(self, *signals, incidents=(), merchants=(), **tables):
        as_of = START + timedelta(days=len(self.history))
        context = day_context([row for row in self.said if row["known_on"] <= as_of], incidents, merchants)
        alerts = advance(self.previous(as_of), day_tables(signals, as_of=as_of, **tables), context, self.policy, as_of)
        self.history.append(alerts.assign(as_of=pd.Timestamp(as_of)))
        return alerts

    def previous(self, as_of):
        """What the step reads: the newest row of each alert within the policy's memory."""
        if not self.history:
            return no_alerts()
        rows = pd.concat(self.history, ignore_index=True).sort_values("as_of")
        newest = rows.drop_duplicates("alert_id", keep="last")
        recent = newest["as_of"] >= pd.Timestamp(as_of) - pd.Timedelta(days=self.policy.lifecycle.memory_days)
        return newest[recent].drop(columns="as_of")

    def say(self, alert_id, action, **values):
        """Feedback given today takes effect tomorrow."""
        as_of = START + timedelta(days=len(self.history))
        self.said.append(
            {
                "alert_id": alert_id,
                "action": action,
                "given_at": pd.Timestamp(as_of),
                "known_on": as_of,
                "by": "Li",
                **values,
            }
        )


@pytest.fixture(scope="session")
def alert_policy():
    return AlertPolicy.model_validate(yaml.safe_load(POLICY.read_text(encoding="utf-8")))


@pytest.fixture
def world(alert_policy):
    return World(alert_policy)


@pytest.fixture(scope="session")
def make():
    """Builders of hand-made rows."""

    class Make:
        signal = staticmethod(signal)
        calm = staticmethod(calm_signal)
        tables = staticmethod(day_tables)
        feedback = staticmethod(feedback_rows)
        context = staticmethod(day_context)
        world = World
        start = START

    return Make
