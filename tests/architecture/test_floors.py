"""Three floors: pipelines above models and reports; nothing imports upwards."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FORBIDDEN = {"models": {"pipelines", "reports"}, "reports": {"pipelines"}}


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("floor", sorted(FORBIDDEN))
def test_no_floor_imports_the_one_above(floor):
    files = list((ROOT / floor).rglob("*.py"))
    assert files
    wrong = {str(path): found for path in files if (found := set(imports(path)) & FORBIDDEN[floor])}
    assert wrong == {}


def test_the_import_contracts_hold():
    command = [str(Path(sys.executable).with_name("lint-imports"))]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
