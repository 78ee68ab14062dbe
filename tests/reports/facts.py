"""Hand-made facts: a rich merchant, an empty one, and one whose every text is hostile."""

# ruff: noqa: E501 - rows of figures read better unbroken

from datetime import date, timedelta

from reports.merchant.facts import (
    LEGS,
    EventFact,
    FeedFact,
    LegFact,
    MerchantFacts,
    MetricFact,
    MetricText,
    Outlook,
    OutlookParts,
    PageContext,
    PromptFact,
    StockFact,
)

AS_OF = date(2026, 10, 30)
HOSTILE = (
    "<script>window.hacked=1</script>",
    '"><img src=x onerror=window.hacked=1>',
    '=HYPERLINK("http://evil","x")',
    "{{7*7}}${7*7}{0}",
    "\u202eمرحبا\u202c שלום",
    "</script><svg onload=window.hacked=1>",
)


def words(zh_cn: str, zh_tw: str, en: str) -> dict[str, str]:
    return {"zh-CN": zh_cn, "zh-TW": zh_tw, "en": en}


def metric_text(
    metric: str,
    leg: str,
    kind: str,
    unit: str,
    better: str,
    names: dict[str, str],
    decimals: int = 1,
    core: bool = True,
):
    return MetricText(
        metric,
        leg,
        kind,
        unit,
        decimals,
        better,
        core,
        False,
        names,
        names,
        words("分子合计除以分母合计。", "分子合計除以分母合計。", "Sum of the numerator over sum of the denominator."),
        {
            k: {
                "zh-CN": f"{v} {{observed}}，好于同行中位 {{peer_p50}}",
                "zh-TW": f"{v} {{observed}}，優於同業中位 {{peer_p50}}",
                "en": f"{v} {{observed}}; the peers’ median is {{peer_p50}}",
            }[k]
            for k, v in names.items()
        },
        {
            k: {
                "zh-CN": f"{v} {{observed}}，红线 {{limit_red}}",
                "zh-TW": f"{v} {{observed}}，紅線 {{limit_red}}",
                "en": f"{v} {{observed}}; the limit is {{limit_red}}",
            }[k]
            for k, v in names.items()
        },
    )


TEXTS = {
    text.metric: text
    for text in (
        metric_text("stock.promo_gap", "stock_prep", "level", "percent", "lower", words("大促缺口", "大檔缺口", "Event gap"), 0),
        metric_text("stock.days_of_cover", "stock_prep", "level", "days", "higher", words("可卖天数", "可賣天數", "Days of cover")),
        metric_text("stock.in_stock_rate", "stock_prep", "ratio", "percent", "higher", words("在架率", "在架率", "In-stock rate")),
        metric_text("sales.forecast_break", "sales", "break", "count", "higher", words("销量与预测", "銷量與預測", "Units against forecast"), 0),
        metric_text("sales.conversion_vs_peer", "sales", "ratio", "percent", "higher", words("转化", "轉換", "Conversion"), core=False),
        metric_text("fulfilment.late_dispatch", "fulfilment", "rate", "percent", "lower", words("晚发率", "晚出率", "Late dispatch")),
        metric_text("fulfilment.on_time_delivery", "fulfilment", "rate", "percent", "higher", words("准时送达率", "準時送達率", "On-time delivery")),
        metric_text("service.staffing_gap", "service", "level", "percent", "lower", words("最大人手缺口", "最大人手缺口", "Largest staffing gap"), 0),
        metric_text("service.reply_3min", "service", "rate", "percent", "higher", words("3 分钟回复率", "3 分鐘回覆率", "Replied in 3 min")),
        metric_text("after_sale.order_defect", "after_sale", "rate", "percent", "lower", words("差错率", "瑕疵率", "Order defects"), 2),
        metric_text("after_sale.refund_hours", "after_sale", "mean", "hours", "lower", words("退款时长", "退款時長", "Refund time")),
        metric_text("experience.nps", "experience", "mean", "score", "higher", words("NPS", "NPS", "NPS"), 2),
        metric_text("replenishment.below_reorder_point", "replenishment", "level", "percent", "lower",
                    words("到补货点的占比", "到補貨點的占比", "Share at reorder point"), 0),
    )
}  # fmt: skip

CONTEXT = PageContext(
    as_of=AS_OF,
    platform_name="Haina Mall",
    currency="CNY",
    policy_name=words("通用标准", "通用標準", "Neutral profile"),
    metrics=TEXTS,
)


def metric(metric_id: str, light: str, observed: float | None, **more: object) -> MetricFact:
    text = TEXTS[metric_id]
    row = dict.fromkeys(MetricFact._fields)
    row.update(metric=metric_id, window="30d", leg=text.leg, kind=text.kind, observed=observed, light=light)
    row.update(more)
    return MetricFact(**row)


def peers(low: float, middle: float, high: float, share: float) -> dict[str, object]:
    return {"peer_group_size": 48, "peer_p25": low, "peer_p50": middle, "peer_p75": high, "peer_percentile": share}


