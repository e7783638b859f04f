from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from tests.portal.conftest import BAOTOU, HOHHOT, NATION_2022, NATION_2026

pytestmark = pytest.mark.usefixtures("friday")
SUPPORT = "hohhot-2021-support"
OTHER_PLACES = Path(__file__).parents[1] / "packs"


def _get(client: Client, **query: str) -> str:
    answer = client.get("/policies/", query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def _listed(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a class="td-official" href="/policies/([a-z0-9-]+)/', page)


def test_without_a_choice_every_policy_is_listed_and_what_is_in_force_comes_first(client: Client) -> None:
    page = _get(client)
    assert _listed(page) == [HOHHOT, SUPPORT, NATION_2026, NATION_2022, BAOTOU]
    assert "5 份政策，4 份有效" in page
    assert "19 项条件，8 项服务" in page
    assert "7 项奖补，24 项服务，22 项职责" in page


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ({"place": "150200"}, {BAOTOU, NATION_2022, NATION_2026}),
        ({"place": "150105"}, {HOHHOT, SUPPORT, NATION_2022, NATION_2026}),
        ({"place": "000000"}, {NATION_2022, NATION_2026}),
        ({"tier": "innovative"}, {BAOTOU, NATION_2022}),
        ({"tier": "municipal_srdi"}, {HOHHOT, SUPPORT}),
        ({"department": "市金融办"}, {BAOTOU}),
        ({"department": "工业和信息化部"}, {NATION_2022, NATION_2026}),
        ({"state": "expired"}, {BAOTOU}),
        ({"state": "ending"}, {HOHHOT}),
        ({"state": "force", "on": "2025-12-31"}, {HOHHOT, SUPPORT, BAOTOU, NATION_2022}),
        ({"state": "force", "on": "2026-01-01"}, {HOHHOT, SUPPORT, NATION_2022}),
        ({"state": "future", "on": "2026-03-31"}, {NATION_2026}),
        ({"state": "expired", "place": "150100"}, set()),
    ],
)
def test_filters_narrow_the_list(client: Client, query: dict[str, str], listed: set[str]) -> None:
    assert set(_listed(_get(client, **query))) == listed


def test_the_day_asked_for_goes_along_to_the_policy(client: Client) -> None:
    assert f'href="/policies/{BAOTOU}/?on=2025-12-31"' in _get(client, on="2025年12月31日")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("2026-02-30", "没有这一天"),
        ("tomorrow", "日期请写成 2018-06-12 的样子"),
        ("1999-12-31", "请填 2000 年到 2099 年之间的日期"),
        ("0000-00-00", "没有这一天"),
        ("2" * 500, "内容过长"),
        ("<script>", "日期请写成"),
    ],
)
def test_a_day_that_cannot_be_is_told_beside_the_field_and_today_is_shown(
    client: Client, typed: str, told: str
) -> None:
    answer = client.get("/policies/", {"on": typed})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert told in unescape(page)
    assert "现在显示的是今天" in page
    assert 'aria-describedby="f-on-error"' in page
    assert 'id="f-on-error"' in page
    assert "<script>" not in page.split("<main", 1)[1]
    assert len(_listed(page)) == 5


def test_a_value_that_no_filter_knows_is_told_and_does_nothing(client: Client) -> None:
    page = _get(client, tier="grand_champion", place="123")
    assert "没有地区“123”、层级“grand_champion”，这些条件没有起作用" in page
    assert len(_listed(page)) == 5


def test_nothing_found_says_so_and_offers_the_way_back(client: Client) -> None:
    page = _get(client, state="expired", place="150100")
    assert "没有符合条件的政策" in page
    assert "看全部政策" in page


def test_htmx_gets_the_list_alone_and_going_back_gets_the_page(client: Client) -> None:
    asked = {"HX-Request": "true", "HX-Target": "results"}
    partial = client.get("/policies/?tier=srdi", headers=asked)
    assert '<div id="results"' in partial.content.decode()
    assert '<p id="said" hx-swap-oob="innerHTML">3 份政策，2 份有效</p>' in partial.content.decode()
    assert "<html" not in partial.content.decode()
    assert "HX-Request" in partial.headers["Vary"]
    whole = client.get("/policies/?tier=srdi", headers={**asked, "HX-History-Restore-Request": "true"})
    assert "<html" in whole.content.decode()


@pytest.mark.django_db  # the front page, which shows announcements too
def test_a_city_of_another_province_joins_as_data(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDU_PACKS", str(OTHER_PLACES))
    assert "huizhou-2025-support" in _listed(_get(client, place="441300"))
    page = unescape(client.get("/policies/huizhou-2025-support/").content.decode())
    assert "从高不重复" in page
    assert '<a href="?place=441300"' in client.get("/").content.decode()
    assert "huizhou-2025-support" in client.get("/search/?q=工业设计中心").content.decode()
