from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from models.metrics.catalogue import Break, BreakRule, Level, Limit, Mean, Metric, Rate, Ratio

WORDS = {"zh-CN": "名", "zh-TW": "名", "en": "Name"}
BASE = {"id": "fulfilment.late", "leg": "fulfilment", "feeds": ["fulfilment"], "unit": "percent",
        "name": WORDS, "short": WORDS, "how": WORDS, "good": WORDS, "bad": WORDS}  # fmt: skip
QUOTIENT = {"numerator": "a", "denominator": "b", "windows": [10, 30], "min_n": 30}
OWN = {"kind": "own", "amber": 0.03, "red": 0.04, "mark": "P", "source": "own"}


def metric(**changes):
    return TypeAdapter(Metric).validate_python(BASE | changes)


def test_each_kind_becomes_its_own_class():
    assert isinstance(metric(kind="rate", **QUOTIENT), Rate)
    assert isinstance(metric(kind="mean", **QUOTIENT, sum_of_squares="c"), Mean)
    assert isinstance(metric(kind="ratio", **QUOTIENT), Ratio)
    assert isinstance(metric(kind="level", window="today", observed="skus_out"), Level)
    rules = {"amber": {"quantile": "q10", "days": 2, "of": 3}, "red": {"control": True}}
    assert isinstance(
        metric(kind="break", window="day", measure="units", horizon=1, min_n=14, mark="P", source="own", **rules), Break
    )


def test_windows_and_columns():
    one = metric(kind="mean", **QUOTIENT, sum_of_squares="c + d", lag=7)
    assert one.window_labels == ("10d", "30d")
    assert one.columns == ("a", "b", "c", "d")
    assert one.days_needed == 37
    ratio = metric(kind="ratio", **QUOTIENT, size="e")
    assert ratio.columns == ("a", "b", "e")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kind": "rate"}, "numerator"),
        ({"kind": "rate", **QUOTIENT, "numerator": "a * b"}, "sum of columns"),
        ({"kind": "mood", **QUOTIENT}, "kind"),
        ({"kind": "rate", **QUOTIENT, "id": "Late Dispatch"}, "id"),
        ({"kind": "rate", **QUOTIENT, "windows": []}, "windows"),
        ({"kind": "rate", **QUOTIENT, "better": "lower", "limits": [OWN | {"red": 0.02}]}, "worse than amber"),
        ({"kind": "rate", **QUOTIENT, "better": "higher", "limits": [OWN]}, "worse than amber"),
        ({"kind": "rate", **QUOTIENT, "colour": "blue"}, "colour"),
        ({"kind": "mean", **QUOTIENT}, "sum_of_squares"),
    ],
)
def test_what_cannot_work_is_refused(changes, reason):
    with pytest.raises(ValidationError, match=reason):
        metric(**changes)


@pytest.mark.parametrize(
    ("limit", "reason"),
    [
        ({"kind": "peer"}, "min_effect"),
        ({"kind": "peer", "min_effect": 0.1, "red": 0.2}, "worst quarter"),
        ({"kind": "own"}, "amber, red or both"),
        ({"kind": "platform", "amber": 0.1}, "needs red"),
    ],
)
def test_limits_must_be_complete(limit, reason):
    with pytest.raises(ValidationError, match=reason):
        Limit(mark="P", source="own", **limit)


def test_limits_hold_between_their_dates_and_the_last_one_wins():
    one = metric(
        kind="rate", **QUOTIENT,
        limits=[
            OWN,
            OWN | {"red": 0.05, "valid_from": "2026-03-10"},
            {"kind": "platform", "red": 0.1, "mark": "O", "source": "x", "valid_until": "2026-03-09"},
        ],
    )  # fmt: skip
    assert one.limit_of("own", date(2026, 3, 9)).red == 0.04
    assert one.limit_of("own", date(2026, 3, 10)).red == 0.05
    assert one.limit_of("platform", date(2026, 3, 9)).red == 0.1
    assert one.limit_of("platform", date(2026, 3, 10)) is None
    assert one.limit_of("peer", date(2026, 3, 10)) is None


def test_break_rules():
    with pytest.raises(ValidationError, match="never be met"):
        BreakRule(quantile="q10", days=4, of=3)
    with pytest.raises(ValidationError, match="quantile, control"):
        BreakRule()


def test_a_level_with_two_columns_may_have_limits_in_any_order():
    limits = [OWN | {"amber": 0.05, "red": 0.0}]
    assert metric(kind="level", window="day", observed="share", red_column="count", limits=limits).columns == (
        "share",
        "count",
    )
    with pytest.raises(ValidationError, match="worse than amber"):
        metric(kind="level", window="day", observed="share", limits=limits)


def test_rules_of_platforms_bring_their_columns_and_their_days():
    counted = {"kind": "platform", "red": 0.005, "mark": "O", "source": "page", "count": {"of": "e", "at_most": 3}}
    one = metric(kind="rate", **QUOTIENT, lag=7, limits=[counted], look_back={"counts": "b", "at_least": 400},
                 needs={"counts": "d", "at_least": 100, "days": 365})  # fmt: skip
    assert one.columns == ("a", "b", "d", "e")
    assert one.days_needed == 365


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"windows": [30], "look_back": {"counts": "b", "at_least": 4}}, "chooses between two windows"),
        ({"windows": [30, 10], "look_back": {"counts": "b", "at_least": 4}}, "the shorter first"),
        ({"windows": [401]}, "less than or equal to 400"),
    ],
)
def test_a_look_back_has_a_shorter_and_a_longer_window(changes, reason):
    with pytest.raises(ValidationError, match=reason):
        metric(kind="rate", **QUOTIENT | changes)


def test_only_rates_have_events_to_count():
    counted = {"kind": "platform", "red": 4.8, "mark": "O", "source": "page", "count": {"of": "e", "at_most": 3}}
    with pytest.raises(ValidationError, match="only a rate"):
        metric(kind="mean", **QUOTIENT, sum_of_squares="c", limits=[counted])


def test_counts_per_exposure_may_pass_one_but_are_always_bad():
    one = metric(kind="rate", per="exposure", unit="times", **QUOTIENT, limits=[OWN | {"amber": 0.5, "red": 1.5}])
    assert (one.per, metric(kind="rate", **QUOTIENT).per) == ("exposure", "share")
    with pytest.raises(ValidationError, match="lower is better"):
        metric(kind="rate", per="exposure", better="higher", **QUOTIENT)
