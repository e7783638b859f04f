from __future__ import annotations

from html import unescape
from urllib.parse import quote

import pytest
from django.test import Client

from tests.portal.conftest import BAOTOU, HOHHOT

pytestmark = pytest.mark.usefixtures("friday")
PANEL = {"HX-Request": "true", "HX-Target": "clause-panel"}


def _address(pack_id: str, citation: str) -> str:
    return f"/policies/{pack_id}/clauses/{quote(citation)}"


def _page(client: Client, pack_id: str, citation: str, headers: dict[str, str] | None = None) -> str:
    answer = client.get(_address(pack_id, citation), headers=headers)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_a_clause_has_a_page_of_its_own_with_the_way_there_and_on(client: Client) -> None:
    page = _page(client, HOHHOT, "申报条件/基本条件/03")
    assert "<title>申报条件·基本条件 03 · 呼和浩特市认定办法" in page
    assert 'aria-current="page">申报条件·基本条件 03</span>' in page
    assert "上年度营业收入 ≥ 1,000.00 万元" in page
    assert "上一条：申报条件·基本条件 02" in page
    assert f'href="/policies/{HOHHOT}/#c-申报条件-基本条件-03"' in page


def test_htmx_gets_the_clause_as_a_panel(client: Client) -> None:
    panel = _page(client, HOHHOT, "申报条件/基本条件/03", PANEL)
    assert "<html" not in panel
    assert "data-panel-title" in panel
    assert "近两年平均营收增速 ≥ 10.00%" in panel
    assert "尚未载入这一条的官方原文" in panel


@pytest.mark.usefixtures("with_texts")
def test_with_the_official_text_the_panel_shows_it(client: Client) -> None:
    panel = _page(client, HOHHOT, "申报条件/基本条件/03", PANEL)
    assert '<mark class="td-hit">10%</mark>' in panel
    assert "尚未载入" not in panel


def test_a_heading_shows_the_clauses_below_it(client: Client) -> None:
    page = _page(client, HOHHOT, "申报条件/具体条件")
    assert "申报条件·具体条件·新颖化" in page
    assert "下一条：认定程序 1" in page


@pytest.mark.parametrize("written", ["四/（一）", "四（一）", "四/(一)", "四/（一）/"])
def test_every_way_of_citing_leads_to_the_clause(client: Client, written: str) -> None:
    assert "牵头：市工信局；配合：各旗县区政府" in _page(client, BAOTOU, written)


@pytest.mark.usefixtures("with_texts")
def test_words_of_a_search_are_marked_on_the_clause(client: Client) -> None:
    page = unescape(client.get(f"{_address(BAOTOU, '三/（一）/3')}?q={quote('整体迁入')}").content.decode())
    assert '<mark class="td-hit">整体迁入</mark>' in page


@pytest.mark.parametrize("written", ["五", "三/（一）/99", "<b>", "一" * 300, "/", "三/（一）/1/../../x"])
def test_a_clause_that_is_not_there_is_a_404_in_chinese(client: Client, written: str) -> None:
    answer = client.get(_address(BAOTOU, written))
    assert answer.status_code == 404
    assert "没有" in answer.content.decode()
    assert "<b>”" not in answer.content.decode()
