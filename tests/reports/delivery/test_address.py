"""Addresses come from a variable or a file; what is wrong is said with the name of the place alone."""

import pytest

from reports.delivery.address import NoAddressError, Source


def secret_file(folder, content="json://127.0.0.1/secret-token\n", mode=0o600):
    path = folder / "oncall"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)
    return Source(file="oncall", folder=folder)


def test_from_a_variable(monkeypatch):
    assert Source("X_URL").read({"X_URL": " json://127.0.0.1/x \n"}) == "json://127.0.0.1/x"
    monkeypatch.setenv("X_URL", "json://127.0.0.1/y")
    assert Source("X_URL").read() == "json://127.0.0.1/y"


def test_from_a_file_relative_or_absolute(tmp_path):
    source = secret_file(tmp_path)
    assert source.read() == "json://127.0.0.1/secret-token"
    assert Source(file=str(tmp_path / "oncall"), folder=tmp_path / "elsewhere").read() == source.read()
    assert source.worry() is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ("secret-a\nsecret-b", "one address on one line"),
        ("secret" * 2000, "one address on one line"),
        (b"\xff\xfesecret", "cannot be read (UnicodeDecodeError)"),
    ],
)
def test_what_is_wrong_is_said_without_the_content(tmp_path, content, reason):
    with pytest.raises(NoAddressError) as error:
        secret_file(tmp_path, content).read()
    assert reason in str(error.value)
    assert "secret file oncall" in str(error.value)
    assert "secret-" not in str(error.value)


def test_missing(tmp_path):
    with pytest.raises(NoAddressError, match="environment variable X_URL is not set"):
        Source("X_URL").read({})
    with pytest.raises(NoAddressError, match="secret file nobody does not exist"):
        Source(file="nobody", folder=tmp_path).read()
    assert Source(file="nobody", folder=tmp_path).worry() is None


@pytest.mark.parametrize(("mode", "worries"), [(0o600, False), (0o400, False), (0o640, True), (0o644, True)])
def test_a_file_that_others_can_read_is_a_worry(tmp_path, mode, worries):
    worry = secret_file(tmp_path, mode=mode).worry()
    assert (worry is not None) is worries
    assert worry is None or ("chmod 600" in worry and f"{mode:04o}" in worry)