METRICS = (
    metric("stock.promo_gap", "red", 0.29, window="event", limit_amber=0.0, limit_red=0.2, since=date(2026, 10, 27), **peers(0.04, 0.11, 0.22, 0.12)),
    metric("stock.days_of_cover", "amber", 13.1, window="today", limit_amber=15, limit_red=7, previous=17.3, **peers(14, 19, 27, 0.2)),
    metric("stock.in_stock_rate", "green", 0.968, limit_amber=0.95, limit_red=0.9, **peers(0.931, 0.956, 0.974, 0.66)),
    metric("sales.forecast_break", "green", 381, window="day", low=369, high=471, expected=417),
    metric("sales.conversion_vs_peer", "star", 0.049, window="7d", numerator=5000, denominator=102_000, **peers(0.031, 0.037, 0.043, 0.9)),
    metric("fulfilment.late_dispatch", "green", 105 / 4074, window="10d", numerator=105, denominator=4074, low=0.021, high=0.031,
           limit_amber=0.03, limit_red=0.04, limit_source="own", more_bad_until_red=87, days_to_breach=14, previous=0.021,
           review_on=date(2026, 11, 1), breach_at_review=0.12, **peers(0.012, 0.019, 0.028, 0.3)),
    metric("fulfilment.on_time_delivery", "green", 0.962, window="14d", numerator=3100, denominator=3222, limit_amber=0.95, limit_red=0.9, **peers(0.94, 0.958, 0.973, 0.6)),
    metric("service.staffing_gap", "red", 0.31, window="next_14d", limit_amber=0.0, limit_red=0.2, **peers(0, 0.08, 0.19, 0.1)),
    metric("service.reply_3min", "green", 0.784, numerator=784, denominator=1000, limit_amber=0.7, limit_red=0.6, **peers(0.68, 0.75, 0.82, 0.62)),
    metric("after_sale.order_defect", "star", 0.0021, window="60d", numerator=53, denominator=25_240, limit_amber=0.005, limit_red=0.01, **peers(0.0028, 0.0041, 0.0062, 0.9)),
    metric("after_sale.refund_hours", "green", 9.6, **peers(11, 18, 30, 0.91)),
    metric("experience.nps", "grey", None, window="90d", denominator=21, grey_reason="small_sample", sample=21, min_n=30),
    metric("replenishment.below_reorder_point", "amber", 0.06, window="today", limit_amber=0.05, limit_red=0.2, good_until_green=1),
)  # fmt: skip

LIGHTS = dict(zip(LEGS, ("red", "star", "green", "red", "star", "grey", "amber"), strict=True))
REASONS = ("metric:stock.promo_gap", "star:sales.conversion_vs_peer", "all_good", "metric:service.staffing_gap",
           "star:after_sale.order_defect", "stale:reviews:2026-10-27", "metric:replenishment.below_reorder_point")  # fmt: skip

PROMPTS = (
    PromptFact("p1", "stock_prep", "今天给水洗棉四件套 1.8 m 补 480 件", "到 11月10日只剩 836 件，大促三天可能要卖 1,175 件，缺 29%（红线 20%，同行中位 11%）。",
               AS_OF, 90_000.0, "明早大促缺口回到 0%", False),
    PromptFact("p2", "service", "11月10–11日晚上加 4 位客服", "11日 21 点要 13 人，只排了 9 人，缺 31%（红线 20%）。", date(2026, 11, 2), 41_200.0, "排班表里没有红格", False),
    PromptFact("p3", "replenishment", "周二前给荞麦枕一对补 160 件", "库存加在途已到补货点，14 天内断货概率 83%。", date(2026, 11, 3), 7_705.0, "断货概率低于 10%", False),
    PromptFact("p4", "fulfilment", "订好 11月12–13日的 3 位打包临时工", "发货高峰比平日多 3 倍。", date(2026, 11, 6), 6_200.0, "晚发率不高于 3%", False),
    PromptFact("p5", "experience", "重新授权评价数据", "评价 3 天没有更新。", AS_OF, None, "评价恢复更新", False),
    PromptFact("g1", "after_sale", "差错率同行最低一成，继续保持", "53 / 25,240，同行中位 0.41%。", None, None, "", True),
)  # fmt: skip

STOCK = (
    StockFact(
        "s1",
        "水洗棉四件套 1.8 m",
        "A",
        1180,
        850,
        13.0,
        0.93,
        date(2026, 11, 12),
        date(2026, 11, 11),
        date(2026, 11, 13),
        480,
        AS_OF,
        0,
        0.29,
        date(2026, 11, 4),
    ),
    StockFact(
        "s2",
        "荞麦枕一对",
        "B",
        980,
        300,
        13.0,
        0.83,
        date(2026, 11, 12),
        date(2026, 11, 11),
        date(2026, 11, 14),
        160,
        date(2026, 11, 3),
        0,
        None,
        date(2026, 11, 5),
    ),
    StockFact("s3", "蚕丝被 2 kg", "A", 1980, 400, 44.0, 0.0, None, None, None, 0, None, 0, None, date(2026, 11, 7)),
    StockFact("s4", "床笠 1.5 m", "C", 1720, 600, 90.0, 0.0, None, None, None, 0, None, 300, None, date(2026, 11, 3)),
    StockFact(
        "s5",
        "羊羔绒盖毯",
        "C",
        760,
        0,
        18.0,
        0.05,
        date(2026, 11, 17),
        date(2026, 11, 14),
        date(2026, 11, 20),
        0,
        None,
        0,
        None,
        None,
    ),
    StockFact("s6", "新品，没有数据", None, None, None, None, None, None, None, None, None, None, None, None, None),
)

