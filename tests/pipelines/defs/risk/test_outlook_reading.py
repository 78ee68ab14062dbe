from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from pipelines.buckets import bucket_of
from pipelines.defs.risk.outlook_reading import rates_of, read_block, read_sample
from pipelines.defs.risk.panel import blocks_of, read_merchants
from pipelines.policy import load_profile, load_risk_settings


def scene(platform):
    day = platform.write()
    return day, load_profile(day.workspace), load_risk_settings(day.workspace).outlook


def block_of(day, profile, settings):
    merchants = read_merchants(day)
    start, stop, buckets = next(iter(blocks_of(day, merchants)))
    ids = merchants.ids.slice(start, stop - start)
    return ids.to_pylist(), *read_block(day, ids, buckets, profile, settings)


def test_rates_with_a_red_limit_are_read_as_bad_events(platform):
    day, profile, settings = scene(platform)
    limits = {metric.id: limit for metric, limit in rates_of(profile, day)}
    assert limits["fulfilment.late_dispatch"] == 0.04
    assert limits["fulfilment.on_time_delivery"] == pytest.approx(0.1)  # at least 90 % on time
    assert "service.bot_resolution" not in limits  # peers decide, there is no red limit
    ids, _, series = block_of(day, profile, settings)
    late = next(one for one in series if one.metric == "fulfilment.on_time_delivery")
    expected = platform.columns["fulfilment_delivered_late"][platform.ids.index(ids[7]), -5:]
    np.testing.assert_array_equal(late.bad[7, -5:], expected)


def test_the_sample_starts_with_the_first_sale_of_anybody_and_holds_who_closed(platform):
    for values in platform.columns.values():
        values[:, :30] = np.nan
    day, profile, settings = scene(platform)
    gone = {"merchant_id": [platform.ids[0]], "status": "closed", "bucket": bucket_of(platform.ids[0], 8)}
    platform.write_feed(day, "merchants", pd.DataFrame({**gone, "known_on": day.as_of}))
    sample = read_sample(day, profile, settings)
    assert sample is not None
    assert sample.history.days == platform.days - 30
    assert platform.ids[0] in sample.history.ids
    assert sample.rates[0].bad.shape == (int(sample.rated.sum()), platform.days - 30)


def test_the_sample_is_fair_and_the_large_have_one_of_their_own(platform):
    platform.columns["sales_units"][:90] = 1.0  # too small for a collapse
    day, profile, settings = scene(platform)
    small = settings.model_copy(update={"learning": settings.learning.model_copy(update={"merchants": 100})})
    sample = read_sample(day, profile, small)
    assert sample is not None
    assert sample.any_size.sum() == 100
    assert sample.large.sum() == 30
    units = sample.history.units[sample.large]
    assert (np.nanmean(units, axis=1) > 1).all()


def test_a_platform_without_sales_has_no_sample(platform):
    platform.columns["sales_units"][:] = 0
    day, profile, settings = scene(platform)
    assert read_sample(day, profile, settings) is None


def test_announced_closing_days_are_read_with_the_day_they_were_told(platform):
    day, profile, settings = scene(platform)
    ahead = [day.as_of + timedelta(days=one) for one in (1, 2, 3)]
    shop = platform.ids[5]
    plans = pd.DataFrame(
        {"date": ahead, "merchant_id": shop, "sku_id": "", "open": False, "bucket": bucket_of(shop, 8)}
    )
    platform.write_feed(day, "plans", plans.assign(known_on=day.as_of - timedelta(days=4)))
    ids, history, _ = block_of(day, profile, settings)
    row = ids.index(shop)
    assert history.plans is not None
    assert history.plans.closed[row, history.days : history.days + 4].tolist() == [1, 1, 1, 0]
    assert history.plans.known_on[row, history.days] == (day.as_of - timedelta(days=4)).toordinal()
