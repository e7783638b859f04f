"""The page about the API and the OpenAPI document that it is made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tidu.api.evaluations import assessment
from tidu.api.examples import EXAMPLES, compact, curl
from tidu.api.json_reading import MAX_BYTES
from tidu.api.openapi import ANSWERS, METHODS, Json, openapi
from tidu.api.refusals import json_answer
from tidu.api.requests import AssessRequest
from tidu.core.components import Column, Crumb
from tidu.core.rates import parse_rate

SHOWN: Final = "assess"
_WINDOWS: Final = {1: "秒", 60: "分钟", 3_600: "小时", 86_400: "天"}
_TYPES: Final = {
    "string": "文字",
    "integer": "整数",
    "number": "数",
    "boolean": "是否",
    "array": "列表",
    "object": "对象",
}


FURTHER_STATUSES: Final = {
    "405": "这个地址不支持这种请求方法；应答头 Allow 列出可用的",
    "411": "没有注明正文的长度",
    "500": "系统出错",
    "503": "政策包暂时不能读取",
}


class Written(NamedTuple):
    """How one sort of fact is written."""

    name: str
    written: str
    about: str


FACTS: Final = (
    Written("普通指标", '"niche_years": 8', "指标的名称、单位和选项见词汇表"),
    Written("按年的指标", '"revenue": {"2024": 20400000, "2025": 23189000}', "年份作键；金额以元计"),
    Written("带单位的数", '"main_product_revenue": {"2025": "1560万元"}', "也可以写“10%”“3项”这样的文字"),
    Written("是否", '"bad_record": false', "由人评判的指标不写，就是待人工评判"),
    Written("日期", '"registered_on": "2016-05-20"', "年-月-日"),
    Written(
        "称号",
        '"recognitions": [{"tier": "srdi", "recognised_on": "2024-09-01", "expires_on": "2027-08-31"}]',
        "没有写是不知道，空列表是没有",
    ),
    Written(
        "事项",
        '"events": [{"kind": "relocated_in", "on": "2025-03-01", "whole": true}]',
        "触发奖励的事项，字段见词汇表",
    ),
    Written(
        "已领的奖励",
        '"payments": [{"class": "recognition_award", "for": "srdi", "amount": 500000, "by": "…", "on": "2025-01-10"}]',
        "决定能不能再领",
    ),
)


@dataclass(frozen=True, slots=True)
class Item:
    """One parameter of an address or one key of a body."""

    name: str
    kind: str
    required: bool
    about: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation as the page shows it."""

    id: str
    method: str
    path: str
    summary: str
    about: str
    items: tuple[Item, ...]


@login_not_required
@require_safe
def document(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """``openapi.json``."""
    return json_answer(openapi())


@login_not_required
@require_safe
def front(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The address above all of them leads to the page."""
    return redirect("api:docs")


@login_not_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """What can be asked, how, and one call with its real answer."""
    described = openapi()
    endpoints = [
        _endpoint(path, method, operation, described)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]
    rate = parse_rate(settings.API_RATE)
    context = {
        "steps": (Crumb("首页", reverse(settings.SITE["home"])), Crumb("数据接口")),
        "endpoints": endpoints,
        "shown": next(item for item in endpoints if item.id == SHOWN),
        "call": curl(SHOWN, request.build_absolute_uri(reverse("api:v1:assess_enterprise"))),
        "answer": compact(assessment(AssessRequest.model_validate(EXAMPLES[SHOWN]))),
        "calls": rate.calls,
        "window": _WINDOWS[rate.seconds],
        "kilobytes": MAX_BYTES // 1024,
        "statuses": sorted({**ANSWERS, **FURTHER_STATUSES}.items()),
        "facts": FACTS,
        "overview_columns": (Column("接口"), Column("地址"), Column("用途")),
        "facts_columns": (Column("事实"), Column("写法"), Column("含义")),
        "columns": (Column("参数"), Column("类型"), Column("含义")),
        "status_columns": (Column("状态码"), Column("含义")),
    }
    return render(request, "api/docs.html", context)


def _endpoint(path: str, method: str, operation: Json, described: Json) -> Endpoint:
    items = [
        Item(
            parameter["name"],
            _kind(parameter["schema"]),
            parameter["required"],
            parameter["description"],
        )
        for parameter in operation["parameters"]
    ]
    body = operation.get("requestBody")
    if body is not None:
        reference = body["content"]["application/json"]["schema"]["$ref"]
        schema = described["components"]["schemas"][reference.rpartition("/")[-1]]
        items += [
            Item(name, _kind(value), name in schema["required"], _first_sentence(value["description"]))
            for name, value in schema["properties"].items()
        ]
    return Endpoint(
        operation["operationId"],
        method.upper(),
        path,
        operation["summary"],
        operation["description"],
        tuple(items),
    )


def _first_sentence(text: str) -> str:
    """How facts are written fills a table of its own."""
    return text.partition("。")[0]


def _kind(schema: Json) -> str:
    """The type of a value in one word."""
    offered = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    if offered[0].get("format") == "date":
        return "日期"
    named = offered[0]["type"]
    types = [named] if isinstance(named, str) else [one for one in named if one != "null"]
    words = [_TYPES[one] for one in types if not (one == "integer" and "number" in types)]
    return "或".join(words)
