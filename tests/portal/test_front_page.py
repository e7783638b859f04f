from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import DatabaseError
from django.test import Client

from tests.access.world import make_world
from tests.portal.conftest import BAOTOU, HOHHOT
from tests.recognition.published import public_notice
from tidu.core.chosen_place import COOKIE
from tidu.portal import announcements

pytestmark = [pytest.mark.usefixtures("friday"), pytest.mark.django_db, pytest.mark.any_database]


def _page(client: Client, address: str = "/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def _titles(page: str) -> list[str]:
    return re.findall(r'<h3 id="p-([a-z0-9-]+)">', page)


def test_the_front_page_says_first_what_is_in_force_today(client: Client) -> None:
    page = _page(client)
    assert "<h2>今天，4 份政策现行有效，1 份已届满</h2>" in page
    assert "2026年11月20日（星期五）" in page
    assert set(_titles(page)) == {
        HOHHOT,
        BAOTOU,
        "hohhot-2021-support",
        "national-2022-gradient",
        "national-2026-gradient",
    }


def test_a_policy_in_force_shows_how_long_and_what_one_can_apply_for(client: Client) -> None:
    page = _page(client)
    assert "还有 143 天" in page
    assert "呼和浩特市“专精特新”中小企业，称号有效期 3 年" in page
    assert 'aria-label="有效期已过 1,682 天，共 1,826 天"' in page


def test_an_ended_policy_says_what_stays_payable_with_the_clauses(client: Client) -> None:
    page = _page(client, "/?place=150200")
    assert "已届满 324 天" in page
    assert "仍可兑现" in page
    assert "新认定“小巨人”企业奖励：100 万元" in page
    assert f'data-panel="/policies/{BAOTOU}/clauses/' in page
    assert '<time datetime="2026-01-01">2026-01-01</time> 以后新发生的事项' in page


def test_what_ends_within_a_year_is_listed_with_days_left(client: Client) -> None:
    page = _page(client)
    endings = page[page.index('id="endings"') : page.index('id="terms"')]
    assert "2026年度“小巨人”复核" in endings
    assert "还有 41 天" in endings
    assert "还有 143 天" in endings


def test_a_place_shows_its_own_policies_and_those_of_the_nation(client: Client) -> None:
    page = _page(client, "/?place=150200")
    assert set(_titles(page)) == {BAOTOU, "national-2022-gradient", "national-2026-gradient"}
    assert "<h2>今天，包头市 1 份政策已届满；全国通用的 2 份政策现行有效</h2>" in page
    assert '<a href="?place=150200" aria-current="true">包头市</a>' in page


def test_the_place_is_remembered_until_all_places_are_chosen_again(client: Client) -> None:
    _page(client, "/?place=150100")
    assert client.cookies[COOKIE].value == "150100"
    assert BAOTOU not in _titles(_page(client))
    _page(client, "/?place=")
    assert client.cookies[COOKIE].value == ""
    assert BAOTOU in _titles(_page(client))


@pytest.mark.parametrize("code", ["999999", "15010", "<script>", "１５０１００", "0" * 500])
def test_a_code_of_no_place_means_all_places_and_is_not_kept(client: Client, code: str) -> None:
    answer = client.get("/", {"place": code})
    assert answer.status_code == 200
    assert len(_titles(answer.content.decode())) == 5
    assert COOKIE not in answer.cookies


def test_a_forged_cookie_harms_nothing(client: Client) -> None:
    client.cookies[COOKIE] = "abc"
    assert len(_titles(_page(client))) == 5


def test_the_privacy_page_declares_the_cookie(client: Client) -> None:
    assert COOKIE in _page(client, "/privacy/")


def test_caches_keep_one_copy_a_cookie(client: Client) -> None:
    assert "Cookie" in client.get("/").headers["Vary"]


def test_every_link_of_the_front_page_leads_somewhere(client: Client) -> None:
    page = _page(client)
    links = set(re.findall(r'href="(/[^"#]*|\?[^"#]*)', page)) - {"/favicon.ico"}
    for link in sorted(link for link in links if not link.startswith("/static/")):
        assert client.get(f"/{link}" if link.startswith("?") else link, follow=True).status_code == 200, link


def test_the_front_page_shows_what_runs_today_in_the_place_chosen(client: Client) -> None:
    assert "现在没有正在受理的申报，也没有正在进行的公示" in _page(client)
    notice = public_notice(make_world())
    page = _page(client)
    running = page[page.index('id="running"') : page.index('class="td-cols"')]
    assert notice.title in running
    assert notice.call.title in running
    assert "公示中，还剩" in running
    assert notice.title not in _page(client, "/?place=150200")


def test_policies_are_shown_where_the_database_does_not_answer(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: str) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(announcements, "running_notices", gone)
    assert "4 份政策现行有效" in _page(client)
