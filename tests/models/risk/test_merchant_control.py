"""What it would have taken to pass the day's control."""

import math

import numpy as np
import pandas as pd
import pytest

from models.risk.discovery import passes_control
from models.risk.merchant_control import merchant_control


def test_how_a_merchant_stood_in_the_control():
    names = [f"m{number}" for number in range(500)]
    p_value = np.full(500, 0.5)
    p_value[:3], p_value[3], p_value[4] = 1e-6, 0.0041, np.nan
    risk = pd.DataFrame({"merchant_id": names, "p_value": p_value, "p_value_leg": "sales"})
    control = merchant_control(risk, "m3", legs=8, weights={"sales": 0.5, "service": 1.5}, level=0.1)
    assert (control.merchants, control.passed, control.p_value, control.leg) == (499, 3, 0.0041, "sales")
    assert control.needed == pytest.approx(0.5 * 0.1 * 4 / 499)
    assert control.needed_on("service") == pytest.approx(1.5 * 0.1 * 4 / 499)
    assert math.isnan(merchant_control(risk, "m4", 0, {}, 0.1).needed)
    better = risk.assign(p_value=risk["p_value"].mask(risk["merchant_id"] == "m3", control.needed * 0.999))
    assert passes_control(better["p_value"].to_numpy(), 0.1, np.full(500, 0.5))[3]
