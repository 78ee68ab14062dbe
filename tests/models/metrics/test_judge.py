from datetime import date

import numpy as np
import pytest
from pydantic import TypeAdapter

from models.metrics.catalogue import Metric
from models.metrics.estimate import Estimate
from models.metrics.judge import enough_sample, judge, judge_level, peer_percentile, why_grey
from models.metrics.legs import NOT_CONNECTED, NOT_GREY, NOTHING_TO_MEASURE, SMALL_SAMPLE, STALE
from models.metrics.lights import AMBER, GREEN, GREY, RED
from models.metrics.profile import Colouring
from models.peers.quartiles import PeerFigures

WORDS = {"zh-CN": "名", "zh-TW": "名", "en": "Name"}
DAY = date(2026, 10, 28)
YES = np.array([True])


def metric(**changes):
    base = {"id": "a.b", "leg": "fulfilment", "feeds": ["fulfilment"], "unit": "percent", "name": WORDS, "short": WORDS,
            "how": WORDS, "good": WORDS, "bad": WORDS, "kind": "rate", "numerator": "late", "denominator": "due",
            "windows": [10], "min_n": 30, "min_bad": 3, "core": True}  # fmt: skip
    return TypeAdapter(Metric).validate_python(base | changes)


def limit(kind, amber=None, red=None, **more):
    return {"kind": kind, "amber": amber, "red": red, "mark": "O", "source": "page", **more}


def estimate(bad, total, breach=0.0, higher=False, counted=np.nan):
    observed = np.array([bad / total])
    nothing = np.array([np.nan])
    return Estimate(
        "beta", higher, np.array([float(bad)]), np.array([float(total)]), 1 - observed if higher else observed, nothing,
        nothing, nothing, np.array([float(total)]), np.array([float(bad)]), np.array([bad + 1.0]),
        np.array([total - bad + 30.0]), nothing, nothing, np.array([breach]), nothing, np.array([counted]),
        nothing,
    )  # fmt: skip


def peers(p25=np.nan, p50=np.nan, p75=np.nan, position=np.nan):
    return PeerFigures(*(np.array([float(one)]) for one in (p25, p50, p75, position)), np.array([40]))


def verdict(one, found, of_peers=None, grey=NOT_GREY):
    return judge(one, found, of_peers or peers(), np.array([grey], dtype=np.int8), Colouring(), DAY)


def test_platform_limit_is_red_by_arithmetic_even_by_chance():
    one = metric(limits=[limit("platform", red=0.04)])
    assert verdict(one, estimate(1, 20)).light[0] == RED  # 5 %: the platform will act, chance or not
    found = verdict(one, estimate(3, 100, breach=0.6))
    assert found.light[0] == AMBER
    assert found.limit_kind == "platform"
    assert found.limit_source == "O: page"
    assert verdict(one, estimate(3, 100, breach=0.4)).light[0] == GREEN


def test_own_limit_waits_until_it_is_sure():
    one = metric(limits=[limit("own", 0.03, 0.04)])
    assert verdict(one, estimate(1, 20)).light[0] == GREEN
    assert verdict(one, estimate(12, 100)).light[0] == RED
    assert verdict(one, estimate(5, 100)).light[0] == AMBER


def test_the_platforms_limit_takes_the_place_of_our_own():
    one = metric(limits=[limit("platform", red=0.2), limit("own", 0.03, 0.04)])
    assert verdict(one, estimate(12, 100)).light[0] == GREEN


def test_peer_limit_and_star():
    one = metric(limits=[limit("peer", min_effect=0.02)])
    bad = verdict(one, estimate(30, 200), peers(0.01, 0.02, 0.05))
    assert bad.light[0] == AMBER
    assert bad.limit_amber[0] == 0.05
    assert bad.limit_kind == "peer"
    good = verdict(one, estimate(2, 2000), peers(0.01, 0.02, 0.05))
    assert good.light[0] == GREEN
    assert good.star[0]
    assert not verdict(metric(core=False), estimate(2, 2000), peers(0.01, 0.02, 0.05)).star[0]
    assert not verdict(one, estimate(2, 2000)).star[0]  # without peers nobody is a star


def test_peers_from_below_where_higher_is_better():
    one = metric(better="higher", limits=[limit("peer", min_effect=0.02)])
    assert verdict(one, estimate(60, 200, higher=True), peers(0.9, 0.95, 0.98)).light[0] == AMBER
    assert verdict(one, estimate(2, 2000, higher=True), peers(0.9, 0.95, 0.98)).star[0]


