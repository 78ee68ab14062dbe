import numpy as np
import pytest

from models.simulation.draws import Streams
from models.simulation.noise import LINKS, Level, NoiseShape, PlatformLevel, Quiet, RateWander, Tails

DAYS = 800
FAMILIES = ("negative_binomial", "zero_inflated", "autocorrelated", "heavy_tailed")


def factors(made, family, **changes):
    """Factors (days, merchants) of shops whose dispersion is moderate."""
    platform = made.simulation.platform
    demand = platform.parameters.demand
    noise = demand.noise.model_copy(update={"family": family, **changes})
    level = Level(demand.model_copy(update={"noise": noise}), platform.world, Streams(1))
    moderate = (platform.world.dispersion > 0.03) & (platform.world.dispersion < 0.3)
    return np.array([level.step(day) for day in range(DAYS)])[:, moderate], platform.world.dispersion[moderate]


def memory(values, lag):
    logs = np.log(np.maximum(values, 1e-6))
    logs = logs - logs.mean(axis=0)
    return float((logs[:-lag] * logs[lag:]).sum() / (logs**2).sum())


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_wanders_around_one_with_about_the_same_spread(made, family):
    drawn, dispersion = factors(made, family)
    assert drawn.mean() == pytest.approx(1.0, abs=0.06)
    assert (drawn >= 0).all()
    spread = np.median(drawn.var(axis=0) / dispersion)
    assert 0.6 < spread < (4 if family == "zero_inflated" else 1.8)


def test_only_negative_binomial_has_no_memory(made):
    assert abs(memory(factors(made, "negative_binomial")[0], 1)) < 0.05
    for family in ("autocorrelated", "heavy_tailed"):
        assert memory(factors(made, family)[0], 1) > 0.4


def test_only_zero_inflated_has_days_without_anything(made):
    drawn, _ = factors(made, "zero_inflated", quiet_share=0.1)
    assert (drawn == 0).mean() == pytest.approx(0.1, abs=0.04)
    again = (drawn[1:] == 0)[drawn[:-1] == 0].mean()
    assert again == pytest.approx(1 - 1 / 1.5, abs=0.08)  # spells of a day and a half
    assert (factors(made, "autocorrelated")[0] > 0).all()


def test_only_heavy_tails_have_bursts(made):
    def extreme(family):
        logs = np.diff(np.log(factors(made, family)[0]), axis=0)
        return float((np.abs(logs) > 5 * logs.std(axis=0)).mean())

    assert extreme("heavy_tailed") > 10 * max(extreme("autocorrelated"), 1e-5)


def test_quiet_shares_differ_by_shop_and_keep_the_mean():
    quiet = Quiet(NoiseShape(quiet_share=0.1), 400, Streams(2))
    drawn = np.array([quiet.step(day) for day in range(400)])
    assert drawn.mean() == pytest.approx(1.0, abs=0.03)
    shares = (drawn == 0).mean(axis=0)
    assert np.quantile(shares, 0.1) < 0.02 < 0.2 < np.quantile(shares, 0.95)


def test_tails_keep_the_mean_whatever_their_size():
    sd = np.repeat([0.05, 0.5, 1.2], 2000)
    tails = Tails(NoiseShape(burst_chance=0.02), sd, Streams(3))
    drawn = np.array([tails.factor(np.random.default_rng(day)) for day in range(60)]).mean(axis=0).reshape(3, -1)
    assert drawn.mean(axis=1) == pytest.approx([1, 1, 1], abs=0.05)


def test_the_platforms_own_level_moves_all_and_is_still_by_default():
    assert {PlatformLevel(NoiseShape(), Streams(1)).step(day) for day in range(5)} == {1.0}
    moved = PlatformLevel(NoiseShape(platform_spread=0.1), Streams(1))
    drawn = np.array([moved.step(day) for day in range(3000)])
    assert drawn.mean() == pytest.approx(1.0, abs=0.02)
    assert np.log(drawn).std() == pytest.approx(0.1, abs=0.02)


def test_rates_of_one_link_wander_together():
    size = 3000
    rates = {name: np.full(size, 0.01) for names in LINKS.values() for name in names} | {"bot_share": np.ones(size)}
    wander = RateWander(NoiseShape(rate_spread=0.3, rate_memory=0.9), size, Streams(1))
    first, second = wander.step(0, rates), wander.step(1, rates)
    assert first["late_dispatch"] == pytest.approx(first["seller_cancel"])
    assert np.log(first["late_dispatch"]).std() == pytest.approx(0.3, abs=0.02)
    assert first["late_dispatch"].mean() == pytest.approx(0.01, rel=0.03)
    assert np.corrcoef(first["slow_reply"], second["slow_reply"])[0, 1] == pytest.approx(0.9, abs=0.03)
    assert abs(np.corrcoef(first["slow_reply"], first["negative"])[0, 1]) < 0.06
    assert (first["bot_share"] == 1).all()


def test_plain_counts_have_rates_that_stand_still():
    rates = {name: np.ones(4) / 10 for names in LINKS.values() for name in names}
    assert RateWander(NoiseShape(family="negative_binomial"), 4, Streams(1)).step(0, rates) is rates
