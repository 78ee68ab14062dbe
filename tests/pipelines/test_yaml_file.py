import pytest

from pipelines.config import Settings
from pipelines.yaml_file import PolicyFileError, load_yaml


class Inner(Settings):
    amber: float
    red: float = 1.0


class Outer(Settings):
    limits: tuple[Inner, ...]
    name: str = "x"


def write(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "policy.yaml"
    path.write_bytes(text.encode(encoding))
    return path


def test_a_good_file_becomes_a_frozen_object(tmp_path):
    outer = load_yaml(write(tmp_path, "limits:\n- {amber: 0.5}\n"), Outer)
    assert outer.limits[0].amber == 0.5
    with pytest.raises(ValueError, match="frozen"):
        outer.name = "y"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("limits:\n- amber: 0.5\n- amber: much\n", 3, "limits.1.amber"),
        ("limits: []\nnaem: x\n", 2, "naem: unknown key; did you mean 'name'?"),
        ("name: x\nname: y\nlimits: []\n", 2, "'name' stands twice"),
        ("limits: [\n", 2, "not valid YAML"),
        ("name: x\n", 1, "limits: missing; add this key"),
    ],
)
def test_a_mistake_is_named_with_file_line_and_reason(tmp_path, text, line, reason):
    path = write(tmp_path, text)
    with pytest.raises(PolicyFileError) as caught:
        load_yaml(path, Outer)
    assert caught.value.line == line
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert reason in str(caught.value)


def test_a_missing_file_and_foreign_bytes_are_said_so(tmp_path):
    with pytest.raises(PolicyFileError, match="does not exist"):
        load_yaml(tmp_path / "none.yaml", Outer)
    with pytest.raises(PolicyFileError, match="not UTF-8 at byte 6"):
        load_yaml(write(tmp_path, "name: é\n", "latin-1"), Outer)


def test_python_objects_in_yaml_are_refused(tmp_path):
    with pytest.raises(PolicyFileError, match="could not determine a constructor"):
        load_yaml(write(tmp_path, "name: !!python/object/apply:os.system ['true']\n"), Outer)
