from models.risk.chain import downstream

CHAIN = {"stock_prep": ("sales",), "sales": ("fulfilment", "experience"), "fulfilment": ("service",)}


def test_all_legs_on_which_trouble_may_show():
    assert downstream(["sales"], CHAIN) == {"sales", "fulfilment", "experience", "service"}
    assert downstream(["service"], CHAIN) == {"service"}
    assert downstream(["experience", "fulfilment"], CHAIN) == {"experience", "fulfilment", "service"}
    assert downstream([], CHAIN) == frozenset()


def test_a_chain_that_runs_in_a_circle_ends():
    assert downstream(["a"], {"a": ("b",), "b": ("a",)}) == {"a", "b"}
