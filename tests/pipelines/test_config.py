from datetime import UTC, date, datetime

import pytest

from pipelines.config import WorkspaceConfig, load_config
from pipelines.yaml_file import PolicyFileError


def test_an_empty_or_missing_file_is_a_working_configuration(tmp_path):
    (tmp_path / "config.yaml").write_text("", encoding="utf-8")
    assert load_config(tmp_path / "config.yaml") == load_config(tmp_path / "none.yaml")
    assert load_config(tmp_path / "none.yaml").zone.key == "Asia/Shanghai"


@pytest.mark.parametrize(
    "text",
    [
        "timezone: Shanghai",
        "currency: yuan",
        "buckets: 0",
        "default_locale: fr",
        "run_hour: 24",
        "start_on: 9999-01-01",
        "complete_share: true",
    ],
)
def test_impossible_settings_are_refused_with_their_line(tmp_path, text):
    path = tmp_path / "config.yaml"
    path.write_text(f"# settings\n{text}\n", encoding="utf-8")
    with pytest.raises(PolicyFileError, match="config.yaml:2: "):
        load_config(path)


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("", True),
        ("https://pages.example.com", True),
        ("http://10.2.3.4:8080/gps/pages/", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("file:///srv/pages", False),
        ("//pages.example.com", False),
        ("https://user:secret@pages.example.com", False),
        ("https://pages.example.com/?next=", False),
        ("https://pages.example.com/#", False),
        ("https://pages.example.com\n", False),
        ('https://pages.example.com/"><script>', False),
    ],
)
def test_pages_are_linked_at_addresses_of_the_web_only(address, good):
    def load():
        return WorkspaceConfig.model_validate({"publishing": {"base_url": address}})

    if good:
        assert load().publishing.base_url == address
    else:
        with pytest.raises(ValueError, match="the address at which the pages are served"):
            load()


def test_the_last_day_is_counted_in_the_zone_of_the_platform():
    config = WorkspaceConfig(timezone="Asia/Shanghai", partition_days_ahead=1)
    assert config.last_day(datetime(2026, 10, 30, 15, 59, tzinfo=UTC)) == date(2026, 10, 31)
    assert config.last_day(datetime(2026, 10, 30, 16, 0, tzinfo=UTC)) == date(2026, 11, 1)
