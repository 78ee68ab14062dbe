"""Facts of a small platform, made by hand: two categories, one incident, a week of alerts."""

# ruff: noqa: E501 - rows of figures read better unbroken

from datetime import date, timedelta
from types import ModuleType

from reports.tower.facts import TowerFacts, TowerMerchants


def merchants(count: int, name: str = "Shop") -> TowerMerchants:
    each = range(count)
    return TowerMerchants(
        page=[f"{i:032x}" for i in each],
        merchant_id=[f"m-{i}" for i in each],
        name=[f"{name} {i}" for i in each],
        category=["Bedding" if i % 2 else "Food" for i in each],
        growth_stage=["growing"] * count,
        size_class=["key"] * count,
        manager=["Wang Jing" if i % 3 else None for i in each],
        rank=[i + 1 for i in each],
        lights=["rsgaxgg" if i % 2 else "ggggggg" for i in each],
        money=[float(90_000 - i) for i in each],
        money_before=[80_000.0 if i else None for i in each],
        why=["stock.promo_gap" if i % 2 else None for i in each],
        why_value=[0.29 if i % 2 else None for i in each],
        alerts_open=[i % 2 for i in each],
        alerts_acked=[0] * count,
    )


def cell(category: str, leg: str, merchants: int, red: int, before: int, grey: int = 0) -> dict[str, object]:
    return {"category": category, "leg": leg, "merchants": merchants, "red": red, "amber": 0, "star": 0, "grey": grey,
            "merchants_before": merchants, "red_before": before}  # fmt: skip


def measured(
    family: str,
    door: str,
    judged: int,
    right: float | None,
    episodes: int,
    found: int,
    lead: float | None,
    benign: bool = False,
) -> dict[str, object]:
    """A row of `alert_quality`, intervals a tenth to either side."""
    row: dict[str, object] = {
        "as_of": date(2026, 10, 28), "backtest": "autumn", "source": "truth", "family": family, "opened_by": door,
        "first_on": date(2026, 9, 24), "benign": benign, "judged_alerts": judged, "true_alerts": round(judged * (right or 0)),
        "episodes": episodes, "found": found, "median_lead_days": lead, "root_leg_right": None if benign else 0.9,
        "per_1000_merchant_days": 0.84, "notified_per_1000": 0.2,
    }  # fmt: skip
    share = found / episodes if episodes else None
    figures = {"precision": right, "recall": None if benign else share, "benign_alerted": share if benign else None}
    for name, value in figures.items():
        ends = (None, None) if value is None else (max(value - 0.1, 0.0), min(value + 0.1, 1.0))
        row |= {name: value, f"{name}_low": ends[0], f"{name}_high": ends[1]}
    return row


def alert_quality() -> list[dict[str, object]]:
    return [
        measured("all", "all", 212, 0.83, 64, 53, 2.5),
        measured("all", "limit", 100, 0.9, 64, 40, -1.0),
        measured("all", "projection", 60, 0.75, 64, 12, 5.0),
        measured("all", "anomaly", 52, 0.79, 64, 22, 3.0),
        measured("all", "incident", 0, None, 64, 0, None),
        measured("benign", "all", 3, 0.0, 30, 1, None, benign=True),
        measured("stock_out", "all", 60, 0.85, 12, 10, 7.0),
        measured("carrier_delay", "all", 40, 0.8, 10, 8, 1.0),
        measured("planned_promotion", "all", 3, 0.0, 30, 1, None, benign=True),
    ]


def tower(facts: ModuleType) -> TowerFacts:
    """Everything that the platform's page says, on the day of `facts`."""
    as_of = facts.AS_OF
    quality = {"measure": "orders", "horizon": 1, "mase": 0.8, "bias": -0.01, "coverage_80": 0.783, "coverage_95": 0.94}
    return TowerFacts(
        before=as_of - timedelta(days=1),
        totals={"merchants": 200, "red": 21, "red_before": 16, "money": 412_000.0, "money_before": 403_000.0},
        merchants=merchants(120),
        events=facts.EVENTS,
        matrix=[cell("Food", "sales", 100, 1, 1), cell("Bedding", "sales", 100, 20, 15), cell("Bedding", "experience", 100, 0, 0, grey=90)],
        incidents=[
            {"incident_id": "inc-1", "scope": "category", "group": "Bedding", "leg": "fulfilment", "metric": "fulfilment.late_dispatch",
             "effect": 2.13, "p_value": 1e-9, "members": 100, "opened_on": date(2026, 10, 28), "observed": None, "expected": None,
             "alerts": 31, "money": 84_000.0, "acked_by": None},
        ],
        alerts=[{"day": as_of - timedelta(days=i), "leg": leg, "opened": 10 + i, "live": 30} for leg in ("all", "sales") for i in range(7)],
        feeds=[
            {"feed": "sales", "connected": True, "merchants": 200, "fresh": 198, "behind": 2, "last_on": as_of},
            {"feed": "reviews", "connected": True, "merchants": 200, "fresh": 0, "behind": 200, "last_on": date(2026, 10, 27)},
            {"feed": "surveys", "connected": False, "merchants": 200, "fresh": 0, "behind": 0, "last_on": None},
        ],
        coverage=[{"day": as_of - timedelta(days=2 - i), "merchants": 200, "sales": sales} for i, sales in enumerate((200, 150, 20))],
        quality=[{**quality, "model": "pooled", "wape": 0.173}, {**quality, "model": "seasonal_naive", "wape": 0.249}],
        alert_quality=alert_quality(),
    )  # fmt: skip
