"""Publishing in Dagster: after what it shows, the tower after the pages."""

from pipelines.defs.publishing.assets import merchant_pages, platform_page, published_warehouse


def keys(assets):
    return {key.to_user_string() for key in assets}


def test_pages_come_after_everything_they_show_and_the_tower_after_the_pages():
    assert keys(merchant_pages.keys) == {"pages"}
    assert {"prompts", "leg_status", "volume_forecast", "feed_status"} <= keys(merchant_pages.dependency_keys)
    assert {"pages", "alerts", "incidents"} <= keys(platform_page.dependency_keys)
    assert "alerts" in keys(published_warehouse.dependency_keys)


def test_assets_are_described_owned_and_made_by_day():
    for assets in (merchant_pages, platform_page, published_warehouse):
        (spec,) = assets.specs
        assert spec.group_name == "publishing"
        assert spec.description
        assert spec.owners
        assert assets.partitions_def is not None
