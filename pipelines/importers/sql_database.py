"""A database to read from: its address is a secret, and nothing is written to it.

The idea: the address comes from the command line or, better, from an environment variable. Whatever a library says goes
through `Database.say`, which knows the secret parts of the address and blots them out.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

import sqlalchemy as sa
from sqlalchemy import exc

BLOT = "***"
MOST_CHARACTERS = 400
CONNECT_SECONDS = 20
SECRET_OPTION = re.compile(r"pass|pwd|secret|token|key|odbc_connect", re.IGNORECASE)
MENDS = {
    "postgresql": "pip install 'merchant-gps[postgresql]' and write postgresql+psycopg://...",
    "mysql": "pip install PyMySQL and write mysql+pymysql://...",
    "mariadb": "pip install PyMySQL and write mariadb+pymysql://...",
    "oracle": "pip install oracledb and write oracle+oracledb://...",
    "mssql": "pip install pyodbc and write mssql+pyodbc://...",
    "snowflake": "pip install snowflake-sqlalchemy",
    "bigquery": "pip install sqlalchemy-bigquery",
    "clickhouse": "pip install clickhouse-sqlalchemy",
}
FORM = "write it as dialect+driver://user:password@host:port/database, such as sqlite:////data/shop.db"


class DatabaseError(ValueError):
    """The database cannot be reached or refuses; the message says how to mend it, and holds no secret."""


@dataclass(frozen=True)
class Database:
    """A database by its address; printing one shows no secret.

    Parameters
    ----------
    url : sqlalchemy.URL
        The parsed address.
    """

    url: sa.URL = field(repr=False)

    @staticmethod
    def named(url: str | None, variable: str | None) -> Database:
        """Take the address from the command line or from an environment variable.

        Raises
        ------
        DatabaseError
            When there is none, or it cannot be read; never repeats the address.
        """
        if bool(url) == bool(variable):
            raise DatabaseError("name the database by --url URL or by --url-variable NAME, one of the two")
        where = f"the environment variable {variable}" if variable else "--url"
        address = os.environ.get(variable, "") if variable else url
        if not address:
            raise DatabaseError(f"{where} is not set; set it to the database's address: {FORM}")
        try:
            parsed = sa.make_url(address)
        except (exc.ArgumentError, ValueError):
            raise DatabaseError(f"the address in {where} cannot be read; {FORM}") from None
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        return Database(parsed)

    def __str__(self) -> str:
        return self.url.set(query={}).render_as_string(hide_password=True)

    def say(self, text: object) -> str:
        """Text on one line with every secret part of the address blotted out."""
        line = " ".join(str(text).split())
        for secret in sorted(self._secrets(), key=len, reverse=True):
            line = line.replace(secret, BLOT)
        return line[:MOST_CHARACTERS]

    def _secrets(self) -> set[str]:
        plain = [str(self.url.password)] if self.url.password else []
        for name, value in self.url.normalized_query.items():
            if SECRET_OPTION.search(name):
                plain += value
        plain.append(self.url.render_as_string(hide_password=False))
        return {form(text) for text in plain for form in (str, quote, quote_plus) if text}

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open a connection that only reads, streams what it reads, and is rolled back at the end.

        Raises
        ------
        DatabaseError
            When the driver is missing or the database cannot be reached.
        """
        engine = self._engine()
        try:
            connection = self._connected(engine)
            with connection:
                yield connection
        finally:
            engine.dispose()

    def _engine(self) -> sa.Engine:
        if self.url.get_backend_name() == "sqlite":
            self._check_file()
        try:
            engine = sa.create_engine(
                self.url, poolclass=sa.NullPool, hide_parameters=True, connect_args=self._patience()
            )
        except exc.NoSuchModuleError:
            raise DatabaseError(f"{self}: SQLAlchemy knows no {self.url.drivername}; {self._mend()}") from None
        except ModuleNotFoundError as error:
            raise DatabaseError(f"{self}: the driver {error.name!r} is not installed; {self._mend()}") from None
        except (exc.SQLAlchemyError, TypeError, ValueError) as error:
            raise DatabaseError(f"{self}: the address does not suit the driver ({self.say(error)})") from None
        if self.url.get_backend_name() == "sqlite":
            sa.event.listen(engine, "connect", _only_query)
        return engine

    def _patience(self) -> dict[str, int]:
        """A host that never answers is given up; other drivers have a limit of their own."""
        waits = self.url.drivername == "postgresql+psycopg" and "connect_timeout" not in self.url.query
        return {"connect_timeout": CONNECT_SECONDS} if waits else {}

    def _mend(self) -> str:
        name = self.url.get_backend_name()
        return MENDS.get(name, f"install the package that brings SQLAlchemy the dialect {name!r}")

    def _check_file(self) -> None:
        """SQLite makes a file that is not there; a typing error must not."""
        name = self.url.database
        if not name or name == ":memory:":
            raise DatabaseError(f"{self}: names no file; write sqlite:////folder/file.db")
        if not name.startswith("file:") and not Path(name).is_file():
            raise DatabaseError(f"{self}: there is no file {Path(name).resolve()}; check the path")

    def _connected(self, engine: sa.Engine) -> sa.Connection:
        try:
            connection = engine.connect()
            if self.url.get_backend_name() == "postgresql":
                # One snapshot for all queries; the server refuses whatever would write.
                return connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            return connection
        except exc.DBAPIError as error:
            raise DatabaseError(
                f"{self}: cannot be reached ({self.say(error.orig)}); check host, port, user, password and that it runs"
            ) from None
        except ModuleNotFoundError as error:
            raise DatabaseError(f"{self}: the driver {error.name!r} is not installed; {self._mend()}") from None
        except exc.SQLAlchemyError as error:
            raise DatabaseError(f"{self}: cannot be opened ({self.say(error)})") from None


def _only_query(connection: object, _record: object) -> None:
    connection.execute("PRAGMA query_only = ON")  # type: ignore[attr-defined]
