"""What every shape of the API has in common, and the shape of errors. OpenAPI is made from the shapes.

A shape's docstring is for us; what OpenAPI says of it, in Chinese, is its ``about``.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, ClassVar, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from tidu.policy.assess.facts import EARLIEST_YEAR, LATEST_YEAR

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _describe(schema: dict[str, Any], model: type[BaseModel]) -> None:
    schema.pop("description", None)
    about = getattr(model, "about", "")
    if about:
        schema["description"] = about


class Shape(BaseModel):
    """One JSON object: nothing in it but what is described."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra=_describe)

    about: ClassVar[str] = ""


class Fault(Shape):
    """One thing wrong."""

    about: ClassVar[str] = "一处问题"

    message: str = Field(description="错在哪里，一句话")
    key: str | None = Field(description="请求里的位置，如 facts.revenue.2025；指整个请求时为 null")
    remedy: str | None = Field(description="怎样改")


class Faults(Shape):
    """The answer to a call that cannot be served."""

    about: ClassVar[str] = "出错时的应答，各种状态码都是这个样子"

    errors: list[Fault] = Field(min_length=1)


class Choice(Shape):
    """One of several."""

    about: ClassVar[str] = "编号和名称"

    id: str
    label: str


def _day(value: object) -> object:
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            day = dt.date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"“{value}”这一天不存在") from None
        if EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            return day
        raise ValueError(f"年份应在 {EARLIEST_YEAR} 到 {LATEST_YEAR} 之间")
    raise ValueError("应为日期，写作 2026-06-01")


Day = Annotated[dt.date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A day written 2026-06-01 and in no other way."""
Scalar = bool | int | float | str | None
"""A value as it leaves the engine: money as 元 in a decimal string, a date as text."""
