import socket

from filelock import FileLock

from pipelines.doctor.locks import is_held, written_holder


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
