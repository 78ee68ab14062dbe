import numpy as np
import pytest

from models.metrics.exposure import GammaPrior
from pipelines.defs.risk.estimating import estimate_all
from pipelines.defs.risk.panel import read_merchants
from pipelines.policy import load_profile, load_risk_settings


def test_windows_are_sums_of_the_last_days(platform):
    day = platform.write()
    merchants = read_merchants(day)
    profile, settings = load_profile(day.workspace), load_risk_settings(day.workspace).residuals
    found = estimate_all(day, merchants, profile, settings)
    place = merchants.ids.to_pylist().index(platform.ids[7])
    late, due = (platform.columns[f"fulfilment_{name}"][7] for name in ("dispatched_late", "dispatch_due"))
    ten = found.estimates["fulfilment.late_dispatch", 10]
    assert ten.numerator[place] == late[-10:].sum()
    assert ten.denominator[place] == due[-10:].sum()
    assert ten.previous[place] == pytest.approx(late[-20:-10].sum() / due[-20:-10].sum())
    cancelled = platform.columns["fulfilment_cancelled_by_seller"][7]
    assert found.estimates["fulfilment.cancel_rate", 28].numerator[place] == cancelled[-35:-7].sum()
    assert found.scores["fulfilment.late_dispatch"].z.shape == (120, settings.days)


def test_priors_come_from_merchants_of_like_kind(platform):
    worse = np.arange(0, 120, 3)  # the shoes
    due = platform.columns["fulfilment_dispatch_due"][worse]
    platform.columns["fulfilment_dispatched_late"][worse] = np.round(due * 0.06)
    day = platform.write()
    merchants = read_merchants(day)
    found = estimate_all(day, merchants, load_profile(day.workspace), load_risk_settings(day.workspace).residuals)
    prior = found.priors["fulfilment.late_dispatch", 30]
    shoes = merchants.attributes["category"] == "shoes"
    assert prior.mean[shoes].min() > 0.05
    assert prior.mean[~shoes].max() < 0.02


def test_contacts_per_order_have_a_prior_and_scores_of_their_own(platform):
    orders = platform.columns["storefront_orders"]
    contacts = platform.rng.poisson(orders * 0.3).astype(float)
    contacts[7, -7:] = orders[7, -7:] * 2  # more contacts than orders
    platform.columns["service_after_sale_sessions"] = contacts
    day = platform.write()
    merchants = read_merchants(day)
    found = estimate_all(day, merchants, load_profile(day.workspace), load_risk_settings(day.workspace).residuals)
    prior = found.priors["service.contacts_per_order", 28]
    assert isinstance(prior, GammaPrior)
    assert np.median(prior.mean) == pytest.approx(0.3, rel=0.05)
    place = merchants.ids.to_pylist().index(platform.ids[7])
    estimate = found.estimates["service.contacts_per_order", 28]
    assert estimate.belief == "gamma"
    assert estimate.observed[place] == pytest.approx(contacts[7, -28:].sum() / orders[7, -28:].sum())
    z = found.scores["service.contacts_per_order"].z[:, -1]
    assert z.argmax() == place
    assert z[place] > 5
