"""Answers held against the OpenAPI document that the site publishes."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, Protocol

from jsonschema import Draft202012Validator, FormatChecker

from tidu.api.openapi import openapi


class Answer(Protocol):
    """What the tests look at in an answer."""

    @property
    def status_code(self) -> int: ...
    @property
    def content(self) -> bytes: ...
    @property
    def headers(self) -> Mapping[str, str]: ...


@functools.cache
def validator(path: str, method: str, status: int) -> Draft202012Validator:
    """What is published for one answer. ``path`` is written as in the document, below ``/api/v1/``."""
    document = openapi()
    answer = document["paths"][f"/api/v1/{path}"][method]["responses"][str(status)]
    return _validator(answer["content"]["application/json"]["schema"])


def request_validator(path: str) -> Draft202012Validator:
    """What is published for the body of a call."""
    body = openapi()["paths"][f"/api/v1/{path}"]["post"]["requestBody"]
    return _validator(body["content"]["application/json"]["schema"])


def _validator(schema: dict[str, Any]) -> Draft202012Validator:
    whole = {**schema, "components": openapi()["components"]}
    return Draft202012Validator(whole, format_checker=FormatChecker())
