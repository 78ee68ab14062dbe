"""From when on the doctor speaks (`policy/doctor.yaml`), as frozen objects."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pipelines.config import Settings

Positive = Annotated[float, Field(gt=0)]


class FeedLimits(Settings):
    """When a feed is late, and how many held rows are many."""

    stale_cadences: Positive = 2
    silent_days: Positive = 3
    held_rows: Annotated[int, Field(ge=1)] = 100


class DiskLimits(Settings):
    """Free space below which the doctor speaks."""

    warning_gb: Positive = 5
    error_gb: Positive = 0.5


class MemoryLimits(Settings):
    """Memory of the engine below which the doctor speaks."""

    warning_gb: Positive = 1


class DeliveryLimits(Settings):
    """When messages are stuck or failing."""

    late_minutes: Positive = 60
    failed_days: Positive = 7
    failed_messages: Annotated[int, Field(ge=1)] = 1


class RouteLimits(Settings):
    """How long quiet hours may be."""

    quiet_hours: Positive = 14


class CalendarLimits(Settings):
    """How far ahead the calendar must reach."""

    days_ahead: Annotated[int, Field(ge=1)] = 90


class ClockLimits(Settings):
    """How far ahead of the clock deliveries may be dated."""

    days_ahead: Annotated[int, Field(ge=0)] = 1


class FileLimits(Settings):
    """When a temporary file is left behind."""

    unfinished_hours: Positive = 6


class DoctorPolicy(Settings):
    """`policy/doctor.yaml`."""

    feeds: FeedLimits = FeedLimits()
    disk: DiskLimits = DiskLimits()
    memory: MemoryLimits = MemoryLimits()
    delivery: DeliveryLimits = DeliveryLimits()
    routes: RouteLimits = RouteLimits()
    calendar: CalendarLimits = CalendarLimits()
    clock: ClockLimits = ClockLimits()
    files: FileLimits = FileLimits()
