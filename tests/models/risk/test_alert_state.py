from models.risk.alert_state import STATE_COLUMNS, no_alerts, typed


def test_a_first_day_has_all_columns_and_no_row():
    state = no_alerts()
    assert state.empty
    assert {name: str(dtype) for name, dtype in state.dtypes.items()} == STATE_COLUMNS


def test_typed_keeps_the_order_and_drops_what_is_not_state():
    mixed = no_alerts()[list(reversed(STATE_COLUMNS))].assign(extra=1)
    assert list(typed(mixed).columns) == list(STATE_COLUMNS)
