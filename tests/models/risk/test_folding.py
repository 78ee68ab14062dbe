import json

import pandas as pd

from models.risk.folding import fold, symptoms, with_root_leg

ROOTS = pd.DataFrame([("m1", "sales", "stock_prep")], columns=["merchant_id", "leg", "root_leg"])


def opening(*rows):
    frame = pd.DataFrame(rows, columns=["key", "merchant_id", "leg"], dtype=object)
    return with_root_leg(frame, ROOTS)


def live(*rows):
    return pd.DataFrame(rows, columns=["key", "merchant_id", "leg"], dtype=object)


def test_root_legs_are_added_and_the_rest_keep_their_own():
    found = opening(("a", "m1", "sales"), ("b", "m2", "sales"), ("c", "m1", "service"))
    assert found["root_leg"].tolist() == ["stock_prep", "sales", "service"]


def test_what_no_other_leg_explains_is_its_own_root_and_folds_under_nothing():
    rows = pd.DataFrame(
        [("a", "m1", "sales", "sales.odd_price"), ("b", "m1", "sales", "sales.traffic_drop")],
        columns=["key", "merchant_id", "leg", "metric"],
        dtype=object,
    )
    found = with_root_leg(rows, ROOTS, ("sales.odd_price",))
    assert found["root_leg"].tolist() == ["sales", "stock_prep"]
    assert fold(found, live(("s", "m1", "stock_prep"))).opening["key"].tolist() == ["a"]


def test_sales_fold_under_a_stock_alert_that_stands():
    found = fold(opening(("a", "m1", "sales"), ("b", "m2", "sales")), live(("s", "m1", "stock_prep")))
    assert found.opening["key"].tolist() == ["b"]
    assert found.folded.to_numpy().tolist() == [["m1", "sales", "stock_prep"]]


def test_sales_fold_under_a_stock_alert_that_opens_today():
    found = fold(opening(("a", "m1", "sales"), ("s", "m1", "stock_prep")), live())
    assert found.opening["key"].tolist() == ["s"]


def test_without_an_alert_of_the_root_the_leg_opens_and_names_it():
    found = fold(opening(("a", "m1", "sales")), live())
    assert found.opening[["key", "root_leg"]].to_numpy().tolist() == [["a", "stock_prep"]]
    assert found.folded.empty


def test_an_alert_that_stands_already_is_not_folded_away():
    found = fold(opening(("a", "m1", "sales")), live(("a", "m1", "sales"), ("s", "m1", "stock_prep")))
    assert found.opening["key"].tolist() == ["a"]


def test_the_alert_says_where_it_shows():
    folded = pd.DataFrame(
        [("m1", "sales", "stock_prep"), ("m1", "experience", "stock_prep"), ("m1", "sales", "stock_prep")],
        columns=["merchant_id", "leg", "root_leg"],
    )
    found = symptoms(live(("s", "m1", "stock_prep"), ("t", "m2", "stock_prep")), folded)
    assert [json.loads(text) for text in found] == [["experience", "sales"], []]


def test_nothing_at_all():
    found = fold(opening(), live())
    assert found.opening.empty
    assert symptoms(live(), found.folded).empty
