import pytest

from pipelines.doctor import settings


def test_a_refused_setting_names_its_line(ward):
    ward.setting("run_hour: 25")
    (found,) = ward.of("settings")
    assert found.id == "config.run_hour"
    lines = (ward.home / "config.yaml").read_text(encoding="utf-8").splitlines()
    assert found.where.endswith(f"config.yaml:{lines.index('run_hour: 25') + 1}")


def test_unknown_names_are_answered_with_the_known_ones(ward):
    ward.setting("profile: moon")
    (found,) = ward.of("settings")
    assert "neutral" in found.how
    assert "ebay_top_rated_us" in found.how


def test_a_profile_of_the_workspace_alone_is_known(ward):
    (ward.home / "policy" / "profiles" / "ours.yaml").write_text("extends: neutral\nid: ours\n", encoding="utf-8")
    ward.setting("profile: ours")
    assert ward.of("settings") == []


def test_settings_that_the_user_may_not_read(ward, monkeypatch):
    def closed(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(settings, "load_config", closed)
    (found,) = ward.of("settings")
    assert (found.id, found.severity) == ("config.unreadable", "error")


@pytest.mark.parametrize(("named", "unknown"), [("[m1, m2]", 0), ("[m1, who, what]", 2)])
def test_prophet_merchants_must_exist(ward, named, unknown):
    ward.setting(f"forecast: {{prophet_merchants: {named}}}")
    found = ward.of("settings")
    assert [one.what.count("'") // 2 for one in found] == ([unknown] if unknown else [])
