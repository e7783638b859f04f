from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from tests.portal.conftest import BAOTOU, HOHHOT, NATION_2022, NATION_2026, attach_text
from tidu.policy.documents.library import load_library

pytestmark = pytest.mark.usefixtures("friday")
IDS = (HOHHOT, BAOTOU, NATION_2022, NATION_2026, "hohhot-2021-support")
OWN_TEXT = """
一、总体要求
本地自拟的测试文本，不是官方文件。

二、主要目标
到2025年累计达到100家。
"""


def _page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.mark.parametrize("pack_id", IDS)
def test_every_policy_has_a_page_with_all_that_its_pack_says(client: Client, pack_id: str) -> None:
    page = _page(client, f"/policies/{pack_id}/")
    document = load_library().get(pack_id).document
    for interpretation in document.interpretations.values():
        assert interpretation.question in page
        assert interpretation.why in page
        assert all(label in page for label in interpretation.choices.values())
    for silence in document.silences:
        assert silence.about in page
        assert silence.handling in page
    labels = [item.label for item in document.benefits] + [item.label for item in document.services]
    labels += [item.label for item in document.targets] + [
        item.label for item in document.parameters.values()
    ]
    assert all(label in page for label in labels)
    for effect in document.effects:
        assert effect.summary in page
    for recognition in document.recognition:
        for step in recognition.procedure.steps if recognition.procedure else ():
            assert step.label in page
        for ground in recognition.revocation.grounds if recognition.revocation else ():
            assert ground.label in page


@pytest.mark.parametrize("pack_id", IDS)
def test_every_chip_of_the_page_leads_to_a_clause_on_it(client: Client, pack_id: str) -> None:
    page = client.get(f"/policies/{pack_id}/").content.decode()
    ids = set(re.findall(r'\sid="([^"]+)"', page))
    assert len(ids) == len(re.findall(r'\sid="([^"]+)"', page))
    own = [target for address, target in re.findall(r'href="([^"#]*)#([^"]+)"', page) if pack_id in address]
    local = re.findall(r'href="#([^"]+)"', page)
    assert own
    assert {unescape(target) for target in (*own, *local)} <= {unescape(name) for name in ids}
    for panel in set(re.findall(r'data-panel="([^"]+)"', page)):
        assert client.get(unescape(panel)).status_code == 200


def test_the_state_is_that_of_the_day_asked_for(client: Client) -> None:
    before = _page(client, f"/policies/{BAOTOU}/?on=2025-12-31")
    after = _page(client, f"/policies/{BAOTOU}/?on=2026-01-01")
    assert 'data-s="soon"' in before
    assert "现行有效，即将到期" in before
    assert "已经届满" not in before
    assert 'data-s="expired"' in after
    assert "2026-01-01 已经届满" in after
    assert "期内已经符合条件的奖补照付" in after


def test_a_day_before_the_first_says_how_long_it_takes(client: Client) -> None:
    page = _page(client, f"/policies/{BAOTOU}/?on=2023-08-31")
    assert "2023-08-31 尚未施行" in page
    assert "距施行还有 1 天" in page


def test_a_bad_day_is_told_beside_the_field(client: Client) -> None:
    page = _page(client, f"/policies/{HOHHOT}/?on=2026-13-01")
    assert "没有这一天：2026-13-01" in page
    assert 'aria-invalid="true"' in page
    assert 'value="2026-13-01"' in page


def test_a_replaced_policy_names_its_successor_from_that_day_on(client: Client) -> None:
    assert "接替" not in _words(_page(client, f"/policies/{NATION_2022}/?on=2026-03-31")).split("条款目录")[0]
    page = _words(_page(client, f"/policies/{NATION_2022}/?on=2026-04-01"))
    assert "2026-04-01 起，专精特新、小巨人由 梯度培育办法（2026年） 接替" in page


