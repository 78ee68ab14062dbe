import numpy as np

from models.simulation.inbound import Lines, OnTheWay, join_lines


def lines(*products, units=5):
    product = np.array(products)
    return Lines(product, np.full(len(product), 1), np.full(len(product), 9), np.full(len(product), units))


def test_lines_arrive_on_their_day_and_once():
    way = OnTheWay(4)
    way.add(lines(0, 2, 2), np.array([3, 3, 4]))
    assert way.units.tolist() == [5, 0, 10, 0]
    assert way.arrive(3).product.tolist() == [0, 2]
    assert way.units.tolist() == [0, 0, 5, 0]
    assert len(way.arrive(3).product) == 0


def test_called_off_lines_never_arrive():
    way = OnTheWay(3)
    way.add(lines(0, 1), np.array([3, 3]))
    gone = way.call_off(np.array([True, False, False]))
    assert gone.product.tolist() == [0]
    assert way.units.tolist() == [0, 5, 0]
    assert way.arrive(3).product.tolist() == [1]


def test_joining_nothing_is_empty():
    assert len(join_lines([]).product) == 0
