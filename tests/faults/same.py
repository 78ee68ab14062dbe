"""What two workspaces hold, made comparable: the content of every table, the pages, and what lies about.

Left out is what tells when something was done rather than what came out:

- `run_log`: run_id, seconds, peak_mb, started_at; killed runs leave rows of their own, so it is compared as a set
- `seen_at` of `ingested_files` and `rejected_rows`; created_at, next_attempt_at and sent_at of `notifications`
- `mart_state`: the random names of data files; instead each mart must be up to date with its feeds
Figures may differ by 1e-9: sums of the engine are exact, but matrix products of blocks of another width are not.
"""

import re
from pathlib import Path

import numpy as np
import pyarrow as pa

from pipelines.contracts.feeds import feeds
from pipelines.defs.marts.build import FEEDS_OF_MART
from pipelines.defs.marts.changes import built_files, files_of, stale_months
from pipelines.tables import tables
from pipelines.workspace import Workspace

LEFT_OUT = {
    "run_log": {"run_id", "rows_in", "seconds", "peak_mb", "started_at", "engine"},
    "ingested_files": {"seen_at"},
    "rejected_rows": {"seen_at"},
    "notifications": {"created_at", "next_attempt_at", "sent_at"},
}
TOLERANCE = 1e-9
FIGURE = re.compile(r"\d+(?:\.\d+)?")


def in_order(table, name):
    """A table's columns and rows in a stable order."""
    kept = table.select(sorted(set(table.column_names) - LEFT_OUT.get(name, set())))
    if name == "run_log":
        kept = kept.group_by(kept.column_names).aggregate([])
    known = tables().get(name)
    key = known.key if known else [*feeds()[name].key, "known_on", "file", "line"]
    exact = [field.name for field in kept.schema if not pa.types.is_floating(field.type)]
    order = [column for column in key if column in exact] + [column for column in exact if column not in key]
    return kept.sort_by([(column, "ascending") for column in order])


def content(home):
    """Every table of a workspace."""
    lake = Workspace.at(home).lake
    names = [name for name in (*feeds(), *tables()) if name != "mart_state" and lake.exists(name)]
    return {name: in_order(lake.read(name), name) for name in names}


def differences(one, other):
    """What differs between two contents, in words; empty when nothing does."""
    said = [f"{name} is in one only" for name in sorted(set(one) ^ set(other))]
    for name in sorted(set(one) & set(other)):
        a, b = one[name], other[name]
        if a.schema.names != b.schema.names or a.num_rows != b.num_rows:
            said.append(
                f"{name}: {a.num_rows} rows against {b.num_rows}, columns {set(a.schema.names) ^ set(b.schema.names)}"
            )
            continue
        for column in a.schema.names:
            unlike = np.flatnonzero(~alike(a.column(column), b.column(column)))
            if len(unlike):
                pair = [table.slice(int(unlike[0]), 1).to_pylist()[0] for table in (a, b)]
                said.append(f"{name}.{column}: {len(unlike)} rows, such as {pair[0]} against {pair[1]}")
    return said


def alike(a, b):
    """Where two columns say the same, figures to the last bits."""
    if pa.types.is_floating(a.type):
        a, b = (column.to_numpy(zero_copy_only=False) for column in (a, b))
        return np.isclose(a, b, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
    if a.equals(b):
        return np.ones(len(a), dtype=bool)
    return np.array([x == y for x, y in zip(a.to_pylist(), b.to_pylist(), strict=True)])


def stale_marts(home):
    """Marts that are not up to date with their feeds."""
    lake = Workspace.at(home).lake
    return [mart for mart in FEEDS_OF_MART if stale_months(built_files(lake, mart), files_of(lake, mart), mart)]


def pages(home):
    """Every published page and file beside it, by its path."""
    folder = Path(home) / "published" / "pages"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def unlike_pages(one, other):
    """What differs between two publications, in words: bytes, save that a figure may round the other way.

    The figures of tables agree to 1e-9 only (see above), so one that lies between two printed values, such as 0.125,
    may be printed as either. Whatever is no figure must be the same byte for byte.
    """
    said = [f"{name} is in one only" for name in sorted(set(one) ^ set(other))]
    unlike = [name for name in sorted(set(one) & set(other)) if one[name] != other[name]]
    return said + [name for name in unlike if not rounded_alike(one[name].decode(), other[name].decode())]


def rounded_alike(a, b):
    """Whether two texts are the same but for the last printed place of figures."""
    if FIGURE.sub("#", a) != FIGURE.sub("#", b):
        return False
    pairs = zip(FIGURE.findall(a), FIGURE.findall(b), strict=True)
    return all(x == y or abs(float(x) - float(y)) <= 1.01 * max(place(x), place(y)) for x, y in pairs)


def place(figure):
    """Unit of the last printed place, or of the ninth digit of a figure that is printed whole."""
    decimals = len(figure.partition(".")[2])
    return max(10.0**-decimals, abs(float(figure)) * TOLERANCE)


def left_behind(home):
    """Temporary files and folders of runs that are over."""
    home = Path(home)
    inside = [*home.glob(".scratch/*"), *home.glob("published/**/.*"), *home.glob("landing/*/.*")]
    return sorted(str(path.relative_to(home)) for path in inside)
