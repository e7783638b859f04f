"""Pydantic's verdict on a document, told in Chinese with file, line, key and a suggestion for a misspelt name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from tidu.policy.errors import InputError, Problem

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from tidu.policy.vocabulary.yaml_source import KeyPath, YamlDocument

Model = TypeVar("Model", bound=BaseModel)

_LONGEST_SHOWN = 40

_MESSAGES = {
    "missing": "缺少这一项",
    "extra_forbidden": "不认识这个键",
    "string_type": "应为文字",
    "string_too_short": "不能为空",
    "string_too_long": "文字太长",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "decimal_type": "应为数字",
    "decimal_parsing": "应为数字",
    "finite_number": "应为有限的数字",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "date_type": "应为日期，写作 2025-12-31",
    "date_parsing": "应为日期，写作 2025-12-31",
    "date_from_datetime_parsing": "应为日期，写作 2025-12-31",
    "date_from_datetime_inexact": "应为日期，写作 2025-12-31",
    "list_type": "应为列表",
    "tuple_type": "应为列表",
    "set_type": "应为列表",
    "frozen_set_type": "应为列表",
    "dict_type": "应为键和值的映射",
    "mapping_type": "应为键和值的映射",
    "model_type": "应为键和值的映射",
    "model_attributes_type": "应为键和值的映射",
    "too_short": "至少要有一项",
    "too_long": "项数太多",
}


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name that ``name`` most likely was meant to be, or ``None``."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def validate(model: type[Model], document: YamlDocument, data: object = None, at: KeyPath = ()) -> Model:
    """``data`` (default: the whole document) as ``model``; ``at`` is where it stands in the document.

    Raises :class:`InputError` with one problem per fault.
    """
    try:
        return model.model_validate(document.data if data is None else data)
    except ValidationError as error:
        raise InputError(*problems(error, model, document, at)) from error


def problems(
    error: ValidationError, model: type[BaseModel], document: YamlDocument, at: KeyPath = ()
) -> Iterator[Problem]:
    """Every fault of a failed validation, placed in the document."""
    for detail in error.errors(include_url=False, include_input=True):
        path = (*at, *_data_path(detail["loc"], document, at))
        yield document.problem(path, _message(detail), _remedy(detail, model))


def _data_path(loc: tuple[int | str, ...], document: YamlDocument, at: KeyPath) -> KeyPath:
    """``loc`` without the steps that pydantic adds for unions, mapping keys and tagged models."""
    path: KeyPath = ()
    for index, step in enumerate(loc):
        last = index == len(loc) - 1
        if (*at, *path, step) in document.lines or (last and step != "[key]"):
            path = (*path, step)
    return path


def _message(detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind in {"value_error", "assertion_error"}:
        return str(context.get("error", detail["msg"]))
    if kind in {"literal_error", "enum"}:
        return f"“{_shown(detail['input'])}”不在可选的值之内：{_plain(context.get('expected', ''))}"
    if kind == "string_pattern_mismatch":
        return f"“{_shown(detail['input'])}”的写法不对"
    limits = {"greater_than_equal": ("不能小于", "ge"), "less_than_equal": ("不能大于", "le")}
    limits |= {"greater_than": ("应大于", "gt"), "less_than": ("应小于", "lt")}
    if kind in limits:
        word, key = limits[kind]
        return f"{word} {context.get(key)}"
    return _MESSAGES.get(kind, f"写法不对（{detail['msg']}）")


def _remedy(detail: ErrorDetails, model: type[BaseModel]) -> str | None:
    last = str(detail["loc"][-1]) if detail["loc"] else ""
    if detail["type"] == "extra_forbidden":
        guess = closest(last, _field_names(model))
        return f"是否应为“{guess}”？" if guess else "删去这个键，或对照格式说明改正"
    if detail["type"] == "string_type" and isinstance(detail["input"], (int, float)):
        return "给数字加上引号"
    if detail["type"] in {"literal_error", "enum"}:
        expected = str(detail.get("ctx", {}).get("expected", "")).replace("'", "")
        guess = closest(str(detail["input"]), expected.replace(" or ", ", ").split(", "))
        return f"是否应为“{guess}”？" if guess else None
    return None


def _field_names(model: type[BaseModel], seen: frozenset[type[BaseModel]] = frozenset()) -> set[str]:
    """Names of every field of ``model`` and of the models inside it, by which a document spells them."""
    names: set[str] = set()
    for name, info in model.model_fields.items():
        names.add(info.alias or name)
        for inner in _models_in(info.annotation):
            if inner not in seen and inner is not model:
                names |= _field_names(inner, seen | {model})
    return names


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        return
    for argument in getattr(annotation, "__args__", ()):
        yield from _models_in(argument)


def _shown(value: object) -> str:
    text = str(value) if not isinstance(value, Mapping) else "…"
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _plain(expected: object) -> str:
    return str(expected).replace("'", "").replace(" or ", "、").replace(", ", "、")
