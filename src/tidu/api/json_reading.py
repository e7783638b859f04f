"""JSON as the API takes it: small, flat and without surprises.

Standard JSON lets a key stand twice, and Python's reader also takes NaN and numbers of any length. Here each of them is
refused with its reason, before anything looks at the meaning. Decimal numbers stay exact.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from typing import Any, Final, NoReturn, cast

from django.http import HttpRequest
from ninja.parser import Parser
from ninja.types import DictStrAny

from tidu.api.refusals import Refused
from tidu.policy.errors import Problem

MAX_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 16
MAX_ITEMS: Final = 20_000
LONGEST_KEY: Final = 200
LONGEST_TEXT: Final = 4_000
MOST_DIGITS: Final = 40

_CONTROL: Final = {"Cc", "Cs"}
_LAYOUT: Final = "\n\r\t"


class StrictParser(Parser):
    """Ninja's parser with the reader of this module for bodies."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """The JSON of the body. Raises :class:`Refused`."""
        charset = (request.content_params or {}).get("charset", "utf-8")
        if request.content_type != "application/json" or charset.lower() not in {"utf-8", "utf8"}:
            problem = Problem(
                "正文应为 UTF-8 编码的 JSON", remedy="写上请求头 Content-Type: application/json"
            )
            raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, problem)
        return cast("DictStrAny", read_json(request.body))


def read_json(body: bytes) -> Any:  # noqa: ANN401 - JSON is any of its six kinds
    """The one JSON value in ``body``, numbers with a fraction as :class:`~decimal.Decimal`. Raises :class:`Refused`."""
    if len(body) > MAX_BYTES:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large())
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        _refuse("正文不是 UTF-8 编码", "把正文存为 UTF-8 编码后重试")
    try:
        data = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_integer,
            parse_float=_decimal,
        )
    except json.JSONDecodeError as error:
        _refuse(
            f"JSON 写法有误，在第 {error.lineno} 行第 {error.colno} 个字符",
            "检查这里和前面的引号、逗号、括号；键和文字都用双引号",
        )
    except RecursionError:
        _refuse(f"嵌套超过 {MAX_DEPTH} 层", "减少嵌套")
    _inspect(data)
    return data


def too_large() -> Problem:
    """What to say of a body beyond :data:`MAX_BYTES`."""
    return Problem(f"正文超过 {MAX_BYTES // 1024} KB", remedy="只写评估用得到的事实，一次只写一家企业")


def _refuse(message: str, remedy: str) -> NoReturn:
    raise Refused(HTTPStatus.BAD_REQUEST, Problem(message, remedy=remedy))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        _refuse(f"键“{_visible(twice)}”重复", "同一层内每个键只写一次")
    return found


def _constant(word: str) -> NoReturn:
    _refuse(f"JSON 里没有 {word}", "不知道的数写 null，或者不写")


def _integer(text: str) -> int:
    if len(text) > MOST_DIGITS:
        _refuse(f"数字超过 {MOST_DIGITS} 位", "检查是否多写了数字；编号请加引号")
    return int(text)


def _decimal(text: str) -> Decimal:
    if len(text) > MOST_DIGITS:
        _refuse(f"数字超过 {MOST_DIGITS} 位", "检查是否多写了数字")
    try:
        number = Decimal(text)
    except InvalidOperation:  # an exponent of twenty digits
        number = Decimal("Infinity")
    if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS:
        _refuse(f"数字 {text} 超出可用范围", "检查指数")
    return number


def _inspect(data: object) -> None:
    """Refuse what is too deep, too much, too long or invisible. No recursion: depth itself is in question."""
    pending: list[tuple[object, int]] = [(data, 1)]
    items = 0
    while pending:
        value, depth = pending.pop()
        if isinstance(value, str):
            if len(value) > LONGEST_TEXT:
                _refuse(f"有一段文字超过 {LONGEST_TEXT} 字", "缩短这段文字")
            _check_characters(value, _LAYOUT)
        elif isinstance(value, dict | list):
            if depth > MAX_DEPTH:
                _refuse(f"嵌套超过 {MAX_DEPTH} 层", "减少嵌套")
            items += len(value)
            if items > MAX_ITEMS:
                _refuse(f"内容超过 {MAX_ITEMS} 项", "只写评估用得到的事实")
            if isinstance(value, dict):
                for key in value:
                    _check_key(key)
            inner = value.values() if isinstance(value, dict) else value
            pending.extend((item, depth + 1) for item in inner)


def _check_key(key: str) -> None:
    if len(key) > LONGEST_KEY:
        _refuse(f"有一个键超过 {LONGEST_KEY} 字", "指标名见 GET /api/v1/vocabulary")
    _check_characters(key, "")


def _check_characters(text: str, allowed: str) -> None:
    if text.isascii() and text.isprintable():
        return
    if any(unicodedata.category(char) in _CONTROL and char not in allowed for char in text):
        _refuse("含有不可见的控制字符或残缺的字符", r"删去 \u0000 一类的字符；\ud800 一类的代理字符须成对")


def _visible(text: str) -> str:
    return "".join(char if char.isprintable() else "�" for char in text[:LONGEST_KEY])
