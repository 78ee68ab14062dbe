"""Printing pages: fonts that can show Chinese, and a browser that can print."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.doctor.finding import Finding
from pipelines.doctor.patient import Patient


def check(patient: Patient) -> Iterator[Finding]:
    """Yield what printing lacks; pages that are only read need neither."""
    if not patient.machine.has_chinese_font():
        yield Finding(
            "printing.fonts",
            "warning",
            "no font can show Chinese: printed pages would hold empty boxes",
            "this machine",
            "install one, on Debian: apt-get install fonts-noto-cjk",
        )
    if patient.machine.chromium() is None:
        yield Finding(
            "printing.chromium",
            "hint",
            "no Chromium was found; pages cannot be printed or tested here",
            "this machine",
            "only needed for printing and browser tests; on Debian: apt-get install chromium",
        )
