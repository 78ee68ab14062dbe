"""Verdicts move a leg's share within bounds, and the control keeps its promise with the weights that follow."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.risk.combination import merchant_p
from models.risk.discovery import passes_control
from models.risk.feedback_control import leg_shares, merchant_weights
from models.risk.settings import ControlSettings
from models.risk.verdicts import LABEL_COLUMNS

START = date(2026, 10, 1)
SETTINGS = ControlSettings(q=0.1, q_least=0.05, q_most=0.2, step=2.0, least_labels=10)


def label(number, real, known, *, leg="sales", door="anomaly", opened=0, audit=False):
    return {
        "subject_id": f"{known}-{number}",
        "audit": audit,
        "leg": leg,
        "door": None if audit else door,
        "stratum": leg,
        "happened_on": START + timedelta(days=opened),
        "real": real,
        "known_on": START + timedelta(days=known),
    }


def rows(*labels):
    frame = pd.DataFrame(list(labels), columns=list(LABEL_COLUMNS))
    frame["audit"], frame["real"] = frame["audit"].astype(bool), frame["real"].astype(bool)
    return frame.astype({"happened_on": "datetime64[s]", "known_on": "datetime64[s]"})


def verdicts(real, false, known, **values):
    return [label(number, number < real, known, **values) for number in range(real + false)]


def share(*labels, settings=SETTINGS):
    return leg_shares(rows(*labels), ["sales"], settings)[0]


def test_without_verdicts_the_policy_holds():
    found = share()
    assert (found.q, found.moved_on, found.labels, np.isnan(found.low)) == (0.1, None, 0, True)


def test_many_wrong_alerts_tighten_and_few_say_nothing():
    # 5 of 10 are right: Wilson up to 0.76, which is under 0.9
    wrong = share(*verdicts(5, 5, known=3))
    assert (wrong.q, wrong.moved_on, wrong.labels) == (0.05, START + timedelta(days=3), 0)
    assert share(*verdicts(4, 5, known=3)).q == 0.1
    # 8 of 10: Wilson up to 0.94; the promise of 0.9 may well be kept
    kept = share(*verdicts(8, 2, known=3))
    assert (kept.q, kept.labels, kept.real) == (0.1, 10, 8)
    assert kept.low == pytest.approx(0.4902, abs=1e-4)


def test_right_alerts_loosen_only_when_there_are_enough_of_them():
    assert share(*verdicts(30, 0, known=3)).q == 0.1  # lower bound 0.886
    assert share(*verdicts(40, 0, known=3)).q == 0.2  # lower bound 0.912


def test_a_step_is_judged_only_by_alerts_that_opened_after_it():
    first = verdicts(2, 8, known=3)
    assert share(*first, *verdicts(40, 0, known=5, opened=2)).q == 0.05
    after = share(*first, *verdicts(40, 0, known=5, opened=3))
    assert (after.q, after.moved_on) == (0.1, START + timedelta(days=5))


def test_shares_stay_within_their_bounds():
    everything = [one for day in range(1, 9) for one in verdicts(0, 10, known=day, opened=day)]
    assert share(*everything).q == 0.05
    audits = [label(day, True, known=day, audit=True) for day in range(1, 9)]
    assert share(*audits).q == 0.2


def test_an_audit_that_finds_trouble_loosens_one_that_finds_none_does_not():
    missed = share(label(0, True, 2, audit=True), label(1, False, 2, audit=True))
    assert (missed.q, missed.audited, missed.missed) == (0.2, 2, 1)
    assert share(label(0, False, 2, audit=True)).q == 0.1
    # Where most alerts are wrong, more of them would not help.
    assert share(*verdicts(2, 8, known=2), label(99, True, 2, audit=True)).q == 0.05


def test_only_anomalies_of_the_leg_count():
    assert share(*verdicts(0, 10, known=3, door="limit"), *verdicts(0, 10, known=3, leg="service")).q == 0.1


def test_old_verdicts_count_no_more():
    long_ago = [one for day in range(5) for one in verdicts(37, 3, known=day)]  # 0.925: nothing moves
    labels = [*long_ago, *verdicts(9, 11, known=9)]
    assert share(*labels).q == 0.1
    assert share(*labels, settings=SETTINGS.model_copy(update={"most_labels": 20})).q == 0.05


def test_the_order_of_rows_does_not_matter():
    labels = rows(*verdicts(5, 5, known=3), *verdicts(40, 0, known=5, opened=4), label(7, True, 6, audit=True))
    mixed = labels.sample(frac=1, random_state=1)
    assert leg_shares(mixed, ["sales"], SETTINGS)[0].q == leg_shares(labels, ["sales"], SETTINGS)[0].q


def test_weights_by_hand():
    leg_p = np.array([[0.01, np.nan, 0.5, np.nan], [0.2, 0.3, 0.1, np.nan]])
    weights, level = merchant_weights(leg_p, np.array([0.05, 0.15]))
    # mean shares of the merchants' legs: 0.1, 0.15, 0.1
    assert level == pytest.approx(0.35 / 3)
    assert weights[:3] * level == pytest.approx([0.05, 0.15, 0.15])
    assert np.isnan(weights[3])


@given(st.floats(0.01, 0.5), st.integers(1, 6))
def test_equal_shares_are_no_weights(q, legs):
    p = np.random.default_rng(legs).uniform(size=(legs, 30))
    weights, level = merchant_weights(p, np.full(legs, q))
    assert weights == pytest.approx(1.0)
    assert level == pytest.approx(q)


@pytest.mark.parametrize("dependent", [False, True])
def test_false_discoveries_stay_within_the_mean_share(dependent):
    """2,000 merchants with 7 legs, 40 in trouble, legs independent or moving together, shares from 0.02 to 0.2."""
    shares = np.array([0.02, 0.02, 0.05, 0.1, 0.1, 0.2, 0.2])
    generator = np.random.default_rng(7)
    false, found = [], []
    for _ in range(200):
        p = np.repeat(generator.uniform(size=(1, 2000)), 7, axis=0) if dependent else generator.uniform(size=(7, 2000))
        leg = generator.integers(0, 7, 40)
        p[leg, np.arange(40)] = generator.uniform(0, 2e-4, 40)
        p[generator.uniform(size=p.shape) < 0.2] = np.nan
        weights, level = merchant_weights(p, shares)
        flagged = passes_control(merchant_p(list(p)), level, weights)
        false.append(flagged[40:].sum() / max(flagged.sum(), 1))
        found.append(flagged[:40].mean())
    assert np.mean(false) <= level + 3 * np.std(false) / np.sqrt(len(false))
    assert np.mean(found) > 0.1
    assert level < 0.12
