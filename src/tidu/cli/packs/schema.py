"""``tidu packs schema``: the shape of ``pack.yaml`` and ``cases.yaml`` as JSON Schema, for editors."""

from __future__ import annotations

from typing import Any, Final

import click

from tidu.cli import options
from tidu.cli.failures import write_json
from tidu.cli.usage import Command
from tidu.policy.assess.cases import CaseFile
from tidu.policy.documents.pack_document import PackDocument

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_FROM_KEYS: Final = {"Indicator": ("id", "section"), "EventKind": ("id",), "EventField": ("id",)}
"""What the reader takes from the key above or fills in, so that an author need not write it."""


@click.command(
    "schema",
    cls=Command,
    help="输出 pack.yaml 的 JSON Schema（2020-12），编辑器据此补全键名、提示可选的值。\n\n"
    "例如 VS Code 的 YAML 扩展：在文件首行写 # yaml-language-server: $schema=pack.schema.json",
)
@click.option("--cases", is_flag=True, help="输出 cases.yaml 的格式")
@options.json_option
def schema(*, cases: bool, as_json: bool) -> None:  # noqa: ARG001 - it is JSON either way
    """Run ``tidu packs schema``."""
    write_json(case_schema() if cases else pack_schema())


def pack_schema() -> dict[str, Any]:
    """The schema of what an author writes, which is shorter than what the reader makes of it."""
    made = PackDocument.model_json_schema(by_alias=True)
    recognition = made["properties"]["recognition"]
    made["properties"]["recognition"] = {"anyOf": [recognition["items"], recognition], "title": "Recognition"}
    for name, filled in _FROM_KEYS.items():
        shape = made["$defs"].get(name, {})
        shape["required"] = [key for key in shape.get("required", []) if key not in filled]
    return {"$schema": _DIALECT, **made, "title": "pack.yaml"}


def case_schema() -> dict[str, Any]:
    """The schema of the worked examples."""
    return {"$schema": _DIALECT, **CaseFile.model_json_schema(by_alias=True), "title": "cases.yaml"}
