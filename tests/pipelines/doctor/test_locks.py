import socket

import pytest
from filelock import FileLock

from pipelines.doctor.locks import is_held, written_holder
from pipelines.locks import INGEST, held
from pipelines.scratch import scratch, sweep


def test_the_holder_is_told_only_on_its_own_host(tmp_path):
    path = tmp_path / "run.lock"
    for text, holder in ((f"77\n{socket.gethostname()}\n", 77), ("77\nelsewhere\n", None), ("", None), ("moon", None)):
        path.write_text(text, encoding="utf-8")
        assert written_holder(path) == holder
    assert written_holder(tmp_path / "nowhere.lock") is None


def test_a_lock_is_held_as_long_as_its_process_holds_it(tmp_path):
    path = tmp_path / "run.lock"
    path.touch()
    assert not is_held(path)
    with FileLock(path, timeout=0):
        assert is_held(path)
        assert is_held(path)  # asking takes nothing away
    assert not is_held(path)


def test_asking_does_not_hinder_a_run(ward):
    ward.of("locks")
    with FileLock(ward.home / ".locks" / "run.lock", timeout=0) as held:
        assert held.is_locked


@pytest.mark.parametrize(
    ("name", "who"),
    [
        (INGEST, "a process that takes in files or builds marts is at work"),
        ("scratch", "a process that makes or removes temporary folders is at work"),
        ("backtest-spring", "the backtest 'spring' is at work"),
        ("other", "a process is at work"),
    ],
)
def test_who_holds_a_lock_is_said(ward, name, who):
    with held(ward.workspace, name):
        (found,) = ward.of("locks")
    assert (found.id, found.severity, found.what) == ("locks.held", "hint", who)
    assert ward.of("locks") == []


def test_folders_of_dead_work_are_a_hint_and_those_of_living_work_are_none(ward):
    with scratch(ward.workspace, "ingest"):
        assert ward.of("locks") == []
        dead = ward.home / ".scratch" / "ingest-1-dead"
        dead.mkdir()
        dead.with_name(f"{dead.name}.lock").touch()
        (found,) = ward.of("locks")
        assert (found.id, found.severity) == ("locks.scratch_left", "hint")
        assert sweep(ward.workspace) == 1
        assert ward.of("locks") == []
