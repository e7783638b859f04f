from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.test import Client

from tests.portal.checking import page, read, save, vocabulary
from tests.portal.conftest import HOHHOT
from tidu.policy.assess.ladder import REGISTERED, climb
from tidu.policy.documents.library import load_library
from tidu.policy.status import Status
from tidu.portal.ladder_page import LadderView, ladder_view
from tidu.portal.self_check_draft import Draft
from tidu.portal.self_check_file import read_file
from tidu.portal.views.self_check_files import SAMPLE

LADDER = "/ladder/"


def sample(**changes: str) -> Draft:
    draft = read_file(Path(SAMPLE).read_bytes(), "sample.yaml", vocabulary()).draft
    draft.typed |= changes
    return draft


def view(draft: Draft, *, on: dt.date = dt.date(2026, 11, 20), area: str | None = REGISTERED) -> LadderView:
    library = load_library()
    facts = read(draft).facts
    found = climb(library, facts, as_of=on, area=area)
    return ladder_view(library, found, facts, {}, every_row=True)


def cells(found: LadderView, label: str) -> dict[str, list[tuple[str, Status | None]]]:
    row = next(row for part in found.parts for row in part.rows if row.label == label)
    return {column.label: [(cell.text, cell.status) for cell in some] for column, some in row.under}


def test_rungs_tell_what_is_held_what_is_next_and_how_far() -> None:
    found = view(sample())
    assert found.headline == "现持有创新型，下一级是专精特新"
    assert [(rung.label, rung.place) for rung in found.rungs] == [
        ("市级专精特新", ""),
        ("创新型", "held"),
        ("专精特新", "next"),
        ("小巨人", ""),
        ("单项冠军", ""),
    ]
    assert found.rungs[2].word == "差 1 项"
    assert "不符合：近两年每年的研发费用" in found.rungs[2].lines
    assert found.rungs[4].word == "没有现行标准"


def test_a_title_that_has_lapsed_is_not_held() -> None:
    assert view(sample(), on=dt.date(2028, 6, 30)).rungs[1].place != "held"


def test_another_place_and_another_day_have_other_standards() -> None:
    assert [column.label for column in view(sample()).columns] == [
        "市级专精特新",
        "创新型",
        "专精特新",
        "小巨人",
    ]
    baotou = view(sample(), area="150200")
    assert "市级专精特新" not in [column.label for column in baotou.columns]
    earlier = view(sample(), on=dt.date(2025, 12, 31))
    assert {column.policy for column in earlier.columns if column.label == "专精特新"} == {
        "梯度培育暂行办法（2022年）"
    }
    everywhere = view(Draft(), area=None)
    assert "市级专精特新" in [column.label for column in everywhere.columns]


def test_tiers_that_look_at_one_figure_share_its_row() -> None:
    revenue = cells(view(sample()), "营业收入")
    assert revenue["市级专精特新"] == [("≥ 1,000.00 万元", Status.MET)]
    assert revenue["专精特新"] == [("≥ 1,500.00 万元（2 选 1）", Status.MET)]
    assert revenue["小巨人"] == [("≥ 5,000.00 万元，差 2,681.10 万元", Status.NOT_MET)]
    assert revenue["创新型"] == []


def test_a_branch_that_is_not_needed_is_no_failure() -> None:
    draft = sample(rank_national="50")
    assert cells(view(draft), "主导产品全国排名")["市级专精特新"] == [
        ("≤ 20 位（2 选 1，已由其他项满足）", None)
    ]


def test_scored_items_show_their_points_and_what_keeps_them_open() -> None:
    found = view(sample())
    assert cells(found, "主导产品所属领域")["创新型"] == [("计 5—10／10 分", Status.UNKNOWN)]
    assert cells(found, "上年度研发费用占营业收入的比重")["创新型"] == [("计 20／20 分", None)]


def test_titles_are_one_row() -> None:
    titles = cells(view(sample()), "前置称号")
    assert titles["专精特新"] == [("创新型", Status.MET)]
    assert titles["小巨人"] == [("专精特新", Status.NOT_MET)]


def test_figures_of_several_years_are_told_year_by_year() -> None:
    row = next(row for part in view(sample()).parts for row in part.rows if row.label == "研发费用")
    assert row.value.startswith("2024 年 96.30 万元，2025 年 142.80 万元")


def test_without_any_answer_every_rung_is_open_and_none_is_failed() -> None:
    found = view(Draft())
    assert not [rung for rung in found.rungs if rung.state == "not_met"]
    states = {
        cell.status for part in found.parts for row in part.rows for _, some in row.under for cell in some
    }
    assert Status.NOT_MET not in states


def test_the_way_to_the_next_rung_is_cheapest_first() -> None:
    way = view(sample()).way
    assert way is not None
    assert way.title == "专精特新中小企业"
    assert way.gaps[0].tag == "补交材料或数据"
    assert way.gaps[-1].action.startswith("2024年研发费用现为 96.30 万元")


def test_a_title_brings_the_reward_of_its_own_city() -> None:
    titled = sample(
        **{"title-municipal_srdi-since": "2024-03-01", "title-municipal_srdi-until": "2027-02-28"}
    )
    (reward,) = view(titled).rewards
    assert (reward.state, reward.amount, reward.policy) == ("met", "20 万元", "呼和浩特市25号文")
    assert reward.clauses


@pytest.mark.django_db
@pytest.mark.usefixtures("friday")
def test_the_page_takes_the_day_and_the_place_from_its_address(client: Client) -> None:
    save(client, sample().typed)
    assert "注册地 呼和浩特市赛罕区" in page(client, LADDER)
    text = page(client, LADDER, on="2025-12-31", place="150200")
    assert re.search(r'datetime="2025-12-31".*?基准年度 2024', text)
    assert "呼和浩特市认定办法" not in re.sub(
        r"<[^>]+>", "", text.partition('id="rungs"')[2].partition("</section>")[0]
    )
    wrong = page(client, LADDER, on="2026-02-30", place="x")
    assert "没有这一天" in wrong
    assert "注册地 呼和浩特市赛罕区" in wrong


@pytest.mark.django_db
@pytest.mark.usefixtures("friday")
def test_the_page_lists_what_is_open_and_all_of_it_on_request(client: Client) -> None:
    save(client, sample().typed)
    short, full = page(client, LADDER), page(client, LADDER, rows="all")
    assert short.count("<tr>") < full.count("<tr>")
    assert "列出全部" in short
    assert "只列没有满足或还缺数据的" in full


@pytest.mark.django_db
@pytest.mark.usefixtures("friday")
def test_titles_are_saved_here_and_a_wrong_one_is_told(client: Client) -> None:
    answer = client.post(f"{LADDER}?on=2026-01-01", {"title-srdi-until": "2027-02-28"})
    assert answer["Location"] == f"{LADDER}?on=2026-01-01#titles"
    text = page(client, LADDER)
    assert 'href="#f-title-srdi-since"' in text
    client.post(LADDER, {"title-srdi-since": "2024-03-01"})
    assert "现持有专精特新" in page(client, LADDER)


@pytest.mark.django_db
@pytest.mark.usefixtures("friday")
def test_chosen_readings_hold_on_the_ladder_too(client: Client) -> None:
    save(client, sample(software_copyrights="1").typed)
    assert "待评判 4 项" in page(client, LADDER)
    save(client, {"reading-mixed_counting": "separately"})
    assert "待评判 4 项" not in page(client, LADDER)
    assert HOHHOT in page(client, LADDER)
