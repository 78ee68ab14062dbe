from datetime import UTC, date, datetime

from pipelines.config import WorkspaceConfig
from pipelines.doctor.patient import Patient
from pipelines.doctor.policy import DoctorPolicy


def patient(ward, now=None):
    return Patient(ward.home, now or ward.now, ward.machine)


def test_settings_that_cannot_be_read_are_the_defaults(ward):
    (ward.home / "config.yaml").write_text("timezone: Moon\n", encoding="utf-8")
    (ward.home / "policy" / "doctor.yaml").write_text("disk: full\n", encoding="utf-8")
    ill = patient(ward)
    assert ill.config == WorkspaceConfig()
    assert ill.policy == DoctorPolicy()
    assert ill.workspace.config == ill.config  # so that the lake can be opened
    assert len(ill.rows("merchants", ["merchant_id"])) == 12


def test_today_is_the_platforms_day(ward):
    assert patient(ward, datetime(2026, 10, 30, 16, 30, tzinfo=UTC)).today == date(2026, 10, 31)
    ward.setting("timezone: America/New_York")
    assert patient(ward, datetime(2026, 10, 30, 2, 30, tzinfo=UTC)).today == date(2026, 10, 29)


def test_rows_of_what_is_not_there_are_none(ward):
    well = patient(ward)
    assert well.rows("group_findings", ["as_of"]) == []
    assert well.rows("merchants", ["no_such_column"]) == []
    assert well.rows("notifications", ["status"], where=[("status", "in", ["failed"])]) == []
    assert well.rows("notifications", ["status"], where=[("status", "in", ["sent"])]) == [{"status": "sent"}]
