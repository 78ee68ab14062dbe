"""`merchant-gps run` with a receiver that only keeps a log, and that can end itself at a chosen moment.

    python killable.py HOME LOG             runs, and lists in LOG/moments every moment at which it could be killed
    python killable.py HOME LOG STEP N      is killed, with all its processes, at the N-th moment of a step

Moments are: before and after every commit to the lake, and before and after every file that is put in its place.
"""

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import pipelines.lake as lake_module
from pipelines.cli import main


def arguments(home="", log="", step="", number="0"):
    return Path(home), Path(log), (step, int(number))


HOME, LOG, TARGET = arguments(*sys.argv[1:5]) if __name__ == "__main__" else arguments()


class Moments:
    """Counts moments by step; ends the process group at the one that was asked for."""

    def __init__(self):
        self.step, self.number = "ingest", 0
        (LOG / "moments").write_text("")

    def begin(self, step):
        self.step, self.number = step, 0

    def pass_by(self):
        self.number += 1
        if (self.step, self.number) == TARGET:
            (LOG / "victim").write_text(f"{self.step} {self.number}")
            os.killpg(0, signal.SIGKILL)
        with (LOG / "moments").open("a") as file:
            file.write(f"{self.step} {self.number}\n")


def around(function, moments, where=lambda *_: True):
    def wrapped(*args, **kwargs):
        if not where(*args):
            return function(*args, **kwargs)
        moments.pass_by()
        result = function(*args, **kwargs)
        moments.pass_by()
        return result

    return wrapped


def told(*arguments):
    """Stands in for the receivers: what arrived is a line on disk before it is answered."""
    from reports.delivery.channel import Outcome

    keys = next(value for value in arguments if hasattr(value, "idempotency"))
    with (LOG / "received").open("a") as file:
        file.write(f"{keys.idempotency}\n")
        file.flush()
        os.fsync(file.fileno())
    return Outcome(True)


def prepare():
    moments = Moments()
    lake_module.write_deltalake = around(lake_module.write_deltalake, moments)
    lake_module.DeltaTable.delete = around(lake_module.DeltaTable.delete, moments)
    inside = lambda source, target=None: str(HOME / "published") in str(target)  # noqa: E731
    Path.replace = around(Path.replace, moments, inside)
    Path.rename = around(Path.rename, moments, inside)

    import pipelines.defs.alerting.assets as alerting
    import pipelines.defs.common as common
    import pipelines.defs.marts.step as marts
    from pipelines.defs.alerting.deliver import deliver

    logged, update = common.logged, marts.update_mart

    def logged_step(day, name, *rest):
        moments.begin(name)
        return logged(day, name, *rest)

    def update_mart(workspace, mart, *rest):
        moments.begin(mart)
        return update(workspace, mart, *rest)

    def deliver_now(workspace):
        moments.begin("deliver")
        return deliver(workspace, datetime.now(UTC), told)

    common.logged, marts.update_mart, alerting.deliver_now = logged_step, update_mart, deliver_now


if __name__ == "__main__":  # and not in the processes that write pages
    prepare()
    main(["--home", str(HOME), "run"])
