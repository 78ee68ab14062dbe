"""What the plan knows of each product, with defaults where the product does not say.

The idea: a default is never silent. Each one that was used is named in `assumed`, which the plan and the page show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.replenishment.policy import Defaults

Floats = NDArray[np.float64]
Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Supply:
    """How each product is supplied; (n,) arrays without NaN."""

    lead_time: Floats
    lead_time_sd: Floats
    review_period: Floats
    multiple: Floats
    minimum: Floats
    longest_cover: Floats
    assumed: NDArray[np.object_]


def column(table: pd.DataFrame, name: str) -> Floats:
    """A column as floats; None and NULL become NaN."""
    return table[name].to_numpy(dtype=np.float64, na_value=np.nan)


def supply_of(products: pd.DataFrame, defaults: Defaults) -> Supply:
    """Read the supply columns of `products` and fill in what is missing or impossible.

    Parameters
    ----------
    products : DataFrame
        With lead_time_days, lead_time_sd_days, review_period_days, order_multiple, min_order_qty, max_cover_days,
        shelf_life_days, reserved (all may be NULL) and inbound_known (whether the platform tells what is on the way).
    """
    lead = column(products, "lead_time_days")
    lead_sd = column(products, "lead_time_sd_days")
    review = column(products, "review_period_days")
    missing = {
        "lead_time_days": ~(lead >= 0),
        "lead_time_sd_days": ~(lead_sd >= 0),
        "review_period_days": ~(review > 0),
        "reserved": np.isnan(column(products, "reserved")),
        "inbound": ~products["inbound_known"].to_numpy(dtype=bool),
    }
    lead = np.where(missing["lead_time_days"], defaults.lead_time_days, lead)
    shelf_life = column(products, "shelf_life_days")
    cover = _or_default(column(products, "max_cover_days"), defaults.max_cover_days, above=0)
    return Supply(
        lead_time=lead,
        lead_time_sd=np.where(missing["lead_time_sd_days"], defaults.lead_time_sd_share * lead, lead_sd),
        review_period=np.where(missing["review_period_days"], defaults.review_period_days, review),
        multiple=_or_default(column(products, "order_multiple"), defaults.order_multiple, above=0),
        minimum=_or_default(column(products, "min_order_qty"), defaults.min_order_qty),
        # Goods that spoil are never ordered for longer than they keep.
        longest_cover=np.fmin(cover, np.where(shelf_life > 0, shelf_life, np.nan)),
        assumed=names_of(missing),
    )


def where_known(flags: NDArray[np.bool_], known: NDArray[np.bool_]) -> NDArray[np.object_]:
    """Flags as True and False, None where they are not known."""
    answer = flags.astype(object)
    answer[~known] = None
    return answer


def _or_default(values: Floats, default: float, above: float = -1.0) -> Floats:
    return np.where(values > above, values, default)


def names_of(flags: dict[str, NDArray[np.bool_]]) -> NDArray[np.object_]:
    """Names whose flag is set, joined by commas, for each row: one look-up per combination, not per row."""
    names = list(flags)
    code = sum(flag.astype(np.int64) << position for position, flag in enumerate(flags.values()))
    texts = [
        ",".join(name for position, name in enumerate(names) if combination >> position & 1)
        for combination in range(1 << len(names))
    ]
    return np.array(texts, dtype=object)[code]
