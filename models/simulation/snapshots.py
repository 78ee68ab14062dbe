"""Feeds that describe things, not days: merchants, products, events.

Their rows are delivered when they are new or changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from models.calendar.event import Event
from models.simulation.draws import Ints
from models.simulation.products import Products
from models.simulation.tables import coded, day_of, days_as_dates, maybe_empty, table
from models.simulation.world import World


def merchants_table(
    world: World, rows: Ints, day: int, timezones: Mapping[str, str], managers: tuple[str, ...]
) -> pa.Table:
    """Rows of the feed `merchants` as on a day."""
    manager = world.manager[rows]
    names = maybe_empty(coded(np.maximum(manager, 0), managers).dictionary_decode(), manager >= 0)
    return table(
        {
            "merchant_id": pa.array(world.ids[rows]),
            "merchant_name": pa.array(world.names[rows]),
            "category": coded(world.category[rows], world.categories),
            "region": coded(world.region[rows], world.regions),
            "opened_on": days_as_dates(world.first_day, world.opens[rows]),
            "status": coded((day >= world.closes[rows]).astype(np.int64), ["open", "closed"]),
            "locale": coded(world.locale[rows], world.locales),
            "timezone": coded(world.locale[rows], [timezones[locale] for locale in world.locales]),
            "account_manager": names,
            "mentor_opt_in": world.mentor[rows],
            "contact_route": pa.nulls(len(rows), pa.string()),
        }
    )


def merchants_changed(world: World, day: int) -> Ints:
    """Merchants with news on a day: all known ones on the first, then those that open or close."""
    if day == 0:
        return np.flatnonzero(world.opens <= 0)
    return np.flatnonzero((world.opens == day) | ((world.closes == day) & (world.opens < day)))


def products_table(world: World, products: Products, rows: Ints, sku_ids: pa.Array) -> pa.Table:
    """Rows of the feed `products`."""
    merchant = products.merchant[rows]
    shelf_life = products.shelf_life[rows]
    return table(
        {
            "merchant_id": coded(merchant, pa.array(world.ids)),
            "sku_id": coded(products.number[rows], sku_ids),
            "sku_name": coded(products.name[rows], products.names),
            "category": coded(world.category[merchant], world.categories),
            "status": coded(np.zeros(len(rows), dtype=np.int64), ["listed"]),
            "listed_on": days_as_dates(world.first_day, products.listed[rows]),
            "unit_price": products.price[rows],
            "unit_cost": products.cost[rows],
            "shelf_life_days": maybe_empty(pa.array(np.nan_to_num(shelf_life)), ~np.isnan(shelf_life)),
            "lead_time_days": products.lead_time[rows],
            "lead_time_sd_days": products.lead_time_sd[rows],
            "review_period_days": products.review_days[rows].astype(np.float64),
            "order_multiple": products.multiple[rows].astype(np.float64),
            "min_order_qty": products.minimum[rows].astype(np.float64),
            "max_cover_days": pa.nulls(len(rows), pa.float64()),
        }
    )


def events_announced(world: World, events: Iterable[Event], day: int, days_ahead: int) -> list[Event]:
    """Events that the platform announces on a day: `days_ahead` before they start, older ones on the first day."""
    first, last = day_of(world.first_day, day), day_of(world.first_day, day + days_ahead)
    if day == 0:
        return [event for event in events if first - timedelta(days=400) <= event.starts_on <= last]
    return [event for event in events if event.starts_on == last]


def events_table(events: list[Event], locale: str) -> pa.Table:
    """Rows of the feed `events`; a platform calls an event by one name and its year."""
    names = [dict(event.names) for event in events]
    return pa.table(
        {
            "event_id": pa.array([event.event_id.removeprefix("calendar:") for event in events], pa.string()),
            "name": pa.array(
                [
                    f"{name.get(locale, next(iter(name.values())))} {(event.anchor or event.starts_on).year}"
                    for name, event in zip(names, events, strict=True)
                ],
                pa.string(),
            ),
            "starts_on": pa.array([event.starts_on for event in events], pa.date32()),
            "ends_on": pa.array([event.ends_on for event in events], pa.date32()),
            "phase": pa.array([event.phase for event in events], pa.string()),
            "scope": pa.array([event.scope for event in events], pa.string()),
        }
    )


def products_changed(world: World, products: Products, day: int, detail_start: int) -> NDArray[np.int64]:
    """Products with news on a day: all that are on sale when detail begins, then new ones and those of new shops."""
    if day < detail_start:
        return np.zeros(0, dtype=np.int64)
    first = np.maximum(np.maximum(world.opens[products.merchant], products.listed), detail_start)
    return np.flatnonzero(first == day)
