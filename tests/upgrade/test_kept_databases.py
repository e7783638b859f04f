"""The databases that tests copy are made anew whenever something changes that they are made from."""

from __future__ import annotations

import ast

from tests.databases import ROOT, USED


def _imported() -> set[str]:
    """The project's own modules that migrations use, as paths below its package."""
    names: set[str] = set()
    for file in (ROOT / "src" / "tidu").glob("*/migrations/*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name.removeprefix("tidu.").replace(".", "/") for name in names if name.startswith("tidu.")}


def test_migrations_use_nothing_that_the_key_leaves_out() -> None:
    used = tuple(name.removesuffix(".py") for name in USED)
    assert _imported()
    assert {name for name in _imported() if not name.startswith(used)} == set()
