import numpy as np
import pytest

from models.metrics.lights import AMBER, GREEN
from models.risk.money import breach_money, drop_money, priority, ranks, total_money

NAN = np.nan


def array(*values):
    return np.array(values, dtype=float)


def test_limit_breach_is_probability_times_forecast_times_sanction():
    assert breach_money(array(0.5), array(20_000), 0.3)[0] == pytest.approx(3000)
    assert np.isnan(breach_money(array(NAN), array(20_000), 0.3)[0])


def test_volume_drop_is_the_missing_share_of_the_days_ahead_where_there_is_trouble():
    light = np.array([AMBER, GREEN, AMBER, AMBER], dtype=np.int8)
    lost = drop_money(array(100, 100, 100, NAN), array(60, 60, 130, 50), np.full(4, 10_000.0), light)
    assert lost[:3].tolist() == [4000, 0, 0]
    assert np.isnan(lost[3])


def test_total_counts_known_parts_only():
    total = total_money([array(100, NAN, NAN), array(NAN, NAN, 7)])
    assert total[0] == 100
    assert np.isnan(total[1])
    assert total[2] == 7


def test_priority_and_rank():
    order = priority(array(0.1, 0.5, 0.1), array(1000, 1000, NAN), array(0.5, 0.5, 0.5))
    assert order.tolist() == [50, 250, 0]
    assert ranks(order, array(0.5, 0.5, 0.5)).tolist() == [2, 1, 3]
    assert ranks(array(0, 0, 0), array(0.5, NAN, 0.01)).tolist() == [2, 3, 1]
