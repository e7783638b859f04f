from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from tests.portal.conftest import BAOTOU, HOHHOT, attach_text
from tidu.policy.documents.library import load_library
from tidu.portal import clause_search as search
from tidu.portal.clause_search import clause_search

pytestmark = pytest.mark.usefixtures("friday")


def _get(client: Client, **query: str) -> str:
    answer = client.get("/search/", query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def _addresses(page: str) -> list[str]:
    return re.findall(r'<li>\s*<h3><a href="([^"?#]+)', page)


def _count(page: str) -> int:
    found = re.search(r"找到 (?:最相关的 )?(\d+) 处", page)
    return int(found[1]) if found else 0


def test_a_word_finds_criteria_awards_readings_and_policies_with_the_words_marked(client: Client) -> None:
    page = _get(client, q="营收增速")
    assert "<mark>营收增速</mark>" in page
    assert any(HOHHOT in address for address in _addresses(page))
    assert {"认定条件", "存疑读法"} <= set(re.findall(r'<span class="td-tag">([^<]+)</span>', page))
    assert "奖励补助" in _get(client, q="整体迁入补助")
    assert "政策文件" in _get(client, q="呼政发〔2021〕25号")
    assert "上年度营业收入下限" in re.sub("<[^>]+>", "", _get(client, q="1000万元"))


def test_one_character_is_enough(client: Client) -> None:
    assert _count(_get(client, q="税")) > 3


def test_several_words_must_all_occur_and_else_the_page_says_so(client: Client) -> None:
    assert "其中一部分" not in _get(client, q="小巨人 奖励")
    assert "没有一处含有全部的词" in _get(client, q="稀土 火箭")


@pytest.mark.parametrize("word", ["创新型企业", "市专精特新"])
def test_other_names_of_a_tier_find_it_too(client: Client, word: str) -> None:
    assert _count(_get(client, q=word)) > 0


def test_results_are_narrowed_by_place_kind_and_day(client: Client) -> None:
    everything = _count(_get(client, q="迁入"))
    assert all(BAOTOU not in address for address in _addresses(_get(client, q="迁入", place="150100")))
    assert 0 < _count(_get(client, q="迁入", kind="award")) < everything
    assert any(BAOTOU in address for address in _addresses(_get(client, q="迁入", on="2025-12-31")))
    assert all(BAOTOU not in address for address in _addresses(_get(client, q="迁入", on="2026-01-01")))


def test_nothing_found_helps_on(client: Client) -> None:
    page = _get(client, q="量子航母")
    assert "没有找到“量子航母”" in page
    assert "换一种说法" in page
    narrowed = _get(client, q="助保贷", place="150100")
    assert "放宽筛选后有" in narrowed
    assert "在全部政策里搜" in narrowed


@pytest.mark.parametrize(
    "query", ["", "   ", "，。！", "<script>alert(1)</script>", "x" * 5000, "%", "\x00", "🙂"]
)
def test_odd_queries_harm_nothing(client: Client, query: str) -> None:
    answer = client.get("/search/", {"q": query, "on": "x", "place": "y", "kind": "z"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_results_are_not_for_search_engines(client: Client) -> None:
    assert '<meta name="robots" content="noindex">' in _get(client, q="税")
    assert "Disallow: /search/" in client.get("/robots.txt").content.decode()


def test_every_result_leads_to_a_page(client: Client) -> None:
    addresses = set(_addresses(_get(client, q="企业")))
    assert addresses
    for address in addresses:
        assert client.get(address).status_code == 200, address


@pytest.mark.usefixtures("with_texts")
def test_official_words_are_found_and_shown_apart_from_ours(client: Client) -> None:
    page = _get(client, q="揭榜挂帅", kind="official")
    assert _addresses(page)
    assert '<p class="td-official">' in page
    assert "条款原文" in page
    assert all(
        "td-official" not in line
        for line in _get(client, q="揭榜挂帅", kind="summary").splitlines()
        if "<p" in line
    )


def test_the_index_is_built_once_and_again_when_a_text_is_attached(client: Client, no_texts: Path) -> None:
    library = load_library()
    first = clause_search(library)
    assert clause_search(load_library()) is first
    assert _count(_get(client, q="自拟的测试文本", kind="official")) == 0
    attach_text(BAOTOU, "一、总体要求\n自拟的测试文本。".encode(), no_texts)
    assert clause_search(library) is not first
    assert _count(_get(client, q="自拟的测试文本", kind="official")) == 1


def test_no_request_builds_the_index_anew(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    _get(client, q="税")
    monkeypatch.setattr(search.ClauseSearch, "__init__", lambda *_args: pytest.fail("built again"))
    _get(client, q="增速")
