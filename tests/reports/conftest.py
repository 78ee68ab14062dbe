"""The hand-made facts as a fixture: tests are no package, so the module is loaded by its path."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from reports.merchant.reader import Reader, reader


@pytest.fixture(scope="session")
def facts() -> ModuleType:
    """The module facts.py beside this file."""
    spec = importlib.util.spec_from_file_location("page_facts", Path(__file__).with_name("facts.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["page_facts"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def english(facts: ModuleType) -> Reader:
    """A reader of English on the day of the facts."""
    return reader("en", facts.CONTEXT)
