import numpy as np
import pytest

from models.metrics.grouping import choose_groups, make_groupings

ATTRIBUTES = {
    "category": np.array(["shoes"] * 5 + ["toys"] * 3 + ["books"], dtype=object),
    "size": np.array(["s", "s", "s", "k", "k", "s", "s", "k", "s"], dtype=object),
}


def test_each_merchant_takes_the_narrowest_group_that_is_large_enough_without_it():
    groupings = make_groupings(ATTRIBUTES, [["category", "size"], ["category"], []])
    chosen = choose_groups(groupings, np.ones(9, dtype=bool), minimum=2)
    labels = [chosen.labels[code] for code in chosen.codes]
    assert labels == ["shoes|s"] * 3 + ["shoes"] * 2 + ["toys"] * 3 + ["all"]
    assert chosen.others.tolist() == [2, 2, 2, 4, 4, 2, 2, 2, 8]


def test_merchants_that_are_not_eligible_do_not_fill_a_group_but_get_one():
    groupings = make_groupings(ATTRIBUTES, [["category"]])
    eligible = np.array([True, True, False, False, False, True, True, True, True])
    chosen = choose_groups(groupings, eligible, minimum=2)
    assert chosen.codes[0] == -1  # only one other eligible one
    assert chosen.others[2] == 2  # not eligible itself, two eligible peers


def test_too_few_merchants_mean_no_group():
    groupings = make_groupings(ATTRIBUTES, [["category"], []])
    assert (choose_groups(groupings, np.ones(9, dtype=bool), minimum=9).codes == -1).all()


def test_an_unknown_attribute_is_an_error():
    with pytest.raises(KeyError, match="colour"):
        make_groupings(ATTRIBUTES, [["colour"]])
