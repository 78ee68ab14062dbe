from hypothesis import given
from hypothesis import strategies as st

from models.risk.alert_identity import LENGTH, short_hash


def test_the_same_on_every_machine_and_day():
    assert short_hash("fulfilment/dispatch/m1", "2026-10-01") == "RMDFUQEUUDN4"


@given(st.text(), st.text(), st.text())
def test_short_readable_and_boundaries_count(one, two, three):
    name = short_hash(one, two, three)
    assert len(name) == LENGTH
    assert set(name) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    assert two == "" or short_hash(one + two, three) != name