def test_grey_says_why_and_shows_no_probability():
    found = verdict(metric(limits=[limit("own", 0.03, 0.04)]), estimate(12, 100), grey=SMALL_SAMPLE)
    assert found.light[0] == GREY
    assert np.isnan(found.over_red[0])
    assert not found.star[0]
    assert why_grey(YES, YES, YES, ~YES)[0] == NOT_GREY
    assert why_grey(YES, ~YES, YES, ~YES)[0] == SMALL_SAMPLE
    assert why_grey(YES, YES, YES, YES)[0] == STALE
    assert why_grey(YES, YES, ~YES, YES)[0] == NOT_CONNECTED
    assert why_grey(~YES, YES, YES, ~YES)[0] == NOT_CONNECTED  # nobody has it: its columns are not delivered
    assert why_grey(np.array([True, False]), *(np.array([True, True]),) * 2, np.array([False, False]),
                    NOTHING_TO_MEASURE)[1] == NOTHING_TO_MEASURE  # fmt: skip


def test_sample_is_held_against_min_n():
    assert enough_sample(metric(), estimate(1, 30))[0]
    assert not enough_sample(metric(), estimate(1, 29))[0]


def test_level_and_percentile():
    level = TypeAdapter(Metric).validate_python(
        {k: v for k, v in metric().model_dump(by_alias=True).items()
         if k not in ("numerator", "denominator", "windows", "lag", "min_n", "min_bad", "per", "kind", "limits",
                      "look_back", "needs", "counts_while")}
        | {"kind": "level", "window": "day", "observed": "x", "limits": [limit("own", 0.05, 0.2)]}
    )  # fmt: skip
    one = np.array([0.1])
    found = judge_level(level, one, one, one, np.zeros(1, dtype=np.int8), DAY)
    assert found.light[0] == AMBER
    assert (found.limit_amber[0], found.limit_red[0]) == (0.05, 0.2)
    assert peer_percentile(metric(), peers(position=0.25))[0] == pytest.approx(0.75)
    assert peer_percentile(metric(better="higher"), peers(position=0.25))[0] == pytest.approx(0.25)


def test_a_platform_counts_buyers_beside_the_rate():
    one = metric(limits=[limit("platform", red=0.005, count={"of": "buyers", "at_most": 3})])
    assert verdict(one, estimate(4, 400, counted=4.0)).light[0] == RED
    assert verdict(one, estimate(4, 400, counted=3.0)).light[0] == GREEN
    assert verdict(one, estimate(4, 400)).light[0] == AMBER  # nobody counts buyers: it may be 1, it may be 4
    assert verdict(one, estimate(3, 400)).light[0] == GREEN
    assert verdict(one, estimate(4, 400, counted=4.0)).limit_count == 3


def test_a_platform_with_three_colours():
    bands = [{"grade": "green", "up_to": 0.15}, {"grade": "yellow", "up_to": 0.2}, {"grade": "orange", "up_to": 0.3}]
    one = metric(limits=[limit("platform", 0.15, 0.2, bands=bands, beyond="red")])
    found = [(verdict(one, estimate(bad, 100))) for bad in (15, 16, 20, 21, 31)]
    assert [each.light[0] for each in found] == [GREEN, AMBER, AMBER, RED, RED]
    assert [each.grade[0] for each in found] == ["green", "yellow", "yellow", "orange", "red"]
    assert verdict(one, estimate(31, 100), grey=SMALL_SAMPLE).grade[0] == ""


def test_a_platforms_mean_is_compared_as_it_is():
    plain = {
        name: value
        for name, value in metric().model_dump(by_alias=True).items()
        if name not in ("min_bad", "per", "kind")
    }
    more = {"kind": "mean", "sum_of_squares": "c", "better": "higher", "limits": [limit("platform", red=4.8)]}
    one = TypeAdapter(Metric).validate_python(plain | more)
    nothing = np.array([np.nan])

    def mean(value):
        return Estimate(
            "normal", True, nothing, np.array([40.0]), np.array([value]), nothing, nothing, nothing, np.array([40.0]),
            nothing, np.array([value]), np.array([0.1]), nothing, nothing, nothing, nothing, nothing,
            nothing,
        )  # fmt: skip

    assert verdict(one, mean(4.8)).light[0] == GREEN
    assert verdict(one, mean(4.79)).light[0] == RED
