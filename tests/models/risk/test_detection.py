import numpy as np
import pytest

from models.risk.detection import detect
from models.risk.settings import CalibrationSettings, DetectorSettings

MERCHANTS, DAYS = 3000, 56
CALIBRATION, DETECTORS = CalibrationSettings(), DetectorSettings()
ALIKE = np.zeros(MERCHANTS, dtype=np.int64)
ORDINARY = np.zeros(DAYS, dtype=np.int64)


def run(z, overlapping=None):
    return detect(z, ALIKE, ORDINARY, np.zeros(z.shape, dtype=bool), CALIBRATION, DETECTORS, overlapping)


def noise(seed, persistence=0.57):
    """Residuals with the lag-one correlation of real shops, heavy tails included."""
    generator = np.random.default_rng(seed)
    z = generator.standard_t(5, (MERCHANTS, DAYS))
    for day in range(1, DAYS):
        z[:, day] = persistence * z[:, day - 1] + np.sqrt(1 - persistence**2) * z[:, day]
    return z


@pytest.fixture(scope="module")
def calm():
    return np.concatenate([run(noise(seed)).p_value[:, -1] for seed in range(6)])


@pytest.mark.parametrize(("level", "within"), [(0.1, 0.1), (0.01, 0.3)])
def test_todays_p_values_are_calibrated_although_days_depend_on_each_other(calm, level, within):
    assert np.mean(calm <= level) / level == pytest.approx(1, abs=within)


def test_an_outage_is_seen_by_one_day_and_a_drift_by_a_sum():
    z = noise(11)
    z[0, -1] += 12
    z[1, -10:] += 2.5
    found = run(z)
    assert found.p_value[0, -1] < 1e-3
    assert found.loudest[0] == "one_day"
    assert found.p_value[1, -1] < 1e-3
    assert found.loudest[1] in ("cusum", "ewma")
    assert 8 <= found.changed[1] <= 12


def test_a_good_surprise_is_no_risk():
    z = noise(12)
    z[0, -10:] -= 5
    assert run(z).p_value[0, -1] > 0.5


def test_scores_over_a_week_join(calm):
    z, week = noise(13), noise(14)
    week[0, -1] = 15
    found = run(z, {"week": week})
    assert found.loudest[0] == "week"
    assert found.p_value[0, -1] < 1e-2


def test_without_days_a_week_speaks_alone():
    week = noise(15)
    found = run(np.full_like(week, np.nan), {"week": week})
    assert np.isfinite(found.p_value[:, -1]).all()


def test_a_merchant_without_scores_has_no_p_value():
    z = noise(16)
    z[5] = np.nan
    assert np.isnan(run(z).p_value[5]).all()
