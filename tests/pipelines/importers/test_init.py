"""Which importer runs, and with which options."""

import re
from pathlib import Path

import pytest

from pipelines.importers import IMPORTERS, Wanted, WrongUsageError, import_source
from pipelines.importers.report import ImportReport


def test_importers_run_by_name_on_what_is_named(workspace, monkeypatch, tmp_path):
    monkeypatch.setitem(IMPORTERS, "made", lambda source, home: (source, home))
    assert import_source("made", workspace, Wanted(source=tmp_path)) == (tmp_path, workspace)


@pytest.mark.parametrize(
    ("name", "wanted", "message"),
    [
        ("nowhere", Wanted(source=Path()), "no importer is called 'nowhere'; known: .*rossmann, sql"),
        ("rossmann", Wanted(), "import rossmann reads files: name them with --from PATH"),
        ("rossmann", Wanted(source=Path(), url="sqlite:///x.db"), "no option of sql"),
        ("sql", Wanted(url="sqlite:///x.db"), "import sql needs --query-file FILE_OR_FOLDER"),
        ("sql", Wanted(source=Path(), query_file=Path("sales.sql")), "and no --from"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(workspace, name, wanted, message):
    with pytest.raises(WrongUsageError, match=message):
        import_source(name, workspace, wanted)


def test_a_password_on_the_command_line_is_warned_of(workspace, tmp_path, monkeypatch):
    monkeypatch.setattr("pipelines.importers.sql.import_sql", lambda *_: ImportReport({"sales": 1}))
    monkeypatch.setenv("SHOP", "mysql://u:hunter2@db/x")
    wanted = {"query_file": tmp_path}
    assert "--url-variable" in str(import_source("sql", workspace, Wanted(url="mysql://u:hunter2@db/x", **wanted)))
    assert "--url-variable" not in str(import_source("sql", workspace, Wanted(url="mysql://u@db/x", **wanted)))
    assert "--url-variable" not in str(import_source("sql", workspace, Wanted(url_variable="SHOP", **wanted)))


def test_what_was_wanted_does_not_show_its_address():
    assert not re.search("hunter2", repr(Wanted(url="postgresql://u:hunter2@db/x")))
