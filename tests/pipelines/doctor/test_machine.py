import os
import shutil

import pytest

from pipelines.doctor import machine
from pipelines.doctor.machine import bytes_of, has_chinese_font, is_writable, requirements, this_machine


def test_this_machine_is_asked_for_real(tmp_path):
    here = this_machine()
    assert here.free_bytes(tmp_path) > 0
    assert here.engine_bytes() > 1e8
    assert here.writable(tmp_path)
    assert here.process_lives(os.getpid())
    assert here.version("duckdb")
    assert here.version("no-such-package-anywhere") is None
    assert any(one.startswith("duckdb") for one in requirements())


@pytest.mark.parametrize(("text", "expected"), [("512 bytes", 512), ("1.5 GiB", 1.5 * 2**30), ("256.0 MiB", 2**28)])
def test_sizes_as_the_engine_writes_them(text, expected):
    assert bytes_of(text) == expected


def test_a_folder_that_is_not_there_cannot_be_written(tmp_path):
    assert not is_writable(tmp_path / "nowhere")


def test_without_fontconfig_fonts_are_looked_for_by_name(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(machine, "FONT_FOLDERS", (str(tmp_path),))
    assert not has_chinese_font()
    (tmp_path / "DejaVuSans.ttf").touch()
    assert not has_chinese_font()
    (tmp_path / "NotoSansCJK-Regular.ttc").touch()
    assert has_chinese_font()
