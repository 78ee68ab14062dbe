import numpy as np

from models.simulation.versions import Pending, changed


def test_only_rows_that_differ_are_delivered_again():
    pending = Pending()
    first = {"orders": np.array([5, 6, 7]), "late": np.array([0, 0, 0])}
    second = {"orders": np.array([5, 6, 7]), "late": np.array([0, 2, 1])}
    pending.add_versions(
        "f", np.array([10, 11, 12]), np.array([True, True, False]), 4, {0: first, 3: second, 7: second}
    )
    assert pending.take("f", 4)[0].merchant.tolist() == [10, 11]
    later = pending.take("f", 7)
    assert [rows.merchant.tolist() for rows in later] == [[11]]
    assert later[0].columns["late"].tolist() == [2]
    assert later[0].date == 4
    assert pending.take("f", 11) == []


def test_rows_are_taken_once_and_oldest_first():
    pending = Pending()
    for day, age in ((5, 2), (3, 4)):
        pending.add_versions("f", np.array([1]), np.array([True]), day, {age: {"orders": np.array([day])}})
    assert [rows.date for rows in pending.take("f", 7)] == [3, 5]
    assert pending.take("f", 7) == []


def test_the_same_array_is_unchanged():
    column = {"orders": np.array([1, 2])}
    assert not changed(column, column).any()
