"""Replenishment: what to order, how long stock lasts, and the whole list as a spreadsheet."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from reports.merchant.facts import MerchantFacts, StockFact
from reports.merchant.reader import Reader, layout
from reports.spreadsheet import csv_text

_FADE = ("0.85", "0.6", "0.4", "0.22")  # opacity from "may run out" to "has run out"


class Line(NamedTuple):
    """Stock of a product as a line of days, in percent of its length.

    Covered until `covered`; it may run out over `fade` (10 % to 90 % chance, in steps of falling colour).
    """

    covered: str
    fade: Sequence[tuple[str, str, str]]
    order_by: str | None
    arrival: str | None
    event: str | None


class Product(NamedTuple):
    """A product of the list."""

    name: str
    light: str
    on_hand: str
    inbound: str
    cover: str
    chance: str
    runs_out: str
    order_by: str
    quantity: str
    why: str
    line: Line


class Stock(NamedTuple):
    """The replenishment part."""

    products: Sequence[Product]
    more: int
    to_order: int


def build_stock(facts: MerchantFacts, event_on: date | None, reader: Reader) -> Stock | None:
    """The products that need somebody first; None where no plan exists (no stock feed)."""
    if not facts.stock:
        return None
    ordered = sorted(facts.stock, key=_urgency)
    shown = [_product(fact, event_on, reader) for fact in ordered[: layout()["stock_rows"]]]
    return Stock(shown, len(ordered) - len(shown), sum(bool(fact.order_qty) for fact in facts.stock))


def _urgency(fact: StockFact) -> tuple[bool, date, float, str]:
    waits = not fact.order_qty
    return waits, fact.order_by or date.max, -(fact.p_stock_out_14 or 0.0), fact.sku_id


def product_light(fact: StockFact, as_of: date) -> str:
    """Red: to be ordered by today. Amber: to be ordered soon. Grey: nothing known."""
    if fact.days_of_cover is None and fact.order_qty is None:
        return "grey"
    if fact.order_qty:
        return "red" if fact.order_by is not None and fact.order_by <= as_of else "amber"
    return "green"


def _product(fact: StockFact, event_on: date | None, reader: Reader) -> Product:
    as_of = reader.context.as_of
    light = product_light(fact, as_of)
    most = layout()["stock_days"]
    cover = fact.days_of_cover
    far = cover is not None and cover > most
    return Product(
        name=fact.sku_name or fact.sku_id,
        light=light,
        on_hand=reader.number(fact.on_hand),
        inbound=reader.number(fact.inbound),
        cover=reader.text("stock.cover_more", days=most)
        if far
        else reader.text("unit.days", value=reader.number(cover)),
        chance=reader.percent(fact.p_stock_out_14, 0),
        runs_out=reader.day_short(fact.stock_out_on) if fact.stock_out_on else "",
        order_by=reader.day(fact.order_by) if fact.order_by and fact.order_qty else "—",
        quantity=f"+{reader.number(fact.order_qty)}" if fact.order_qty else "—",
        why=_why(fact, light, reader),
        line=_line(fact, event_on, as_of, most),
    )


def _why(fact: StockFact, light: str, reader: Reader) -> str:
    if light == "grey":
        return reader.text("stock.why.unknown")
    if fact.on_hand is not None and fact.on_hand <= 0:
        return reader.text("stock.why.out")
    if fact.event_gap:
        return reader.text("stock.why.event", share=reader.percent(fact.event_gap, 0))
    if fact.order_qty:
        return reader.text("stock.why.reorder")
    return reader.text("stock.why.excess" if fact.excess_units else "stock.why.enough")


def _line(fact: StockFact, event_on: date | None, as_of: date, most: int) -> Line:
    def share(day: date) -> float:
        return 100 * min(max((day - as_of).days, 0), most) / most

    def at(day: date | None) -> str | None:
        return None if day is None else f"{share(day):.1f}%"

    fade: list[tuple[str, str, str]] = []
    if fact.stock_out_on is None:
        days = fact.days_of_cover
        covered = 0.0 if days is None else 100 * min(max(days, 0.0), most) / most
    else:
        covered = share(fact.stock_out_on_early or fact.stock_out_on)
        end = share(fact.stock_out_on_late or fact.stock_out_on)
        step = (end - covered) / len(_FADE)
        if step > 0:
            fade = [(f"{covered + i * step:.1f}%", f"{step:.1f}%", shade) for i, shade in enumerate(_FADE)]
    drawn_event = event_on if event_on is not None and 0 < (event_on - as_of).days < most else None
    arrival = fact.next_receipt_on
    return Line(
        covered=f"{covered:.1f}%",
        fade=fade,
        order_by=at(fact.order_by) if fact.order_qty else None,
        arrival=at(arrival) if arrival is not None and 0 <= (arrival - as_of).days < most else None,
        event=at(drawn_event),
    )


def stock_csv(facts: MerchantFacts, reader: Reader) -> str | None:
    """Every product of the plan as a spreadsheet; None where no plan exists."""
    if not facts.stock:
        return None
    names = (
        "product",
        "sku_id",
        "class",
        "on_hand",
        "inbound",
        "days_of_cover",
        "p_stock_out_14",
        "stock_out_on",
        "order_by",
        "order_qty",
        "excess_units",
    )
    header = [reader.text(f"csv.{name}") for name in names]
    rows = (
        (
            f.sku_name or f.sku_id,
            f.sku_id,
            f.size_class,
            f.on_hand,
            f.inbound,
            _short(f.days_of_cover),
            _short(f.p_stock_out_14),
            f.stock_out_on,
            f.order_by,
            f.order_qty,
            f.excess_units,
        )
        for f in sorted(facts.stock, key=_urgency)
    )
    return csv_text(header, rows)


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
