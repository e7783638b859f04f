"""The published document is complete, in Chinese, and true of real answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from tests.api.conftest import Ask
from tests.api.published import request_validator, validator
from tidu.api.examples import EXAMPLES
from tidu.api.openapi import openapi
from tidu.api.urls import urlpatterns
from tidu.policy.documents.library import load_library
from tidu.policy.vocabulary.yaml_source import read_yaml

pytestmark = pytest.mark.any_database

PACKS = sorted(load_library().packs)
FACTS = sorted((Path(__file__).parents[2] / "examples" / "facts").glob("*.yaml"))


def _operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in openapi()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_document_is_served_as_it_is(client: Client) -> None:
    answer = client.get("/api/openapi.json")
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.json() == openapi()
    assert openapi()["openapi"].startswith("3.1")


def test_every_address_of_the_version_is_in_the_document() -> None:
    served = next(pattern for pattern in urlpatterns if str(pattern.pattern) == "v1/")
    patterns = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(one.pattern)) for one in served.url_patterns}  # type: ignore[union-attr]
    assert {f"/api/v1/{one}" for one in patterns if one} == set(openapi()["paths"])


def test_every_schema_is_valid_and_every_reference_leads_somewhere() -> None:
    schemas = openapi()["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    for name in re.findall(r'"#/components/schemas/(\w+)"', json.dumps(openapi())):
        assert name in schemas


def test_every_description_is_chinese() -> None:
    pending: list[Any] = [openapi()]
    seen = 0
    while pending:
        found = pending.pop()
        if isinstance(found, list):
            pending.extend(found)
        elif isinstance(found, dict):
            said = found.get("description")
            if isinstance(said, str):
                seen += 1
                assert re.search("[一-鿿]", said), said
            pending.extend(found.values())
    assert seen > 100


def test_every_operation_declares_how_it_refuses() -> None:
    for path, method, operation in _operations():
        expected = {"200", "404", "422", "429"} | ({"400", "413", "415"} if method == "post" else set())
        assert set(operation["responses"]) == expected, path
        assert "Retry-After" in operation["responses"]["429"]["headers"]


@pytest.mark.parametrize(
    "query",
    [
        "packs",
        "packs?on=2020-01-01",
        "packs?place=150100&on=2026-01-01",
        "packs?tier=srdi",
        "vocabulary",
        "vocabulary?pack=hohhot-2021-support",
        "sectors?q=轴承",
        "sectors?q=C3",
        "sectors?q=没有这个行业",
        "places",
        "places?within=150291",
    ],
)
def test_lists_are_what_is_published(ask: Ask, query: str) -> None:
    answer = ask(query)
    assert answer.status_code == 200
    validator(query.partition("?")[0], "get", 200).validate(json.loads(answer.content))


@pytest.mark.parametrize("pack", PACKS)
def test_packs_are_what_is_published(ask: Ask, pack: str) -> None:
    answer = ask(f"packs/{pack}")
    assert answer.status_code == 200
    validator("packs/{pack_id}", "get", 200).validate(json.loads(answer.content))


@pytest.mark.parametrize("operation", EXAMPLES)
def test_the_examples_are_what_is_published_and_are_answered(ask: Ask, operation: str) -> None:
    example = EXAMPLES[operation]
    published = openapi()["paths"][f"/api/v1/{operation}"]["post"]["requestBody"]["content"]
    assert published["application/json"]["example"] == example
    request_validator(operation).validate(example)
    answer = ask(operation, example)
    assert answer.status_code == 200, answer.content.decode()
    validator(operation, "post", 200).validate(json.loads(answer.content))


@pytest.mark.parametrize("file", FACTS, ids=lambda file: file.stem)
def test_answers_about_every_example_enterprise_are_what_is_published(ask: Ask, file: Path) -> None:
    facts = read_yaml(file).data
    library = load_library()
    calls: list[tuple[str, dict[str, Any]]] = [("ladder", {"as_of": "2026-06-01"})]
    calls += [
        ("assess", {"pack": pack.id, "tier": tier, "as_of": day})
        for pack in library
        for tier in pack.tiers
        for day in ("2024-02-29", "2026-06-01")
    ]
    calls += [
        ("rewards", {"pack": pack.id, "as_of": "2025-06-30"}) for pack in library if pack.document.benefits
    ]
    for operation, call in calls:
        body = {**call, "facts": facts}
        request_validator(operation).validate(json.loads(json.dumps(body)))
        answer = ask(operation, body)
        assert answer.status_code == 200, (call, answer.content.decode())
        validator(operation, "post", 200).validate(json.loads(answer.content))


@pytest.mark.parametrize(
    "body",
    [
        {"industry_code": "C3489"},
        {"industry_code": "3489", "employees": 5},
        {"industry_code": "C3489", "employees": 2000, "revenue": "5亿元", "as_of": "2026-01-01"},
        {"industry_code": "J66", "employees": 2000},
        {"industry_code": "G59", "employees": 20},
    ],
)
def test_sizes_are_what_is_published(ask: Ask, body: dict[str, Any]) -> None:
    request_validator("size").validate(body)
    answer = ask("size", body)
    assert answer.status_code == 200
    validator("size", "post", 200).validate(json.loads(answer.content))


def test_refusals_are_what_is_published(ask: Ask) -> None:
    calls = [
        (400, "assess", "{"),
        (404, "assess", {"pack": "no-such-pack", "facts": {}}),
        (413, "assess", "x" * (256 * 1024 + 1)),
        (422, "assess", {}),
    ]
    for status, operation, body in calls:
        answer = ask(operation, body)
        assert answer.status_code == status
        validator(operation, "post", status).validate(json.loads(answer.content))


def test_the_published_shapes_would_notice_a_key_too_many_or_too_few(ask: Ask) -> None:
    answer = json.loads(ask("assess", EXAMPLES["assess"]).content)
    published = validator("assess", "post", 200)
    assert not published.is_valid({**answer, "score": 1})
    assert not published.is_valid({key: value for key, value in answer.items() if key != "digest"})
    answer["criteria"][0]["status"] = "perhaps"
    assert not published.is_valid(answer)
