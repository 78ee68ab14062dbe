import numpy as np
from pydantic import TypeAdapter

from models.metrics.catalogue import Metric
from models.metrics.conditions import conditions_of, join_conditions

WORDS = {"zh-CN": "名", "zh-TW": "名", "en": "Name"}
NAN = np.nan


def metric(**changes):
    base = {"id": "a.b", "leg": "fulfilment", "feeds": ["fulfilment"], "unit": "percent", "name": WORDS, "short": WORDS,
            "how": WORDS, "good": WORDS, "bad": WORDS, "kind": "rate", "numerator": "late", "denominator": "due",
            "windows": [3, 10], "min_n": 5}  # fmt: skip
    return TypeAdapter(Metric).validate_python(base | changes)


def orders(*rows):
    panel = np.array(rows, dtype=float)
    return lambda name: {"orders": panel}[name]


def test_without_conditions_everything_speaks_of_everyone():
    found = conditions_of(metric(), 10, orders([1.0]), 1)
    assert found.applies.all()
    assert found.eligible.all()


def test_a_merchant_is_judged_in_one_of_two_windows():
    one = metric(look_back={"counts": "orders", "at_least": 400})
    column = orders([*[0] * 7, 200, 100, 100], [*[99] * 7, 200, 100, 99], [NAN] * 10)  # 400, 399 and nobody knows
    assert conditions_of(one, 3, column, 3).applies.tolist() == [True, False, False]
    assert conditions_of(one, 10, column, 3).applies.tolist() == [False, True, True]


def test_the_look_back_counts_the_days_of_the_window_itself():
    one = metric(look_back={"counts": "orders", "at_least": 4}, lag=2)
    assert conditions_of(one, 3, orders([0, 2, 1, 1, 0, 0]), 1).applies[0]
    assert not conditions_of(one, 3, orders([0, 0, 1, 1, 1, 9]), 1).applies[0]


def test_below_the_volume_a_platform_asks_for_nobody_is_judged():
    one = metric(needs={"counts": "orders", "at_least": 10, "days": 5})
    column = orders([9, 2, 2, 2, 2, 2], [9, 2, 2, 2, 2, 1], [NAN] * 6)
    assert conditions_of(one, 3, column, 3).eligible.tolist() == [True, False, True]


def test_blocks_are_put_together():
    one = metric(needs={"counts": "orders", "at_least": 1, "days": 5})
    parts = [conditions_of(one, 3, orders([value]), 1) for value in (0.0, 1.0)]
    assert join_conditions(parts).eligible.tolist() == [False, True]
