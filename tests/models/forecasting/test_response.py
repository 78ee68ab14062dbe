"""What depth and price do is found again where it is known, and nothing changes where plans do not say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.forecasting.learn import learn
from models.forecasting.panel import Floats
from models.forecasting.policy import ForecastPolicy
from models.forecasting.response import (
    BENT,
    PRICE,
    SLOPE,
    STEP,
    TERMS,
    PlanResponse,
    learn_response,
    planned_terms,
)

HISTORY, HORIZON, MERCHANTS = 140, 7, 42
DAYS = HISTORY + HORIZON
SHALLOW, DEEP = 0.1, 0.4
LIFT = {0.0: 1.0, SHALLOW: 1.15, DEEP: 2.0}
OWN = np.arange(MERCHANTS)[:, None] % 9  # each shop has its promotions on days of its own
AHEAD = np.arange(DAYS) == HISTORY + np.arange(MERCHANTS)[:, None] % HORIZON  # one day ahead of each shop


def drawn(factor: Floats, seed: int) -> tuple[Floats, Floats]:
    """Values with noise and means of shops of different size (MERCHANTS, DAYS)."""
    random = np.random.default_rng(seed)
    mean = 80 * np.exp(random.normal(0, 0.5, MERCHANTS))[:, None] * factor
    return random.poisson(random.gamma(200.0, 1 / 200.0, mean.shape) * mean).astype(np.float64), mean


def promotions(offset: np.ndarray | int) -> Floats:
    """Depths (MERCHANTS, DAYS) of two days in nine, three shallow promotions for each deep one."""
    turn, day = np.divmod(np.arange(DAYS) - offset + 9, 9)
    turn = turn + np.asarray(offset)
    depth = np.where(day < 2, np.where(turn % 4 == 0, DEEP, SHALLOW), 0.0)
    return np.where(np.arange(DAYS) < HISTORY, np.broadcast_to(depth, (MERCHANTS, DAYS)), 0.0)


@pytest.fixture(scope="module")
def two_depths() -> tuple[Floats, Floats, Floats]:
    """Values, means and depths; ahead of each shop lies a deep promotion."""
    depth = np.where(AHEAD, DEEP, promotions(OWN))
    return *drawn(np.vectorize(LIFT.get)(depth), 1), depth


def said(panel, setting) -> list[Floats]:
    """Means (MERCHANTS, HORIZON) of the pooled level alone, of Prophet's terms alone, and of the mixture."""
    learned = learn(lambda: [panel], setting, ["orders"])["orders"]
    fit = learned.fit(panel, HISTORY)
    alone = [model for model in learned.components(HISTORY) if model.name in ("pooled_level", "log_prophet")]
    return [*(model.means(fit, HISTORY, HORIZON) for model in alone), learned.made(panel, HORIZON).mean]


def errors(panel, setting, mean: Floats, chosen: np.ndarray = AHEAD) -> list[float]:
    """What each says of chosen days ahead over what is true."""
    ahead = chosen[:, HISTORY:]
    return [float(one[ahead].sum() / mean[:, HISTORY:][ahead].sum() - 1) for one in said(panel, setting)]


def test_the_deeper_promotion_is_lifted_as_deep_ones_were(two_depths, make_panel, make_setting) -> None:
    values, mean, depth = two_depths
    plain = make_panel({"orders": values[:, :HISTORY]}, HORIZON, promotion=depth > 0)
    setting = make_setting(HISTORY, HORIZON)
    # On or off, a promotion ahead is one of the usual mixture: (3 x 1.15 + 2.0) / 4 / 2.0 - 1 = -32 %.
    assert all(-0.36 < one < -0.26 for one in errors(plain, setting, mean))
    known = replace(plain, depth=depth.astype(np.float32))
    assert all(abs(one) < 0.04 for one in errors(known, setting, mean))
    # More promotions lie ahead than lay behind, and those of others are taken to cost a shop something.
    assert all(abs(one) < 0.03 for one in errors(known, setting, mean, ~AHEAD))


