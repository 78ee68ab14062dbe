"""The hand-made facts as a fixture: tests are no package, so the module is loaded by its path."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from reports.merchant.reader import Reader, reader


def load_beside(name: str) -> ModuleType:
    """Load a module that lies beside this file."""
    spec = importlib.util.spec_from_file_location(f"page_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[f"page_{name}"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def facts() -> ModuleType:
    """Merchants made by hand."""
    return load_beside("facts")


@pytest.fixture(scope="session")
def tower_module() -> ModuleType:
    """A platform made by hand."""
    return load_beside("tower_facts")


@pytest.fixture
def english(facts: ModuleType) -> Reader:
    """A reader of English on the day of the facts."""
    return reader("en", facts.CONTEXT)
