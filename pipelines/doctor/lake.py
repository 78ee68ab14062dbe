"""The lake against the settings and this version: buckets that were changed, tables of a newer version."""

from __future__ import annotations

from collections.abc import Iterator

from deltalake.exceptions import DeltaError

from pipelines.buckets import bucket_of
from pipelines.contracts.feeds import feeds
from pipelines.doctor.finding import Finding
from pipelines.doctor.patient import Patient
from pipelines.tables import tables

MERCHANTS_ASKED = 200
PARTITIONS = frozenset({"month", "known_month", "bucket"})


def check(patient: Patient) -> Iterator[Finding]:
    """Yield what is wrong with the lake as a whole."""
    if patient.lake_trouble:
        yield Finding(
            "lake.unreachable",
            "error",
            f"the object storage does not answer: {patient.lake_trouble}",
            patient.workspace.lake.root,
            "set AWS_ENDPOINT_URL, AWS_REGION and the keys where merchant-gps runs, and see that the bucket is there",
        )
        return
    yield from _buckets(patient)
    newer: list[str] = []
    for name in (*feeds(), *tables()):
        try:
            delta = patient.workspace.lake.delta(name)
        except (DeltaError, OSError) as error:
            first = (str(error).splitlines() or [""])[0][:200]
            yield Finding(
                "lake.unreadable",
                "error",
                f"table {name} cannot be opened: {first}",
                patient.workspace.lake.uri(name),
                "restore the folder from a copy, or take it away and run again: feeds are read anew",
            )
            continue
        if delta is not None:
            unknown = sorted({field.name for field in delta.schema().fields} - _known(name))
            if unknown:
                newer.append(f"{name} ({', '.join(unknown[:5])})")
    if newer:
        yield Finding(
            "lake.newer",
            "error",
            f"columns that this version does not know: {'; '.join(newer[:5])}",
            patient.workspace.lake.root,
            "a newer merchant-gps has written here; install that version again",
        )


def _known(name: str) -> set[str]:
    from pipelines.views import schema_of

    return set(schema_of(name).names) | PARTITIONS


def _buckets(patient: Patient) -> Iterator[Finding]:
    buckets = patient.config.buckets
    rows = patient.rows("merchants", ["merchant_id", "bucket"])[:MERCHANTS_ASKED]
    other = [
        row for row in rows if row["bucket"] is not None and row["bucket"] != bucket_of(row["merchant_id"], buckets)
    ]
    if other:
        yield Finding(
            "lake.buckets",
            "error",
            f"the lake was made with another number of buckets than {buckets}: merchants would vanish",
            str(patient.workspace.home / "config.yaml"),
            "write the former number again, or build the lake anew (move lake/ away and run)",
        )