def test_promotions_that_all_shops_share_are_learned_from_days(make_panel, make_setting) -> None:
    random = np.random.default_rng(7)
    depth = random.choice([0.0, SHALLOW, DEEP], DAYS, p=[0.7, 0.2, 0.1]) * np.ones((MERCHANTS, 1))
    depth[:, HISTORY:] = 0.0
    depth[:, HISTORY + 3] = DEEP
    values, mean = drawn(np.vectorize(LIFT.get)(depth), 4)
    plain = make_panel({"orders": values[:, :HISTORY]}, HORIZON, promotion=depth > 0)
    setting, deep = make_setting(HISTORY, HORIZON), depth == DEEP
    assert all(one < -0.26 for one in errors(plain, setting, mean, deep))
    known = replace(plain, depth=depth.astype(np.float32))
    # Fourteen deep days do not outweigh the doubt whether it was the depth or the days.
    assert all(abs(one) < 0.13 for one in errors(known, setting, mean, deep))


def test_a_price_above_the_usual_sells_less_by_its_elasticity(make_panel, make_setting) -> None:
    random = np.random.default_rng(2)
    dear = np.log(random.choice([0.9, 1.1, 1.2], (MERCHANTS, DAYS // 18 + 2)))
    turn, day = np.divmod(np.arange(DAYS) + 2 * OWN, 18)
    price = np.where((day < 5) & (np.arange(DAYS) < HISTORY), np.take_along_axis(dear, turn, axis=1), 0.0)
    price = np.where(AHEAD, np.log(1.2), price)
    values, mean = drawn(np.exp(-1.5 * price), 3)
    panel, setting = make_panel({"orders": values[:, :HISTORY]}, HORIZON), make_setting(HISTORY, HORIZON)
    assert all(0.26 < one < 0.36 for one in errors(panel, setting, mean))  # 1.2 ** 1.5 = 1.31
    told = replace(panel, price=price.astype(np.float32))
    assert all(abs(one) < 0.04 for one in errors(told, setting, mean))
    learned = learn(lambda: [told], setting, ["orders"])["orders"]
    assert learned.factors[HISTORY].response.own[0, PRICE] == pytest.approx(-1.5, abs=0.1)


def test_on_or_off_alone_says_what_it_said_before(two_depths, make_panel, make_setting) -> None:
    values, _, depth = two_depths
    plain = make_panel({"orders": values[:, :HISTORY]}, HORIZON, promotion=depth > 0)
    flags = np.where(depth > 0, 1.0, np.where(np.arange(DAYS) % 2, 0.0, np.nan)).astype(np.float32)
    told = replace(plain, depth=flags, price=np.full(depth.shape, np.nan, np.float32))
    setting = make_setting(HISTORY, HORIZON)
    for before, after in zip(said(plain, setting), said(told, setting), strict=True):
        np.testing.assert_allclose(after, before, rtol=1e-9)


def test_a_shop_that_tells_no_depth_is_forecast_by_on_and_off(two_depths, make_panel, make_setting) -> None:
    values, _, depth = two_depths
    panel = make_panel({"orders": values[:, :HISTORY]}, HORIZON, promotion=depth > 0)
    depth = np.where(np.arange(MERCHANTS)[:, None] < 5, np.where(depth > 0, 1.0, 0.0), depth)
    panel = replace(panel, depth=depth.astype(np.float32))
    learned = learn(lambda: [panel], make_setting(HISTORY, HORIZON), ["orders"])["orders"]
    beyond = learned.factors[HISTORY].beyond(panel)
    assert (beyond[:5] == 0.0).all()
    assert (np.abs(beyond[5:]).max(axis=1) > 0.2).all()


def test_nothing_from_after_the_day_is_looked_at(two_depths, make_panel, make_setting) -> None:
    values, _, depth = two_depths
    panel = make_panel({"orders": values[:, :HISTORY]}, HORIZON, promotion=depth > 0)
    panel = replace(panel, depth=depth.astype(np.float32))
    factors = learn(lambda: [panel], make_setting(HISTORY, HORIZON), ["orders"])["orders"].factors[HISTORY]
    until = 100
    later = {"orders": np.where(np.arange(HISTORY) >= until, 1e6, panel.values["orders"])}
    other_plans = np.where(np.arange(DAYS) >= until, 0.7, depth).astype(np.float32)
    before, after = (
        learn_response(one, "orders", factors, until, ForecastPolicy())
        for one in (panel, replace(panel, values=later, depth=other_plans))
    )
    np.testing.assert_array_equal(after.own, before.own)
    np.testing.assert_array_equal(after.shared, before.shared)
    np.testing.assert_array_equal(after.mean[:until], before.mean[:until])
    assert np.abs(before.own).max() > 0.5


def test_a_category_without_known_depths_answers_as_the_platform(two_depths, make_panel, make_setting) -> None:
    values, _, depth = two_depths
    scope = (np.arange(MERCHANTS) % 2).astype(np.int32)
    panel = make_panel({"orders": values[:, :HISTORY]}, HORIZON, scope=scope, promotion=depth > 0)
    told = np.where(scope[:, None] == 1, np.nan, depth).astype(np.float32)
    panel = replace(panel, depth=told)
    setting = make_setting(HISTORY, HORIZON, scopes=(("food", ""), ("toys", "")))
    one, other = learn(lambda: [panel], setting, ["orders"])["orders"].factors[HISTORY].response.own
    assert other[SLOPE] == pytest.approx(one[SLOPE], rel=0.2)
    assert other[PRICE] == 0.0


def test_a_day_that_all_share_says_little(make_panel, make_setting) -> None:
    """One good day with a price of its own on the whole platform does not become an elasticity."""
    price = np.where(np.arange(DAYS) == 100, np.log(1.1), 0.0) * np.ones((MERCHANTS, 1))
    values, _ = drawn(np.where(np.arange(DAYS) == 100, 1.2, 1.0) * np.ones((MERCHANTS, 1)), 5)
    panel = replace(make_panel({"orders": values[:, :HISTORY]}, HORIZON), price=price.astype(np.float32))
    response = learn(lambda: [panel], make_setting(HISTORY, HORIZON), ["orders"])["orders"].factors[HISTORY].response
    # Least squares says log 1.2 / log 1.1 = 1.9.
    assert 0.0 < response.shared[PRICE] < 0.8
    assert abs(response.own[0, PRICE]) < 0.05


def test_terms_of_a_plan(make_panel) -> None:
    depth = np.array([[0.0, 0.1, 0.5, 1.0, np.nan, 0.02]], np.float32)
    price = np.array([[np.nan, 0.0, -5.0, 0.1, 0.2, 0.0]], np.float32)
    on = np.array([[False, True, True, True, False, False]])
    panel = replace(make_panel({"orders": np.ones((1, 5))}, 1, promotion=on), depth=depth, price=price)
    terms = planned_terms(panel, 0, None)
    step, slope, bent, relative = (terms[place] for place in (STEP, SLOPE, BENT, PRICE))
    assert step.tolist() == [[0, 1, 1, 0, 0, 0]]
    np.testing.assert_allclose(slope, [[0, 0.1, 0.5, 0, 0, 0.02]], atol=1e-7)
    np.testing.assert_allclose(bent, [[0, 0, 0.3, 0, 0, 0]], atol=1e-7)
    np.testing.assert_allclose(relative, [[0, 0, -0.7, 0.1, 0.2, 0]], atol=1e-7)
    own, shared, mean = np.zeros((1, TERMS)), np.zeros(TERMS), np.zeros((6, TERMS))
    own[0, SLOPE], shared[SLOPE], mean[:, SLOPE] = 2.0, 0.5, 0.1
    log = PlanResponse(own, shared, mean).log_factor(panel, 0, None)
    np.testing.assert_allclose(log, 2.0 * (slope - 0.1) + 0.5 * 0.1)