EVENTS = (
    EventFact("w", words("双 11 预热", "雙 11 預熱", "Warm-up"), "warm_up", date(2026, 10, 24), date(2026, 11, 10), ""),
    EventFact("n", words("国庆", "十一連假", "National Day"), "peak", date(2026, 10, 1), date(2026, 10, 3), ""),
    EventFact("e", words("双 11", "雙 11", "Double 11"), "peak", date(2026, 11, 11), date(2026, 11, 11), ""),
)

FEEDS = (
    *(FeedFact(feed, "fresh", AS_OF, None) for feed in ("sales", "fulfilment", "stock", "service", "roster")),
    FeedFact("reviews", "stale", date(2026, 10, 27), date(2026, 10, 28)),
    FeedFact("surveys", "not_connected", None, None),
)


def outlook(measure: str = "orders") -> Outlook:
    week = (1.0, 0.95, 0.97, 1.0, 1.05, 1.2, 1.1)
    actual_from = AS_OF - timedelta(days=59)
    actual = [round(400 * week[(actual_from + timedelta(days=i)).weekday()] + 7 * (i % 5)) for i in range(60)]
    middle = [417 * week[(AS_OF + timedelta(days=i + 1)).weekday()] * (4.5 if i == 11 else 1.0) for i in range(28)]
    spread = {"q025": 0.7, "q10": 0.8, "q25": 0.9, "q50": 1.0, "q75": 1.1, "q90": 1.25, "q975": 1.5}
    bands = {name: [value * share for value in middle] for name, share in spread.items()}
    parts = OutlookParts(
        417.0,
        {
            "weekday": [week[(AS_OF + timedelta(days=i + 1)).weekday()] for i in range(28)],
            "promotion": [1.0] * 28,
            "event": [4.5 if i == 11 else 1.0 for i in range(28)],
            "mix": [1.0] * 28,
        },
        (("boosted", 0.62), ("pooled_level", 0.38)),
    )
    yesterday = (417.0, 369.0, 471.0, 381.0)
    return Outlook(measure, actual_from, actual, AS_OF, middle, **bands, yesterday=yesterday, parts=parts)


def rich(locale: str = "zh-CN") -> MerchantFacts:
    return MerchantFacts(
        merchant_id="m-1", name="棉屿家纺" if locale != "en" else "Mianyu Home Textiles", locale=locale, category="家纺",
        region="华东", growth_stage="growing", size_class="mid", light="red", money_at_risk=145_105.0, money_before=176_000.0,
        legs=tuple(LegFact(leg, LIGHTS[leg], reason) for leg, reason in zip(LEGS, REASONS, strict=True)),
        metrics=METRICS, prompts=PROMPTS, stock=STOCK, feeds=FEEDS, events=EVENTS, outlook=outlook(),
    )  # fmt: skip


def empty(locale: str = "zh-CN") -> MerchantFacts:
    """A shop of which nothing but its name is known."""
    return MerchantFacts(merchant_id="m-2", name="新店", locale=locale)


def hostile(locale: str = "en") -> MerchantFacts:
    """Everything that a feed or a person can write, written by an enemy."""
    tag, image, formula, braces, arabic, closing = HOSTILE
    prompts = tuple(PromptFact(text, "sales", text, text * 3, AS_OF, 1.0, text, False) for text in HOSTILE)
    stock = tuple(
        StockFact(text, text, text, 1, 1, 1.0, 0.5, AS_OF, AS_OF, AS_OF, 1, AS_OF, 0, None, None)
        for text in (*HOSTILE, "+1", "-1", "@x", "\tx")
    )
    events = (
        EventFact(
            "e", dict.fromkeys(("zh-CN", "zh-TW", "en"), closing), "peak", date(2026, 11, 11), date(2026, 11, 11), ""
        ),
    )
    return MerchantFacts(
        merchant_id=image, name=tag + arabic, locale=locale, category=image, region=braces, growth_stage=formula,
        size_class=arabic, light="red", money_at_risk=1e12, legs=(LegFact("sales", "red", f"metric:{tag}"),),
        metrics=(METRICS[4]._replace(limit_source=tag),), prompts=prompts, stock=stock, events=events,
        feeds=(FeedFact(image, tag, AS_OF, None),), outlook=outlook(),
    )  # fmt: skip
