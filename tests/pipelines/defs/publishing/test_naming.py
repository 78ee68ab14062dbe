"""Names of pages cannot be guessed and never become paths."""

import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.defs.publishing.naming import KEY_VARIABLE, PageKeyError, PageNames, page_names, read_or_make_key


def test_same_merchant_same_name_other_key_other_name():
    names = PageNames(b"k" * 32)
    assert names.name("m-1") == PageNames(b"k" * 32).name("m-1")
    assert names.name("m-1") != PageNames(b"x" * 32).name("m-1")
    assert names.name("m-1") != names.name("m-2")
    assert names.tower.startswith("tower-")


def test_known_value():
    # printf 'merchant:m-1' | openssl dgst -sha256 -hmac kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk
    import hashlib
    import hmac

    assert PageNames(b"k" * 32).name("m-1") == hmac.new(b"k" * 32, b"merchant:m-1", hashlib.sha256).hexdigest()[:32]


@given(st.text())
def test_any_id_gives_a_plain_file_name(merchant):
    name = PageNames(b"k" * 32).name(merchant)
    assert len(name) == 32
    assert set(name) <= set("0123456789abcdef")


def test_key_is_made_once_and_only_its_owner_reads_it(workspace):
    first = page_names(workspace)
    path = workspace.secrets / "pages.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(first.key) == 64
    assert page_names(workspace) == first


def test_a_key_that_others_can_read_is_refused(workspace):
    page_names(workspace)
    path = workspace.secrets / "pages.key"
    path.chmod(0o644)
    with pytest.raises(PageKeyError, match="chmod 600"):
        page_names(workspace)


def test_an_empty_key_file_says_how_to_mend_it(tmp_path):
    path = tmp_path / "pages.key"
    path.touch(mode=0o600)
    with pytest.raises(PageKeyError, match="delete it"):
        read_or_make_key(path)


def test_key_from_the_environment_wins(workspace, monkeypatch):
    monkeypatch.setenv(KEY_VARIABLE, "e" * 40)
    assert page_names(workspace).key == b"e" * 40
    assert not (workspace.secrets / "pages.key").exists()
    monkeypatch.setenv(KEY_VARIABLE, "short")
    with pytest.raises(PageKeyError, match="at least 32"):
        page_names(workspace)
