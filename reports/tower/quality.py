"""Forecast quality: the model in use beside the seasonal naive, from the rolling backtest."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from reports.merchant.reader import Reader
from reports.tower.facts import Rows


class Quality(NamedTuple):
    """A measure and horizon: the model in use beside the seasonal naive."""

    measure: str
    horizon: str
    model: str
    wape: str
    naive: str
    verdict: str
    bias: str
    held_80: str
    held_95: str


def best_model(rows: Rows, layout: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The model in use for the shop's main measure, one day ahead."""
    ours = [row for row in rows if row["model"] not in layout["naive_models"]]
    order = ("orders", "units", "gmv", "visitors")
    ours.sort(
        key=lambda row: (
            order.index(row["measure"]) if row["measure"] in order else 9,
            row["horizon"],
            *_error(row),
        )
    )
    return ours[0] if ours else None


def _error(row: Mapping[str, Any]) -> tuple[float, str]:
    """Error for comparing models; one that is the same to nine places is a tie, which the name breaks."""
    return (9.0 if row["wape"] is None else round(row["wape"], 9)), row["model"]


def build_quality(rows: Rows, layout: Mapping[str, Any], reader: Reader) -> list[Quality]:
    """A line per measure and horizon, with the seasonal naive beside the best model."""
    lines = []
    asked = {(row["measure"], row["horizon"]) for row in rows if row["horizon"] in layout["horizons"]}
    for measure, horizon in sorted(asked):
        here = [row for row in rows if (row["measure"], row["horizon"]) == (measure, horizon)]
        naive = next((row for row in here if row["model"] in layout["naive_models"]), None)
        ours = min(
            (row for row in here if row["model"] not in layout["naive_models"]),
            key=_error,
            default=None,
        )
        if ours is not None:
            lines.append(_quality(measure, horizon, ours, naive, reader))
    return lines


def _quality(
    measure: str, horizon: int, ours: Mapping[str, Any], naive: Mapping[str, Any] | None, reader: Reader
) -> Quality:
    verdict = ""
    if naive is not None and naive["wape"] is not None and ours["wape"] is not None:
        verdict = "" if ours["wape"] < naive["wape"] else reader.text("tower.quality.worse")
    return Quality(
        measure=reader.label("measures", measure),
        horizon=reader.text("window.days", n=horizon),
        model=ours["model"],
        wape=reader.percent(ours["wape"]),
        naive=reader.percent(naive["wape"] if naive else None),
        verdict=verdict,
        bias=reader.percent(ours["bias"]),
        held_80=reader.percent(ours["coverage_80"]),
        held_95=reader.percent(ours["coverage_95"]),
    )
