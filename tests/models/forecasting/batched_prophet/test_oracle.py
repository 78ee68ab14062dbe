"""Prophet is asked about merchants that stand for all, and the verdict says what does not hold."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from models.calendar.event import Event
from models.forecasting.batched_prophet.oracle import ask_prophet, event_days, stratified
from models.forecasting.policy import OraclePolicy

FIRST = date(2026, 3, 2)
SALE = Event("e", "fair", (), "peak", date(2026, 4, 1), date(2026, 4, 2))


def test_every_stratum_is_asked_by_its_share_and_by_day() -> None:
    ids = np.array([f"m{place}" for place in range(1000)], dtype=object)
    stratum = np.where(np.arange(1000) < 700, 0, np.where(np.arange(1000) < 997, 1, 2))
    chosen = stratified(ids, stratum, 100, date(2026, 1, 1))
    assert len(set(chosen.tolist())) == 100
    assert np.bincount(stratum[chosen]).tolist() == pytest.approx([70, 30, 1], abs=2)
    np.testing.assert_array_equal(chosen, stratified(ids, stratum, 100, date(2026, 1, 1)))
    order = np.random.default_rng(1).permutation(1000)
    again = stratified(ids[order], stratum[order], 100, date(2026, 1, 1))
    assert set(ids[order][again]) == set(ids[chosen])
    other = stratified(ids, stratum, 100, date(2026, 1, 2))
    assert len(set(chosen.tolist()) & set(other.tolist())) < 40


def test_a_small_platform_is_asked_whole_and_an_empty_one_not_at_all() -> None:
    ids = np.array(["a", "b"], dtype=object)
    assert stratified(ids, np.zeros(2, np.int64), 100, FIRST).tolist() == [0, 1]
    assert len(stratified(ids[:0], np.zeros(0, np.int64), 100, FIRST)) == 0


def test_events_of_all_become_days_and_those_of_one_category_none() -> None:
    days = event_days([SALE, replace(SALE, scope="food", family="x"), replace(SALE, event_id="f")], FIRST, 31)
    assert [(one.name, one.day) for one in days] == [("peak/fair", date(2026, 4, 1))]


def test_both_agree_and_a_worse_fit_would_be_named() -> None:
    rng = np.random.default_rng(3)
    values = rng.poisson(30 + 8 * np.sin(2 * np.pi * np.arange(140) / 7), (3, 140)).astype(float)
    values[0, 50:55] = np.nan
    values[1, -4:] = np.nan
    verdict = ask_prophet(values, FIRST, [SALE], 28)
    assert verdict.agreement.share == 1.0
    assert verdict.agreement.wape < 0.02
    assert verdict.actual.shape == verdict.ours.shape == verdict.theirs.shape == (3, 28)
    assert 0.02 < verdict.wape_ours < 0.3
    assert verdict.wape_ours == pytest.approx(verdict.wape_theirs, abs=0.02)
    assert verdict.complaints(OraclePolicy(most_wape=0.02, most_worse=0.02)) == []
    off = replace(verdict, ours=verdict.ours * 2, agreement=verdict.agreement._replace(share=0.5, wape=0.5))
    said = "\n".join(off.complaints(OraclePolicy()))
    for words in ("log posterior is at least Prophet's on 50.0% of 3", "lie 50.00% apart", "our WAPE is"):
        assert words in said


def test_nothing_of_the_held_out_days_reaches_a_fit() -> None:
    values = np.random.default_rng(4).poisson(20.0, (1, 100)).astype(float)
    changed = values.copy()
    changed[:, -28:] = 500
    one, other = (ask_prophet(part, FIRST, [], 28) for part in (values, changed))
    np.testing.assert_array_equal(one.ours, other.ours)
    np.testing.assert_allclose(one.theirs, other.theirs, rtol=1e-6)
