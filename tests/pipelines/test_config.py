import pytest

from pipelines.config import load_config
from pipelines.yaml_file import PolicyFileError


def test_an_empty_or_missing_file_is_a_working_configuration(tmp_path):
    (tmp_path / "config.yaml").write_text("", encoding="utf-8")
    assert load_config(tmp_path / "config.yaml") == load_config(tmp_path / "none.yaml")
    assert load_config(tmp_path / "none.yaml").zone.key == "Asia/Shanghai"


@pytest.mark.parametrize(
    "text", ["timezone: Shanghai", "currency: yuan", "buckets: 0", "default_locale: fr", "run_hour: 24"]
)
def test_impossible_settings_are_refused_with_their_line(tmp_path, text):
    path = tmp_path / "config.yaml"
    path.write_text(f"# settings\n{text}\n", encoding="utf-8")
    with pytest.raises(PolicyFileError, match="config.yaml:2: "):
        load_config(path)
