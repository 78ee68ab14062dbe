"""One sentence per comparison: what was held against what, and what became of it.

The idea: the figures stand in the sentence, so that on-call can check the decision without knowing the code. Sentences
are English, as the commands are; the pages and messages speak the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from models.metrics.catalogue import BreakRule, Level, Rate
from models.metrics.profile import Profile
from models.risk.alert_policy import AlertPolicy
from models.risk.merchant_control import MerchantControl
from models.risk.scoring import ODDNESS
from models.risk.settings import LastingSettings
from pipelines.cli_context import short

Row = Mapping[str, Any]
GREY = {
    "not_connected": "its feed or column is not delivered",
    "nothing_to_measure": "nothing to measure",
    "other_window": "the platform looks at another window",
}


@dataclass(frozen=True)
class Told:
    """What sentences are made from: policies, controls, and the rows of the merchant's day."""

    policy: AlertPolicy
    profile: Profile
    control: MerchantControl
    lasting: LastingSettings
    breaks: Mapping[str, tuple[float, int]]
    signals: Sequence[Row]
    legs: Sequence[Row]
    alerts: Sequence[Row]

    @cached_property
    def signal_of(self) -> dict[tuple[str, str], Row]:
        """Signals by metric and window."""
        return {(row["metric"], row["window"]): row for row in self.signals}

    @cached_property
    def leg_of(self) -> dict[str, Row]:
        """Legs by name."""
        return {row["leg"]: row for row in self.legs}

    @cached_property
    def alert_of(self) -> dict[str, Row]:
        """Alerts of the day by id."""
        return {row["alert_id"]: row for row in self.alerts}


def sentence(row: Row, told: Told) -> str:
    """What one comparison compared, and what became of it where it opens."""
    why = _comparison(row, told)
    return f"{why}: {_fate(row, told)}" if row["fate"] else why


def _comparison(row: Row, told: Told) -> str:
    outcome = row["outcome"]
    signal = told.signal_of.get((row["metric"], row["window"]), {})
    if outcome == "stale":
        leg = (row["key"] or row["leg"]).split("/")[0]
        return f"a stale feed mutes the leg ({_reason(told, leg)})"
    if outcome == "excluded":
        return "by policy it opens no alert through this door"
    if outcome == "grey":
        return f"grey: {_grey(signal)}"
    if row["door"] == "anomaly":
        return _anomaly(row, told)
    if row["door"] == "projection":
        return _projection(row, told)
    return _limit(row, signal, told)


def _reason(told: Told, leg: str) -> str:
    return str(told.leg_of.get(leg, {}).get("reason") or "stale")


def _grey(signal: Row) -> str:
    reason = signal.get("grey_reason") or ""
    if reason == "small_sample" and signal.get("sample") is not None:
        return f"{short(signal['sample'])} of {short(signal['min_n'])} needed"
    return GREY.get(reason, reason or "not known")


def _limit(row: Row, signal: Row, told: Told) -> str:
    """Own limits turn red on a probability, a platform's on its arithmetic, states on a figure, breaks on a control."""
    red = row["outcome"] == "opens"
    if signal["kind"] == "break":
        return _break(row, signal, red, told)
    if signal["limit_red"] is None:
        return "red" if red else f"{signal['light']}: it has no red limit"
    observed, limit = short(signal["observed"]), short(signal["limit_red"])
    if signal["limit_kind"] != "platform" and signal["probability_over_limit"] is not None:
        level, threshold = row["level"], told.profile.colouring.red_probability
        said = (
            f"probability {short(level)} {_sign(level, threshold)} {short(threshold)} of being over the limit {limit}"
        )
        return said if red or level < threshold else f"{said}, but {_too_few(row, signal, told)}"
    if signal["limit_kind"] == "platform":
        verb = "breaches" if red else "does not breach"
        return f"{observed} {verb} the platform's limit {limit}, by its own arithmetic"
    metric = told.profile.by_id.get(row["metric"])
    if isinstance(metric, Level) and metric.red_column:
        return f"{signal['light']}: the red limit {limit} is held against {metric.red_column}, not the figure shown"
    return f"{signal['light']}: {observed} against the red limit {limit}"


def _too_few(row: Row, signal: Row, told: Told) -> str:
    metric = told.profile.by_id.get(row["metric"])
    if not isinstance(metric, Rate) or signal["numerator"] is None:
        return f"the light is {signal['light']}"
    bad = signal["numerator"] if metric.better == "lower" else signal["denominator"] - signal["numerator"]
    return f"{short(bad)} of {metric.min_bad} bad events needed for red"


