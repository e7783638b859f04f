"""How the API refuses: one shape for every error, in Chinese, with what to do next.

``{"errors": [{"message": …, "key": …, "remedy": …}]}``. ``key`` is the dotted path in the request, such as
``facts.revenue.2025``, or ``null`` where the whole request is meant.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

from django.http import HttpResponse

from tidu.policy.errors import Problem

MOST_PROBLEMS: Final = 100
LONGEST_MESSAGE: Final = 300
CONTENT_TYPE: Final = "application/json; charset=utf-8"

_DOCUMENTATION: Final = "接口说明见 /api/docs/"
BY_STATUS: Final[Mapping[int, tuple[str, str]]] = MappingProxyType(
    {
        HTTPStatus.BAD_REQUEST: ("这个请求无法识别", _DOCUMENTATION),
        HTTPStatus.FORBIDDEN: ("不能访问这个地址", _DOCUMENTATION),
        HTTPStatus.NOT_FOUND: ("没有这个地址", _DOCUMENTATION),
        HTTPStatus.METHOD_NOT_ALLOWED: ("这个地址不支持这种请求方法", "改用应答头 Allow 列出的方法"),
        HTTPStatus.LENGTH_REQUIRED: ("请求没有注明长度", "在请求头里写 Content-Length，不要用分块传输"),
        HTTPStatus.TOO_MANY_REQUESTS: ("请求太频繁", "等应答头 Retry-After 所写的秒数以后再试"),
        HTTPStatus.SERVICE_UNAVAILABLE: ("暂时不能提供服务", "稍后重试"),
    }
)
"""What to say where nothing more exact is known."""
_FAILED: Final = ("系统出错了，这次请求没有完成", "稍后重试；反复出现时，请把时间和地址告诉网站的主办单位")


class Refused(Exception):  # noqa: N818 - an answer, not a fault of the program
    """Raised to answer with ``status`` and ``problems``."""

    def __init__(self, status: HTTPStatus, *problems: Problem) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.status = status
        self.problems = problems


def json_answer(data: object, status: int = HTTPStatus.OK) -> HttpResponse:
    """``data`` as readable UTF-8 JSON: Chinese as it is, no NaN."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    return HttpResponse(text, status=status, content_type=CONTENT_TYPE)


def refusal(status: int, problems: Iterable[Problem]) -> HttpResponse:
    """The answer that says what is wrong. At most :data:`MOST_PROBLEMS` are listed, the rest counted."""
    found = list(problems)
    listed = [_problem(problem) for problem in found[:MOST_PROBLEMS]]
    if len(found) > MOST_PROBLEMS:
        rest = len(found) - MOST_PROBLEMS
        listed.append({"message": f"另有 {rest} 处问题没有列出", "key": None, "remedy": "先改正以上各处"})
    return json_answer({"errors": listed}, status)


def refusal_by_status(status: int) -> HttpResponse:
    """The answer where only the status is known."""
    message, remedy = BY_STATUS.get(status, _FAILED)
    return refusal(status, [Problem(message, remedy=remedy)])


def _problem(problem: Problem) -> dict[str, Any]:
    return {"message": _short(problem.message), "key": _short(problem.key), "remedy": _short(problem.remedy)}


def _short(text: str | None) -> str | None:
    return text if text is None or len(text) <= LONGEST_MESSAGE else f"{text[:LONGEST_MESSAGE]}…"
