"""What is written about the API is true of it: the page, and ``docs/api.md``."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.api.conftest import Ask
from tidu.api import json_reading
from tidu.api.examples import EXAMPLES, compact, curl
from tidu.api.library import packs_at_hand, read_stated
from tidu.api.openapi import ANSWERS, METHODS, openapi
from tidu.api.views import FACTS, FURTHER_STATUSES

GUIDE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def _page(client: Client) -> str:
    return client.get("/api/docs/").content.decode()


def test_the_page_names_every_operation_and_parameter(client: Client) -> None:
    page = _page(client)
    for path, methods in openapi()["paths"].items():
        for method in METHODS & methods.keys():
            assert f"<b>{method.upper()}</b> {path}</code>" in page
            for parameter in methods[method]["parameters"]:
                assert f">{parameter['name']}</code>" in page
    for name in openapi()["components"]["schemas"]["AssessRequest"]["properties"]:
        assert f">{name}</code>" in page


def test_the_page_says_the_limits_that_are_in_use(client: Client, settings: Settings) -> None:
    settings.API_RATE = "7/h"
    page = _page(client)
    assert "每小时不超过 7 次" in page
    assert f"{json_reading.MAX_BYTES // 1024} KB" in page


def test_the_page_runs_no_script_of_its_own_and_no_inline_style(client: Client) -> None:
    page = _page(client)
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"\sstyle=|\son\w+=", page)


def test_the_front_address_leads_to_the_page(client: Client) -> None:
    assert client.get("/api/").headers["Location"] == "/api/docs/"


def test_the_ways_of_writing_facts_on_the_page_are_read() -> None:
    library = packs_at_hand()
    for item in FACTS:
        read_stated(json.loads(f"{{{item.written}}}"), library)


def test_the_guide_shows_the_example_and_its_real_answer(ask: Ask) -> None:
    assert curl("assess", "http://127.0.0.1:8000/api/v1/assess") in GUIDE
    shown = json.loads(GUIDE.rpartition("```json\n")[2].partition("```")[0])
    real = json.loads(ask("assess", EXAMPLES["assess"]).content)
    # The digest changes with every word of the pack, the answer only with its rules.
    shown["digest"] = real["digest"]
    assert shown == real, compact(real, 260)


def test_the_guide_lists_every_address_and_status() -> None:
    for path, methods in openapi()["paths"].items():
        for method in METHODS & methods.keys():
            assert f"`{method.upper()} {path}`" in GUIDE
    for status in {*ANSWERS, *FURTHER_STATUSES} - {"200"}:
        assert re.search(rf"^\|[^|]*\b{status}\b", GUIDE, re.MULTILINE), status


def test_the_guide_gives_the_limits_that_are_in_use() -> None:
    for limit in (
        f"{json_reading.MAX_BYTES // 1024} KB",
        f"{json_reading.MAX_DEPTH} 层",
        f"{json_reading.MAX_ITEMS} 个",
        f"{json_reading.LONGEST_TEXT} 字、{json_reading.LONGEST_KEY} 字",
        f"{json_reading.MOST_DIGITS} 位",
    ):
        assert limit in GUIDE


@pytest.mark.parametrize("width", [20, 80, 260])
def test_the_shown_json_says_the_same_as_the_real_one(width: int) -> None:
    for example in EXAMPLES.values():
        assert json.loads(compact(example, width)) == example
        assert all("'" not in json.dumps(example, ensure_ascii=False) for example in EXAMPLES.values())
