import numpy as np
import pytest

from models.metrics.expression import parse_expression


def test_sum_and_difference():
    expression = parse_expression("due - late + early")
    values = {"due": np.array([9.0]), "late": np.array([2.0]), "early": np.array([1.0])}
    assert expression.evaluate(values.__getitem__)[0] == 8
    assert expression.columns == ("due", "late", "early")
    assert parse_expression("-late").evaluate(values.__getitem__)[0] == -2


def test_unknown_makes_the_sum_unknown():
    values = {"a": np.array([1.0, np.nan]), "b": np.array([np.nan, 1.0])}
    assert np.isnan(parse_expression("a + b").evaluate(values.__getitem__)).all()


@pytest.mark.parametrize("text", ["", "a * b", "a +", "a b", "__import__('os')", "a; b", "a - - b", "3"])
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match="not a sum of columns"):
        parse_expression(text)
