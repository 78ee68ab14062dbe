from pipelines.doctor.patient import Patient
from pipelines.lake import Lake


def test_an_object_storage_that_does_not_answer_is_one_finding(ward, monkeypatch):
    ward.setting("lake: s3://company/lake")
    asked = []

    def silent(self, table):
        asked.append(table)
        raise OSError("connection refused")

    monkeypatch.setattr(Lake, "delta", silent)
    patient = Patient(ward.home, ward.now, ward.machine)
    assert patient.rows("merchants", ["merchant_id"]) == []
    assert asked == ["merchants"]  # one question, not one for every table
    found = [(one.id, one.severity, one.where) for one in ward.of("lake")]
    assert found == [("lake.unreachable", "error", "s3://company/lake")]


def test_marts_are_open_to_columns_of_the_feeds(ward):
    ward.append("alert_volume", [{"as_of": ward.now.date(), "leg": "x", "opened_by": "x"}])
    assert ward.of("lake") == []


def test_an_empty_lake_says_nothing(ward):
    import shutil

    shutil.rmtree(ward.home / "lake")
    assert ward.of("lake") == []
