"""Recording comes last: what is written behind it could wait for somebody who waits for the end of the chain."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.console import ROOT

WRITES = {
    "bulk_create",
    "bulk_update",
    "create",
    "delete",
    "get_or_create",
    "save",
    "select_for_update",
    "update",
    "update_or_create",
}


def _calls(function: ast.FunctionDef) -> list[ast.Call]:
    return [node for node in ast.walk(function) if isinstance(node, ast.Call)]


def _too_early(file: Path) -> Iterator[str]:
    for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(function, ast.FunctionDef):
            continue
        calls = _calls(function)
        recorded = [
            call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id == "record"
        ]
        written = [
            call.lineno for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in WRITES
        ]
        if recorded and written and max(written) > max(recorded):
            yield f"{file.relative_to(ROOT)}:{max(recorded)} {function.name}"


def test_no_function_writes_after_it_has_recorded() -> None:
    files = sorted((ROOT / "src/tidu").rglob("*.py"))
    assert [place for file in files for place in _too_early(file)] == []
