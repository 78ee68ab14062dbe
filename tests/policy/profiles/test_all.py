"""What holds of every shipped profile."""

import pytest

from models.metrics.words import placeholders_of
from pipelines.defs.risk.panel import check_columns
from pipelines.workspace import shipped as shipped_folder

PROFILES = sorted(path.stem for path in (shipped_folder("policy") / "profiles").glob("*.yaml"))
UNPUBLISHED = ("taobao", "tmall", "douyin", "jd", "pinduoduo")


def platform_limits(profile):
    return [(metric, one) for metric in profile.metrics for one in metric.limits if one.kind == "platform"]


def test_these_profiles_are_shipped():
    assert PROFILES == [
        "amazon_us", "ebay_minimum_us", "ebay_top_rated_us", "etsy_minimum", "etsy_star", "lazada", "lazmall",
        "mercadolibre_mx", "neutral", "shopee_sg", "tiktok_us", "walmart_ca", "walmart_us",
    ]  # fmt: skip
    assert not [name for name in PROFILES if name.startswith(UNPUBLISHED)]  # no limits are published for these


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_is_named_after_its_file_and_reads_columns_that_exist(profile_of, name):
    profile = profile_of(name)
    assert profile.id == name
    assert profile.note
    check_columns(profile)
    assert len({profile.name.of(locale) for locale in ("zh-CN", "zh-TW", "en")}) >= 2


@pytest.mark.parametrize("name", [name for name in PROFILES if name not in ("neutral", "lazada")])
def test_limits_name_their_source_and_sentences_the_limit_that_decides(profile_of, name):
    limits = platform_limits(profile_of(name))
    assert limits
    for metric, limit in limits:
        assert limit.mark in "OT"
        assert len(limit.source) > 15
        assert (limit.mark == "T") == limit.source.startswith("third parties"), limit.source
        for locale in ("zh-CN", "zh-TW", "en"):
            named = placeholders_of(metric.bad.of(locale))
            assert "limit_amber" not in named or limit.amber is not None, (metric.id, locale)
            assert "limit_red" in named, (metric.id, locale)


@pytest.mark.parametrize("name", PROFILES)
def test_windows_are_told_in_the_text(profile_of, name):
    """A row that changes the window without saying so would tell merchants a wrong one."""
    neutral = profile_of("neutral")
    for metric in profile_of(name).windowed():
        base = neutral.metric(metric.id)
        if (metric.windows, metric.lag, metric.numerator) != (base.windows, base.lag, base.numerator):
            assert metric.how != base.how, metric.id


@pytest.mark.parametrize("name", PROFILES)
def test_platform_limits_of_a_metric_never_hold_on_one_day_together(profile_of, name):
    for metric in profile_of(name).metrics:
        dated = [one for one in metric.limits if one.kind == "platform"]
        days = {one.valid_from for one in dated} | {one.valid_until for one in dated}
        for day in days - {None}:
            assert sum(one.holds_on(day) for one in dated) <= 1, metric.id
