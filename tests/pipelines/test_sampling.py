"""The sample is fixed by ids alone."""

from __future__ import annotations

import pandas as pd

from pipelines.sampling import sample_of


def merchants(*numbers: int) -> pd.DataFrame:
    return pd.DataFrame({"merchant_id": [f"m{number}" for number in numbers]})


def test_a_small_platform_is_its_own_sample() -> None:
    assert list(sample_of(merchants(2, 1), 2)["merchant_id"]) == ["m2", "m1"]


def test_order_and_company_do_not_change_who_is_drawn() -> None:
    everyone = set(sample_of(merchants(*range(500)), 50)["merchant_id"])
    assert len(everyone) == 50
    assert set(sample_of(merchants(*reversed(range(500))), 50)["merchant_id"]) == everyone
    assert set(sample_of(merchants(*range(450)), 50)["merchant_id"]) >= everyone - {f"m{n}" for n in range(450, 500)}
