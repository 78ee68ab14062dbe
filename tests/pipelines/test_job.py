from datetime import UTC, datetime

import dagster as dg
import pytest

from pipelines.job import CONFIG, day_schedule


def asked(moment):
    return day_schedule(dg.build_schedule_context(scheduled_execution_time=moment))


def test_yesterday_is_asked_for_in_the_zone_of_the_platform():
    run_hour = datetime(2026, 11, 12, CONFIG.run_hour, tzinfo=CONFIG.zone)
    assert asked(run_hour).partition_key == "2026-11-11"
    # The same moment in UTC is still the 11th; the day asked for must not move.
    assert asked(run_hour.astimezone(UTC)).partition_key == "2026-11-11"


def test_the_last_second_of_a_day_and_the_first_of_the_next_differ():
    assert asked(datetime(2026, 3, 1, 0, 0, tzinfo=CONFIG.zone)).partition_key == "2026-02-28"
    assert asked(datetime(2026, 2, 28, 23, 59, 59, tzinfo=CONFIG.zone)).partition_key == "2026-02-27"


def test_a_day_is_asked_for_once():
    moments = [datetime(2026, 11, 12, hour, tzinfo=CONFIG.zone) for hour in (1, 6)]
    assert len({asked(moment).run_key for moment in moments}) == 1


@pytest.mark.parametrize("part", ["cron_schedule", "execution_timezone"])
def test_the_schedule_follows_the_settings(part):
    wanted = {"cron_schedule": f"0 {CONFIG.run_hour} * * *", "execution_timezone": CONFIG.timezone}
    assert getattr(day_schedule, part) == wanted[part]
