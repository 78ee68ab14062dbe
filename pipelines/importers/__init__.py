"""Other layouts into feeds: `merchant-gps import NAME --from PATH`.

An importer is a function of a source and a workspace that writes landing files and returns what it did. To add one,
copy `freshretailnet.py` (rows by day of delivery) or `rossmann.py` (a history) with its `.sql` files, and name it here.
A database needs no importer of its own: for `sql`, the query is the mapping.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.importers.freshretailnet import import_freshretailnet
from pipelines.importers.itsm import import_itsm
from pipelines.importers.olist import import_olist
from pipelines.importers.report import ImportReport
from pipelines.importers.rossmann import import_rossmann
from pipelines.workspace import Workspace

Importer = Callable[[Path, Workspace], ImportReport]

IMPORTERS: dict[str, Importer] = {
    "freshretailnet": import_freshretailnet,
    "itsm": import_itsm,
    "olist": import_olist,
    "rossmann": import_rossmann,
}
SQL = "sql"
ON_COMMAND_LINE = "the password stood on the command line, where others on this machine can read it; use --url-variable"


class WrongUsageError(ValueError):
    """Options that do not go together; the message says which are needed."""


@dataclass(frozen=True)
class Wanted:
    """What a caller names: a file or folder for layouts, the rest for a database."""

    source: Path | None = None
    url: str | None = None
    url_variable: str | None = None
    query_file: Path | None = None
    feed: str | None = None
    day: date | None = None

    def __repr__(self) -> str:
        return f"Wanted(source={self.source}, query_file={self.query_file})"  # the address may hold a password

    @property
    def of_database(self) -> bool:
        """Whether any option of a database is named."""
        return any((self.url, self.url_variable, self.query_file, self.feed, self.day))


def import_source(name: str, workspace: Workspace, wanted: Wanted) -> ImportReport:
    """Run the importer `name`.

    Raises
    ------
    WrongUsageError
        When there is no such importer, or its options are not the ones named.
    """
    if name == SQL:
        return _import_sql(workspace, wanted)
    if name not in IMPORTERS:
        raise WrongUsageError(f"no importer is called {name!r}; known: {', '.join(sorted([*IMPORTERS, SQL]))}")
    if wanted.source is None or wanted.of_database:
        raise WrongUsageError(f"import {name} reads files: name them with --from PATH, and no option of sql")
    return IMPORTERS[name](wanted.source, workspace)


def _import_sql(workspace: Workspace, wanted: Wanted) -> ImportReport:
    from pipelines.importers.sql import import_sql
    from pipelines.importers.sql_database import Database

    if wanted.query_file is None or wanted.source is not None:
        raise WrongUsageError("import sql needs --query-file FILE_OR_FOLDER and --url or --url-variable, and no --from")
    database = Database.named(wanted.url, wanted.url_variable)
    report = import_sql(workspace, database, wanted.query_file, wanted.feed, wanted.day)
    return report.noting(ON_COMMAND_LINE) if wanted.url and database.url.password else report
