from datetime import timedelta

from pipelines.doctor.policy_files import loaded
from pipelines.yaml_file import PolicyFileError


def test_a_refused_file_and_one_that_may_not_be_read(tmp_path):
    path = tmp_path / "risk.yaml"

    def refused():
        raise PolicyFileError(path, 7, "days: must be a number")

    def closed():
        raise PermissionError(13, "Permission denied")

    (found,) = loaded(refused, path)
    assert (found.id, found.where, found.severity) == ("policy.invalid", f"{path}:7", "error")
    assert "days: must be a number" in found.what
    (found,) = loaded(closed, path, "calendar")
    assert (found.id, found.where) == ("calendar.unreadable", str(path))
    assert list(loaded(lambda: None, path)) == []


def test_the_coming_year_is_asked_for_ninety_days_before(ward):
    path = ward.home / "calendars" / "cn.yaml"
    path.write_text('{"market": "cn", "events": [{"family": "fair", "name": {"zh-CN": "a", "zh-TW": "a", "en": "a"}, '
                    '"years": {"2026": {"anchor": "2026-11-11", "peak": [["2026-11-11", "2026-11-11"]]}}}]}',
                    encoding="utf-8")  # fmt: skip
    ward.now -= timedelta(days=28)  # 2 October: 90 days on it is still 2026
    assert [one.id for one in ward.of("policy")] == []
    ward.now += timedelta(days=2)
    assert [one.id for one in ward.of("policy")] == ["calendar.year"]
