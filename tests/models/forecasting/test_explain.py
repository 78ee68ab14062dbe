"""The parts of a forecast multiply to the forecast, and each says what it is called."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from models.calendar.event import Event
from models.forecasting.explain import PARTS, explain
from models.forecasting.learn import learn

HISTORY, MERCHANTS = 200, 30


def explained(make_setting, make_panel, values, **plans):
    first = make_setting(HISTORY).first_day
    events = [
        Event(f"e{start}", "sale", (), "peak", first + timedelta(days=start), first + timedelta(days=start))
        for start in (100, HISTORY + 9)
    ]
    panel = make_panel({"orders": values}, **plans)
    learned = learn(lambda: [panel], make_setting(HISTORY, events=events), ["orders"])["orders"]
    made = learned.made(panel, 28)
    return made, explain(made, learned.factors[HISTORY], learned.half_life(HISTORY))


def test_the_parts_multiply_to_the_forecast(make_setting, make_panel, counts) -> None:
    values = counts(MERCHANTS, HISTORY)
    values[:, 100] *= 3.0
    values[4] = 0.0
    shape = (MERCHANTS, HISTORY + 28)
    is_open, promotion = np.ones(shape, bool), np.zeros(shape, bool)
    is_open[2, HISTORY + 4], promotion[3, HISTORY + 2] = False, True
    made, found = explained(make_setting, make_panel, values, open=is_open, promotion=promotion)
    product = found.level * np.prod(list(found.factors.values()), axis=0)
    np.testing.assert_allclose(product, made.mean, rtol=1e-9, atol=1e-12)
    assert tuple(found.factors) == (*PARTS, "mix")
    assert found.factors["mix"][2, 4] == 0.0
    assert found.factors["promotion"][3, 2] > 1.05
    assert (np.delete(found.factors["promotion"], 3, axis=0) == 1.0).all()
    assert found.factors["event"][0, 9] > 2.0
    assert (np.delete(found.factors["event"][0], 9) == 1.0).all()


def test_depth_and_price_are_part_of_the_promotion(make_setting, make_panel, counts) -> None:
    values, shape = counts(MERCHANTS, HISTORY), (MERCHANTS, HISTORY + 28)
    random = np.random.default_rng(4)
    depth = random.choice([0.0, 0.1, 0.4], shape, p=[0.7, 0.2, 0.1])
    price = np.where(random.random(shape) < 0.2, np.log(1.2), 0.0)
    values *= np.exp(1.5 * depth - 1.2 * price)[:, :HISTORY]
    made, found = explained(
        make_setting, make_panel, values, promotion=depth > 0, depth=depth.astype(np.float32),
        price=price.astype(np.float32),
    )  # fmt: skip
    product = found.level * np.prod(list(found.factors.values()), axis=0)
    np.testing.assert_allclose(product, made.mean, rtol=1e-9)
    plan = found.factors["promotion"]
    kinds = {"nothing": (0.0, 0.0), "dear": (0.0, np.log(1.2)), "shallow": (0.1, 0.0), "deep": (0.4, 0.0)}
    ahead = depth[:, HISTORY:], price[:, HISTORY:]
    said = {name: np.median(plan[(ahead[0] == one) & (ahead[1] == other)]) for name, (one, other) in kinds.items()}
    assert said["dear"] < 0.9 * said["nothing"]
    assert said["deep"] > 1.3 * said["shallow"]
    assert said["shallow"] > 1.02 * said["nothing"]


def test_weekdays_are_those_of_the_merchant(make_setting, make_panel, counts) -> None:
    values = counts(MERCHANTS, HISTORY)
    values[0, ::7] *= 4.0  # its Mondays
    _, found = explained(make_setting, make_panel, values)
    monday = (7 - HISTORY % 7) % 7
    assert found.factors["weekday"][0, monday] > 1.5 * found.factors["weekday"][1, monday]
