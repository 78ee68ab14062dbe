"""Faults of the machine: a full disk, a disk that turned read-only, a locked storage.

In each the command says what, where and how to mend it, without a trace; nothing is lost, and the next run mends it.
"""

import shutil
import sqlite3
import subprocess

import pytest

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1800)]
MEGABYTE = 1024 * 1024


def words(process):
    return " ".join((process.stdout + process.stderr).split())


@pytest.fixture
def small_disk(arena, undisturbed):
    """The workspace at its beginning, on a disk of its own; gives a function that mounts it anew with other options."""
    arena.reset()
    kept = arena.folder / "kept"
    arena.home.rename(kept)
    arena.home.mkdir()
    options = ["mount", "-t", "tmpfs", "-o", "size=400m", "tmpfs", str(arena.home)]
    mounted = subprocess.run(options, capture_output=True, text=True, check=False)
    if mounted.returncode:
        arena.home.rmdir()
        shutil.rmtree(kept)
        pytest.skip(f"a disk of a chosen size cannot be mounted here: {mounted.stderr.strip()}")
    subprocess.run(["cp", "-a", f"{kept}/.", str(arena.home)], check=True)
    shutil.rmtree(kept)

    def remount(options):
        subprocess.run(["mount", "-o", f"remount,{options}", str(arena.home)], check=True)

    yield remount
    remount("rw")
    subprocess.run(["umount", str(arena.home)], check=True)


def megabytes(folder):
    return shutil.disk_usage(folder).used / MEGABYTE


def test_a_full_disk_is_said_and_more_space_mends_it(small_disk, arena, same, undisturbed):
    used = megabytes(arena.home)
    for spare in (0.1, 1.5, 4.0):  # full at once, while files are taken in, in the midst of the day
        small_disk(f"size={int((used + spare) * 1024)}k")
        failed = arena.run("run")
        assert failed.returncode == 1, failed.stderr
        assert "the disk is full" in words(failed), failed.stderr
        assert "then run again" in words(failed)
        assert "Traceback" not in failed.stderr, failed.stderr
    small_disk("size=400m")
    log = arena.folder / "log-full"
    log.mkdir()
    arena.drive_to_its_end(log)
    assert same.differences(undisturbed.content, same.content(arena.home)) == []
    assert same.unlike_pages(undisturbed.pages, same.pages(arena.home)) == []
    assert same.left_behind(arena.home) == []


def test_a_disk_that_turned_read_only_is_said(small_disk, arena, same):
    small_disk("ro")
    failed = arena.run("run")
    assert failed.returncode == 1
    assert "mounted read-only. Mount it writable" in words(failed), failed.stderr
    assert str(arena.home) in words(failed).replace(" ", "")
    assert "Traceback" not in failed.stderr


def test_a_locked_storage_of_dagster_is_said_and_harms_nothing(home, arena, same):
    before = same.content(home)["leg_status"]
    held = [sqlite3.connect(path) for path in sorted(home.glob(".dagster/**/*.db"))]
    assert held
    for connection in held:
        connection.execute("BEGIN EXCLUSIVE")
    try:
        failed = arena.run("run")
    finally:
        for connection in held:
            connection.rollback()
            connection.close()
    assert failed.returncode == 1
    assert "Dagster's storage is locked by another process" in words(failed), failed.stderr
    assert "Traceback" not in failed.stderr
    assert same.content(home)["leg_status"].equals(before)