def _break(row: Row, signal: Row, red: bool, told: Told) -> str:
    """A break is red by a quantile of the forecast, by its metric's own control, or by both; a group's is amber."""
    rule = getattr(told.profile.by_id.get(row["metric"]), "red", None)
    needed, among = told.breaks.get(row["metric"], (None, 0))
    parts, met = [], True
    if (rule is None or rule.quantile) and signal["observed"] is not None and signal["limit_red"] is not None:
        met = bool(signal["observed"] < signal["limit_red"])
        quantile = "its red limit" if rule is None else f"{rule.quantile} of the forecast{_days(rule)}"
        parts.append(f"{short(signal['observed'])} {'<' if met else '>='} {short(signal['limit_red'])}, {quantile}")
    if (rule is None or rule.control) and signal["p_value"] is not None and needed is not None:
        enough = signal["p_value"] <= needed
        met = met and enough
        control = f"p {short(signal['p_value'])} {'<=' if enough else '>'} {short(needed)} needed"
        parts.append(f"{control} to pass the metric's control among {among} merchants")
    if not red and met and parts:
        scope = signal["incident_scope"]
        parts.append(f"explained by {short(scope)}" if scope else f"the light is {signal['light']}")
    return "; ".join(parts) or str(signal["light"])


def _days(rule: BreakRule) -> str:
    return f" (on {rule.days} of {rule.of} days, today among them)" if rule.of > 1 else ""


def _projection(row: Row, told: Told) -> str:
    door = told.policy.doors.projection
    if row["outcome"] == "red_already":
        return "red already, so the limit door has it"
    if row["outcome"] == "not_risen":
        probable = f"probability of a breach {short(row['level'])} >= {short(row['threshold'])}"
        return f"{probable}, but the rate has neither surely risen nor is it over the limit by now"
    of_stock = row["window"] == "stock plan"
    if row["outcome"] == "nothing_to_compare":
        return "no stock plan" if of_stock else "nothing to project"
    share = short(100 * door.stock_out.share_of_forecast)
    what = f"that {share} % of the forecast run out before the next receipt" if of_stock else "of a breach"
    return f"probability {what} {short(row['level'])} {_sign(row['level'], row['threshold'])} {short(row['threshold'])}"


def _anomaly(row: Row, told: Told) -> str:
    control, outcome = told.control, row["outcome"]
    if outcome == "nothing_to_compare":
        return "no p-value on this leg"
    if outcome == "other_leg":
        return f"the merchant passes by {control.leg}; its anomaly is named after its smallest leg"
    p_value, needed = short(row["level"]), short(row["threshold"])
    among = f"to pass the control among {control.merchants} merchants ({control.passed} passed)"
    own = told.leg_of.get(row["leg"], {}).get("p_value")
    product = "" if own is None else f" (= {short(own)} x {control.legs} legs)"
    passes = row["level"] <= row["threshold"]
    if outcome == "opens" and not passes and control.leg == ODDNESS and control.p_value <= control.needed:
        return (
            f"p {short(control.p_value)} <= {short(control.needed)} needed {among}, by the oddness of its whole pattern"
        )
    said = f"p {p_value}{product} {'<=' if passes else '>'} {needed} needed {among}"
    if outcome == "opens" and not passes:
        lasting = told.lasting
        often = f"{lasting.days} of the last {lasting.of} days"
        return f"{said}, but the leg's own was below {short(lasting.p_value)} on {often}"
    return said


def _sign(level: float, threshold: float) -> str:
    return ">=" if level >= threshold else "<"


def _fate(row: Row, told: Told) -> str:
    fate, name = row["fate"], row["alert_id"]
    days, quiet = (None if row[one] is None else int(row[one]) for one in ("days", "quiet_days"))
    if fate == "folded":
        return f"shows downstream of {row['root_leg']}, folded under alert {name}"
    if fate == "quiet_false":
        return f"said to be false {_ago(days)} (alert {name}), so quiet for {quiet} days unless it becomes graver"
    if fate == "quiet_person":
        return f"a person closed it {_ago(days)} (alert {name}), so quiet for {quiet} days"
    if fate == "unexplained":
        return "and yet no alert is written: policy or tables have changed since; run the day again"
    verb = {"opened": "opened", "reopened": "opened again", "holds": "keeps open", "closed": "closed today,"}[fate]
    return f"{verb} alert {name}{_standing(told.alert_of.get(name, {}))}"


def _ago(days: int | None) -> str:
    return "today" if not days else f"{days} day{'s' if days > 1 else ''} ago"


def _standing(alert: Row) -> str:
    """Who has the alert, until when it sleeps, and which incident explains it."""
    parts = []
    if alert.get("snoozed_until"):
        parts.append(f"snoozed until {alert['snoozed_until']}")
    elif alert.get("acked_by"):
        parts.append(f"with {short(alert['acked_by'])}")
    if alert.get("incident_id"):
        parts.append(f"inside incident {alert['incident_id']}, told with it")
    return f" ({'; '.join(parts)})" if parts else ""
