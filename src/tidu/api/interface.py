"""The API itself: its version, its parser, its rate and how it answers what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, Throttled, ValidationErrorContext
from ninja.renderers import JSONRenderer

from tidu.api import evaluations, references
from tidu.api.json_reading import StrictParser, too_large
from tidu.api.library import FACTS
from tidu.api.rate import PerAddress
from tidu.api.refusals import Refused, refusal, refusal_by_status
from tidu.policy.errors import InputError, Problem
from tidu.policy.vocabulary.validation import problems
from tidu.policy.vocabulary.yaml_source import KeyPath, YamlDocument

VERSION: Final = "1"
_MISSING: Final = "缺少这一项"
_REQUIRED: Final = "这一项必填，见 /api/docs/"


class ReadableRenderer(JSONRenderer):
    """JSON with Chinese as it is."""

    json_dumps_params = {"ensure_ascii": False, "allow_nan": False}  # noqa: RUF012 - ninja's own declaration


class Interface(NinjaAPI):
    """Ninja with the project's way of saying what is wrong in a request."""

    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> NoReturn:
        """Tell pydantic's verdict in Chinese, by key. Always raises."""
        raise InputError(*(problem for context in error_contexts for problem in _told(context)))


def _told(context: ValidationErrorContext[Any]) -> Iterator[Problem]:
    """Pydantic's faults in one part of a request, by the keys that the caller wrote.

    Ninja puts the name of our own argument before the key of a body; the name alone means the whole body.
    """
    error, model = context.pydantic_validation_error, context.model
    lines: dict[KeyPath, int] = {}
    for detail in error.errors(include_url=False, include_input=False):
        lines |= {detail["loc"][:length]: 1 for length in range(1, len(detail["loc"]) + 1)}
    for problem in problems(error, model, YamlDocument("", None, lines)):
        _, _, key = (problem.key or "").partition(".")
        if key:
            remedy = _REQUIRED if problem.message == _MISSING else problem.remedy
            yield Problem(_plain(problem.message), key=key, remedy=remedy)
        elif problem.message == _MISSING:
            raise Refused(HTTPStatus.BAD_REQUEST, Problem("请求没有正文", remedy="在正文里写 JSON 对象"))
        else:
            yield Problem("正文应为 JSON 对象", remedy="写作 {…}，各项见 /api/docs/")


def _plain(message: str) -> str:
    """Without the English of a fault that the engine has no words for."""
    return "写法不对" if message.startswith("写法不对（") else message


def build() -> NinjaAPI:
    """The API with its endpoints. Its own documentation pages are left out: :mod:`tidu.api.views` has ours."""
    api = Interface(
        title="梯度数据接口",
        version=VERSION,
        description="查询政策包，预评估一家企业的称号、奖励、梯度和规模。不需要账号；请求的内容不保存。",
        urls_namespace="api:v1",
        openapi_url=None,
        docs_url=None,
        parser=StrictParser(),
        renderer=ReadableRenderer(),
        throttle=PerAddress(),
    )
    api.add_router("", references.router)
    api.add_router("", evaluations.router)
    for kind, handler in _HANDLERS:
        api.add_exception_handler(kind, handler)
    return api


def _input_error(request: HttpRequest, error: InputError) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    found = [Problem(problem.message, key=_key(problem), remedy=problem.remedy) for problem in error.problems]
    return refusal(HTTPStatus.UNPROCESSABLE_ENTITY, found)


def _key(problem: Problem) -> str | None:
    return f"{FACTS}.{problem.key}" if problem.file == FACTS and problem.key else problem.key or problem.file


def _refused(request: HttpRequest, error: Refused) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    return refusal(error.status, error.problems)


def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    # Ninja wraps whatever its parser raises.
    if isinstance(error.__cause__, Refused):
        return _refused(request, error.__cause__)
    return refusal_by_status(error.status_code)


def _throttled(request: HttpRequest, error: Throttled) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    return refusal_by_status(HTTPStatus.TOO_MANY_REQUESTS)


def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    return refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, [too_large()])


def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    return refusal_by_status(HTTPStatus.NOT_FOUND)


_HANDLERS: Final[tuple[tuple[type[Exception], Any], ...]] = (
    (InputError, _input_error),
    (Refused, _refused),
    (HttpError, _http_error),
    (Throttled, _throttled),
    (RequestDataTooBig, _too_big),
    (Http404, _not_found),
)
api = build()
