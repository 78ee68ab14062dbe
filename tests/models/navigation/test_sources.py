from __future__ import annotations

from models.metrics.catalogue import LEGS as LEGS_OF_THE_CATALOGUE
from models.navigation.sources import COLUMNS, LEGS, MERCHANT_COLUMNS, SUBJECT, columns_of


def test_every_source_has_columns_and_a_subject_among_them() -> None:
    assert set(COLUMNS) == set(SUBJECT)
    for source, subject in SUBJECT.items():
        assert subject is None or subject in COLUMNS[source]


def test_a_merchants_columns_never_hide_those_of_a_row() -> None:
    for source, columns in COLUMNS.items():
        assert not columns & MERCHANT_COLUMNS, source
        assert columns_of(source) == columns | MERCHANT_COLUMNS


def test_legs_are_those_of_the_catalogue() -> None:
    assert LEGS == LEGS_OF_THE_CATALOGUE
