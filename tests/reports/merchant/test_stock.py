"""Order of products, their lights, lines and spreadsheet."""

import csv
import io
from dataclasses import replace
from datetime import date

from reports.merchant.stock import build_stock, product_light, stock_csv


def test_what_must_be_ordered_stands_first(facts, english):
    part = build_stock(facts.rich("en"), date(2026, 11, 11), english)
    assert [product.light for product in part.products] == ["red", "amber", "green", "green", "green", "grey"]
    assert part.to_order == 2
    assert part.products[0].quantity == "+480"
    assert part.products[0].order_by == "today"
    assert part.products[0].why == "29% short for the event"
    assert part.products[2].cover == "18\u00a0d"
    assert part.products[3].cover == "28 d+"


def test_line_of_days(facts, english):
    line = build_stock(facts.rich("en"), date(2026, 11, 11), english).products[0].line
    assert line.covered == "42.9%"  # 12 of 28 days
    assert [x for x, _, _ in line.fade] == ["42.9%", "44.6%", "46.4%", "48.2%"]
    assert (line.order_by, line.arrival, line.event) == ("0.0%", "17.9%", "42.9%")


def test_light_of_a_product(facts):
    first = facts.STOCK[0]
    assert product_light(first, facts.AS_OF) == "red"
    assert product_light(first._replace(order_by=date(2026, 11, 5)), facts.AS_OF) == "amber"
    assert product_light(first._replace(order_qty=0), facts.AS_OF) == "green"
    assert product_light(facts.STOCK[-1], facts.AS_OF) == "grey"


def test_the_rest_is_in_the_file(facts, english):
    many = tuple(facts.STOCK[2]._replace(sku_id=f"s{i}") for i in range(30))
    shop = replace(facts.rich("en"), stock=many)
    part = build_stock(shop, None, english)
    assert len(part.products) == 8
    assert part.more == 22
    assert len(list(csv.reader(io.StringIO(stock_csv(shop, english)[1:])))) == 31


def test_hostile_names_are_no_formulas(facts, english):
    rows = list(csv.reader(io.StringIO(stock_csv(facts.hostile(), english)[1:], newline="")))
    assert rows[0][0] == "product"
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_no_plan(facts, english):
    assert build_stock(facts.empty("en"), None, english) is None
    assert stock_csv(facts.empty("en"), english) is None
