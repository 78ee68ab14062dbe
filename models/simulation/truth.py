"""The truth: every episode with its cause, its first visible day and its day of harm. Only `evaluate` may read it.

Merchants whose lasting rates are bad stand in it too, and those whose shelves ran empty by bad luck: an alert on them
is right, though nothing was done to them.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from models.simulation.chain import Platform
from models.simulation.draws import Ints
from models.simulation.harm import SurgeHarm, seen_and_harmed
from models.simulation.ran_out import Spells
from models.simulation.supply import Supply
from models.simulation.tables import days_as_dates, maybe_empty
from models.simulation.world import NEVER

RAN_OUT = "ran_out"


def truth_table(platform: Platform, supply: Supply, surges: SurgeHarm, ran_out: Spells) -> pa.Table:
    """The table of contracts.md ("The simulator's truth"), one row per episode and merchant."""
    rows = [scenario_rows(platform, supply, surges), *trait_rows(platform), ran_out_rows(platform, ran_out)]
    return pa.concat_tables(rows).combine_chunks()


def scenario_rows(platform: Platform, supply: Supply, surges: SurgeHarm) -> pa.Table:
    """Rows of placed episodes."""
    episodes, world = platform.episodes, platform.world
    observable, harm = np.full(len(episodes.number), NEVER), np.full(len(episodes.number), NEVER)
    for position, kind in enumerate(episodes.kinds):
        rows = np.flatnonzero(episodes.kind == position)
        observable[rows], harm[rows] = seen_and_harmed(kind, episodes, rows)
    of_supply = episodes.rows_of("supply")
    observable[of_supply], harm[of_supply] = supply.observable[of_supply], supply.harm[of_supply]
    surging = episodes.rows_of("surge")
    harm[surging] = surges.harm[surging]
    # Supply that comes back after the last day is still away on it.
    last = np.where(of_supply, np.where(supply.last < world.days - 1, supply.last, NEVER), episodes.last)
    # A stock-out that shows on the day it does harm was never seen before.
    observable = np.where(of_supply, np.minimum(observable, harm), observable)
    kinds = episodes.kinds
    return _rows(
        platform,
        episode=[f"E{number + 1:05d}" for number in episodes.number],
        family=[kinds[kind].family for kind in episodes.kind],
        benign=[kinds[kind].benign for kind in episodes.kind],
        scope=[kinds[kind].scope for kind in episodes.kind],
        scope_value=list(episodes.value),
        merchant=list(world.ids[episodes.merchant]),
        root_leg=[kinds[kind].root_leg for kind in episodes.kind],
        days=(episodes.onset, observable, harm, last),
        magnitude=episodes.magnitude,
        ramp=episodes.ramp,
        recovery=episodes.recovery,
    )


def trait_rows(platform: Platform) -> Iterable[pa.Table]:
    """Rows of merchants that are chronically bad, and of those that fell asleep."""
    world = platform.world
    for name, trait in platform.parameters.traits().items():
        merchants = np.flatnonzero(world.traits.in_tail[name])
        if trait.family and len(merchants):
            onset = np.maximum(world.opens[merchants], 0)
            yield _lasting(
                platform, trait.family, trait.root_leg, merchants, onset, world.traits.rates[name][merchants]
            )
    asleep = np.flatnonzero(world.dormant_from < world.days)
    if len(asleep):
        level = np.full(len(asleep), 1 - platform.parameters.world.dormant_level)
        yield _lasting(platform, "went_dormant", "sales", asleep, world.dormant_from[asleep], level)


def ran_out_rows(platform: Platform, spells: Spells) -> pa.Table:
    """Rows of spells of empty shelves; one that reaches the last day has not ended."""
    world, size = platform.world, len(spells.merchant)
    ids, none = world.ids[spells.merchant], np.zeros(size, dtype=np.int64)
    return _rows(
        platform,
        episode=[f"{RAN_OUT}:{merchant}:{day}" for merchant, day in zip(ids, spells.first, strict=True)],
        family=[RAN_OUT] * size,
        benign=[False] * size,
        scope=["merchant"] * size,
        scope_value=list(ids),
        merchant=list(ids),
        root_leg=["stock_prep"] * size,
        days=(spells.onset, spells.onset, spells.first, np.where(spells.last < world.days - 1, spells.last, NEVER)),
        magnitude=spells.share,
        ramp=none,
        recovery=none,
    )


def _lasting(
    platform: Platform, family: str, root_leg: str, merchants: Ints, onset: Ints, magnitude: np.ndarray
) -> pa.Table:
    ids, size = platform.world.ids[merchants], len(merchants)
    never = np.full(size, NEVER)
    return _rows(
        platform,
        episode=[f"{family}:{merchant}" for merchant in ids],
        family=[family] * size,
        benign=[False] * size,
        scope=["merchant"] * size,
        scope_value=list(ids),
        merchant=list(ids),
        root_leg=[root_leg] * size,
        days=(onset, onset, never, np.minimum(platform.world.closes[merchants], NEVER)),
        magnitude=magnitude,
        ramp=np.zeros(size, dtype=np.int64),
        recovery=np.zeros(size, dtype=np.int64),
    )


def _rows(
    platform: Platform,
    episode: list[str],
    family: list[str],
    benign: list[bool],
    scope: list[str],
    scope_value: list[str],
    merchant: list[str],
    root_leg: list[str],
    days: tuple[Ints, Ints, Ints, Ints],
    magnitude: np.ndarray,
    ramp: Ints,
    recovery: Ints,
) -> pa.Table:
    first = platform.world.first_day
    onset, observable, harm, ended = (
        maybe_empty(days_as_dates(first, np.where(number < NEVER, number, 0)), number < NEVER) for number in days
    )
    return pa.table(
        {
            "episode_id": pa.array(episode, pa.string()),
            "family": pa.array(family, pa.string()),
            "benign": pa.array(benign, pa.bool_()),
            "scope": pa.array(scope, pa.string()),
            "scope_value": pa.array(scope_value, pa.string()),
            "merchant_id": pa.array(merchant, pa.string()),
            "root_leg": pa.array(root_leg, pa.string()),
            "onset_on": onset,
            "first_observable_on": observable,
            "harm_on": harm,
            "ended_on": ended,
            "magnitude": pa.array(magnitude, pa.float64()),
            "ramp_days": pa.array(ramp, pa.int32()),
            "recovery_days": pa.array(recovery, pa.int32()),
        }
    )
