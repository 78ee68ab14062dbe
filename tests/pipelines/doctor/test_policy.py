import pytest

from pipelines.doctor.policy import DoctorPolicy
from pipelines.workspace import shipped
from pipelines.yaml_file import PolicyFileError, load_yaml


def test_the_shipped_file_says_what_holds_without_it():
    assert load_yaml(shipped("policy") / "doctor.yaml", DoctorPolicy) == DoctorPolicy()


@pytest.mark.parametrize("text", ["disk: {warning_gb: -1}\n", "disk: {warning_tb: 1}\n", "clock: {days_ahead: soon}\n"])
def test_what_makes_no_sense_is_refused(tmp_path, text):
    path = tmp_path / "doctor.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyFileError):
        load_yaml(path, DoctorPolicy)