def test_a_recognition_policy_leads_to_its_self_check(client: Client) -> None:
    page = _page(client, f"/policies/{HOHHOT}/")
    assert "按本办法自测" in page
    assert "按本办法自测" not in _page(client, f"/policies/{BAOTOU}/")


def test_without_the_official_text_the_page_says_so_and_how_to_attach_it(client: Client) -> None:
    page = _page(client, f"/policies/{HOHHOT}/")
    assert "本平台还没有载入这份文件的官方原文" in page
    assert f"tidu packs attach {HOHHOT} 文件" in page
    assert "27 处引用，等官方原文载入后逐条核对" in page
    assert "<mark" not in page


@pytest.mark.usefixtures("with_texts")
def test_with_the_official_text_it_stands_beside_its_effects_and_every_citation_is_found(
    client: Client,
) -> None:
    page = _page(client, f"/policies/{HOHHOT}/")
    assert "27 处引用全部找到对应条款" in page
    assert "还没有载入" not in page
    assert '<mark class="td-hit">1000万元</mark>' in page
    assert '<mark class="td-hit">近两年平均营收增速</mark>' in page
    assert '<mark class="td-hit">2022年4月13日</mark>' in page
    baotou = _page(client, f"/policies/{BAOTOU}/")
    assert "25 处引用全部找到对应条款" in baotou
    assert "市工信局，各旗县区政府、稀土高新区管委会按职责分工负责</mark>" in baotou


def test_citations_that_the_text_lacks_are_named_and_their_effects_stay(
    client: Client, no_texts: Path
) -> None:
    report = attach_text(BAOTOU, OWN_TEXT.encode(), no_texts)
    assert report.found == ("二", "一")
    page = _page(client, f"/policies/{BAOTOU}/")
    assert "2 处找到条款，23 处没有找到" in page
    assert "已载入的原文里没有找到这一条" in page
    assert "新认定“小巨人”企业奖励：100 万元" in page
    assert '<mark class="td-hit">100家</mark>' in page


def test_a_text_attached_while_the_site_runs_is_shown_at_once(client: Client, no_texts: Path) -> None:
    address = f"/policies/{BAOTOU}/"
    assert "本地自拟的测试文本" not in _page(client, address)
    attach_text(BAOTOU, OWN_TEXT.encode(), no_texts)
    assert "本地自拟的测试文本" in _page(client, address)
    attach_text(BAOTOU, OWN_TEXT.replace("本地自拟", "再次自拟").encode(), no_texts)
    assert "再次自拟的测试文本" in _page(client, address)


@pytest.mark.parametrize("content", ["{", "[]", json.dumps({"clauses": [{"path": 1}]}), "\x00"])
def test_a_kept_text_that_is_damaged_is_told_and_does_no_harm(
    client: Client, no_texts: Path, content: str
) -> None:
    folder = no_texts / "texts" / HOHHOT
    folder.mkdir(parents=True)
    (folder / "clauses.json").write_text(content, encoding="utf-8")
    page = _page(client, f"/policies/{HOHHOT}/")
    assert "已载入的官方原文读不出来" in page
    assert "上年度营业收入 ≥ 1,000.00 万元" in page


@pytest.mark.parametrize("address", ["/policies/nowhere/", "/policies/nowhere/clauses/一", "/policies/../x/"])
def test_a_policy_that_is_not_there_is_a_404_in_chinese(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert "没有" in answer.content.decode()


def test_the_page_says_what_a_government_site_must_say_of_an_article(client: Client) -> None:
    page = _page(client, "/policies/hohhot-2021-support/")
    assert '<meta name="ArticleTitle" content="呼和浩特市支持中小企业“专精特新”发展若干政策措施">' in page
    assert '<meta name="PubDate" content="2021-12-02">' in page
    assert '<meta name="ContentSource" content="呼和浩特市人民政府">' in page
    assert "<title>呼和浩特市支持中小企业“专精特新”发展若干政策措施 · " in page
    assert "PubDate" not in _page(client, f"/policies/{HOHHOT}/")
