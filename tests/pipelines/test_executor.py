import logging
from types import SimpleNamespace

import dagster as dg
import pytest

from pipelines.doctor.locks import is_held
from pipelines.executor import OneRunAtATime, one_run_at_a_time
from pipelines.locks import RUN, LockHeldError, held
from pipelines.workspace import Workspace

CONTEXT = SimpleNamespace(log=logging.getLogger("tests.executor"))


class Inner(dg.Executor):
    """Runs nothing, and tells whether the lock is held meanwhile."""

    retries = "as it is"

    def __init__(self, lock):
        self.lock = lock

    def execute(self, plan_context, execution_plan):
        yield is_held(self.lock)
        if execution_plan == "breaks":
            raise RuntimeError("a step broke")


@pytest.fixture
def lock(workspace, monkeypatch):
    monkeypatch.setenv("MERCHANT_GPS_HOME", str(workspace.home))
    return workspace.home / ".locks" / "run.lock"


def test_the_lock_is_held_from_the_first_step_to_the_last(lock):
    executor = OneRunAtATime(Inner(lock))
    assert executor.retries == "as it is"
    assert list(executor.execute(CONTEXT, "plan")) == [True]
    assert not is_held(lock)


@pytest.mark.parametrize("plan", ["breaks", "is cancelled"])
def test_a_run_that_breaks_off_lets_go_of_it(lock, plan):
    events = OneRunAtATime(Inner(lock)).execute(CONTEXT, plan)
    assert next(events)
    if plan == "breaks":
        with pytest.raises(RuntimeError):
            next(events)
    events.close()
    assert not is_held(lock)


def test_a_run_beside_another_waits_and_then_says_who_holds_what(lock, workspace, caplog):
    caplog.set_level(logging.INFO, "tests.executor")
    with held(workspace, RUN):
        events = OneRunAtATime(Inner(lock), wait_seconds=0.05).execute(CONTEXT, "plan")
        with pytest.raises(
            LockHeldError, match=r"another run holds .*run\.lock after 0\.05 seconds; wait for it to end"
        ):
            next(events)
    assert "this run goes on then" in caplog.text
    assert list(OneRunAtATime(Inner(lock)).execute(CONTEXT, "plan")) == [True]


def test_every_run_but_that_of_the_outbox_is_one_at_a_time():
    from pipelines.definitions import defs
    from pipelines.sensors import deliver_job

    assert defs.resolve_job_def("day").executor_def is one_run_at_a_time
    assert deliver_job.executor_def is dg.in_process_executor


def test_a_run_of_dagsters_goes_through_it(lock, tmp_path_factory):
    instance = dg.DagsterInstance.ephemeral(tempdir=str(tmp_path_factory.mktemp("dagster")))
    with dg.execute_job(dg.reconstructable(job_that_looks), instance=instance) as ran:
        assert ran.success
    assert not is_held(lock)


@dg.op
def look():
    assert is_held(Workspace.at().home / ".locks" / "run.lock")


@dg.job(executor_def=one_run_at_a_time)
def job_that_looks():
    look()
