"""The OpenAPI document: made from the declared shapes, in Chinese, with examples."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from tidu.api.examples import EXAMPLES
from tidu.api.interface import api
from tidu.api.json_reading import MAX_BYTES
from tidu.policy.assess.entitlements import EntitlementStatus
from tidu.policy.assess.ladder import Standing
from tidu.policy.documents.benefits import Happening
from tidu.policy.documents.pack import Force
from tidu.policy.quantities import Kind
from tidu.policy.status import Status
from tidu.policy.vocabulary.indicators import Effort, Period

Json = dict[str, Any]

_WORDS: Final[tuple[type[StrEnum], ...]] = (
    Status,
    EntitlementStatus,
    Standing,
    Force,
    Effort,
    Period,
    Kind,
    Happening,
)
_HAPPENINGS: Final = {"newly_recognised": "新认定", "re_reviewed": "复核通过", "event": "登记的事项"}
ANSWERS: Final[Mapping[str, str]] = {
    "200": "应答",
    "400": "正文不是 JSON，或写法有误",
    "404": "没有这个政策包",
    "413": f"正文超过 {MAX_BYTES // 1024} KB",
    "415": "正文没有标明是 JSON",
    "422": "请求看得懂，但内容不对：errors 逐处说明",
    "429": "请求太频繁；应答头 Retry-After 为须等待的秒数",
}
METHODS: Final = frozenset({"get", "post"})


@functools.cache
def openapi() -> Json:
    """The document as plain data. Made once per process: it depends on the program alone."""
    document: Json = json.loads(json.dumps(api.get_openapi_schema()))
    for path in document["paths"].values():
        for operation in path.values():
            _say_answers(operation)
            _add_example(operation)
            for parameter in operation["parameters"]:
                parameter["schema"] = _stated(parameter["schema"])
    for name, schema in document["components"]["schemas"].items():
        _say_words(name, schema)
    _drop_titles(document["paths"])
    _drop_titles(document["components"])
    document.pop("servers")
    document["tags"] = [
        {"name": "资料", "description": "政策包、词汇表和代码表"},
        {"name": "评估", "description": "拿一家企业的事实对照政策"},
    ]
    return document


def _stated(schema: Json) -> Json:
    """The schema of a parameter that is there: an address has no way to say null."""
    schema = {key: value for key, value in schema.items() if key != "description"}
    offered = [one for one in schema.pop("anyOf", []) if one.get("type") != "null"]
    return schema | offered[0] if offered else schema


def _say_answers(operation: Json) -> None:
    operation["responses"] = dict(sorted(operation["responses"].items()))
    for status, answer in operation["responses"].items():
        answer["description"] = ANSWERS[status]
        if status == "429":
            answer["headers"] = {
                "Retry-After": {"description": "须等待的秒数", "schema": {"type": "integer", "minimum": 1}}
            }


def _add_example(operation: Json) -> None:
    example = EXAMPLES.get(operation["operationId"])
    if example is not None:
        operation["requestBody"]["content"]["application/json"]["example"] = example


def _say_words(name: str, schema: Json) -> None:
    """An enumeration of the engine is described by its own Chinese words."""
    for words in _WORDS:
        if words.__name__ == name:
            schema["description"] = "，".join(f"{item.value} {_word(item)}" for item in words)


def _word(item: StrEnum) -> str:
    label = _HAPPENINGS.get(item.value) if isinstance(item, Happening) else getattr(item, "label", None)
    return label or item.value


def _drop_titles(node: object) -> None:
    """Pydantic titles every field with its English name; a property that is itself called title stays."""
    pending = [node]
    while pending:
        found = pending.pop()
        if isinstance(found, dict):
            if isinstance(found.get("title"), str):
                del found["title"]
            pending.extend(value for key, value in found.items() if key != "example")
        elif isinstance(found, list):
            pending.extend(found)
