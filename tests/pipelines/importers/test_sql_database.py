"""Addresses of databases: what is said about them, and that their secrets are never repeated."""

from __future__ import annotations

import sys

import pytest
import sqlalchemy as sa

from pipelines.importers.sql_database import Database, DatabaseError

SECRET = "hunter2/ü %"
ADDRESS = sa.URL.create("postgresql", "reader", SECRET, "127.0.0.1", 1, "shop").render_as_string(hide_password=False)


def forms_of_secret() -> list[str]:
    return [SECRET, "hunter2", "hunter2%2F"]


def test_the_address_comes_from_the_command_line_or_a_variable(monkeypatch):
    monkeypatch.setenv("SHOP_DB", ADDRESS)
    for database in (Database.named(ADDRESS, None), Database.named(None, "SHOP_DB")):
        assert database.url.password == SECRET
        assert str(database) == "postgresql+psycopg://reader:***@127.0.0.1:1/shop"
        assert repr(database) == "Database()"
    with pytest.raises(DatabaseError, match="one of the two"):
        Database.named(ADDRESS, "SHOP_DB")
    with pytest.raises(DatabaseError, match="one of the two"):
        Database.named(None, None)
    with pytest.raises(DatabaseError, match="environment variable ELSEWHERE is not set"):
        Database.named(None, "ELSEWHERE")


@pytest.mark.parametrize("address", ["hunter2", "postgresql://reader:hunter2@db:port/x", "://hunter2@"])
def test_an_address_that_cannot_be_read_is_not_repeated(address):
    with pytest.raises(DatabaseError, match=r"cannot be read; write it as dialect\+driver") as told:
        Database.named(address, None)
    assert "hunter2" not in str(told.value)
    assert told.value.__suppress_context__


def test_what_others_say_is_blotted():
    query = {"sslpassword": "key-word", "sslmode": "require", "access_token": "t0ken"}
    database = Database(sa.make_url(ADDRESS).set(query=query))
    said = database.say(
        f"no luck with\n{database.url.render_as_string(hide_password=False)} or {SECRET}, t0ken key-word"
    )
    assert said == "no luck with *** or ***, *** ***"
    assert str(database) == "postgresql://reader:***@127.0.0.1:1/shop"
    assert len(database.say("x" * 10_000)) == 400


def test_a_server_that_is_not_there_is_told_without_the_password():
    with pytest.raises(
        DatabaseError, match=r"postgresql\+psycopg://reader:\*\*\*@127.0.0.1:1/shop: cannot be reached"
    ) as told:
        Database.named(ADDRESS, None).reading().__enter__()
    assert not [form for form in forms_of_secret() if form in str(told.value)]
    assert told.value.__suppress_context__


def test_a_missing_file_is_not_made(tmp_path):
    path = tmp_path / "shp.db"
    with pytest.raises(DatabaseError, match=r"there is no file .*shp\.db; check the path"):
        Database.named(f"sqlite:///{path}", None).reading().__enter__()
    assert not path.exists()
    with pytest.raises(DatabaseError, match="names no file"):
        Database.named("sqlite://", None).reading().__enter__()


@pytest.mark.parametrize(
    ("address", "missing", "message"),
    [
        ("mysql+pymysql://u:p@h/d", "pymysql", "'pymysql' is not installed; pip install PyMySQL"),
        ("postgresql://u:p@h/d", "psycopg", r"'psycopg' is not installed; pip install 'merchant-gps\[postgresql\]'"),
        ("postgresql+psycopg2://u:p@h/d", "psycopg2", r"'psycopg2'.*write postgresql\+psycopg://"),
        ("foxpro://u:p@h/d", None, "knows no foxpro; install the package that brings SQLAlchemy the dialect 'foxpro'"),
        ("snowflake://u:p@h/d", None, "knows no snowflake; pip install snowflake-sqlalchemy"),
        ("mysql+nodriver://u:p@h/d", None, "knows no mysql.nodriver; pip install PyMySQL"),
    ],
)
def test_a_missing_driver_names_the_package(monkeypatch, address, missing, message):
    if missing:
        monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(DatabaseError, match=message):
        Database.named(address, None).reading().__enter__()
