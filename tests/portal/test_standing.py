from __future__ import annotations

import datetime as dt

import pytest

from tests.portal.conftest import BAOTOU, HOHHOT, NATION_2022, TODAY
from tidu.policy.documents.library import load_library
from tidu.portal.standing import endings, standing, term, told


@pytest.mark.parametrize(
    ("day", "state", "said"),
    [
        ("2023-08-31", "future", "距施行还有 1 天"),
        ("2023-09-01", "force", "还有 852 天"),
        ("2025-10-01", "force", "还有 91 天"),
        ("2025-10-02", "soon", "还有 90 天"),
        ("2025-12-31", "soon", "这一天是最后一天"),
        ("2026-01-01", "expired", "已届满 1 天"),
    ],
)
def test_the_first_and_the_last_day_count(day: str, state: str, said: str) -> None:
    found = standing(load_library().get(BAOTOU), dt.date.fromisoformat(day))
    assert (found.state, found.term) == (state, said)
    assert found.in_force is (state in {"force", "soon"})


def test_a_document_that_ended_is_in_force_in_part_while_one_of_its_tiers_goes_on() -> None:
    found = standing(load_library().get(NATION_2022), dt.date(2026, 4, 1))
    assert (found.state, found.word, found.in_force) == ("force", "部分有效", True)
    assert "创新型一级继续有效" in found.term
    assert [(tier.label, tier.state) for tier in found.tiers] == [
        ("创新型", "force"),
        ("专精特新", "expired"),
        ("小巨人", "expired"),
    ]


def test_a_policy_without_a_last_day_has_no_bar_and_says_so() -> None:
    found = standing(load_library().get("hohhot-2021-support"), TODAY)
    assert found.bar is None
    assert told(found) == "2021-12-02 起施行，没有写终止日。"


def test_on_the_axis_a_surviving_tier_keeps_the_bar_going_and_the_words_name_both_ends() -> None:
    found = term(load_library().get(NATION_2022), TODAY)
    assert found.end is None
    assert found.words == "2022-08-01 至 2026-03-31，创新型一级没有写终止日"


def test_what_ends_within_a_year_is_told_once_and_the_nearest_first() -> None:
    found = endings(load_library(), TODAY)
    assert [(item.label, item.last.isoformat(), item.days) for item in found] == [
        ("梯度培育暂行办法（2022年）", "2026-12-31", 41),
        ("呼和浩特市认定办法", "2027-04-12", 143),
    ]
    assert found[0].soon
    assert not found[1].soon


def test_a_policy_that_ends_today_still_ends_and_one_that_ended_yesterday_does_not() -> None:
    baotou = [load_library().get(BAOTOU)]
    assert [item.days for item in endings(baotou, dt.date(2025, 12, 31))] == [0]
    assert endings(baotou, dt.date(2026, 1, 1)) == ()
    assert [item.days for item in endings([load_library().get(HOHHOT)], dt.date(2026, 4, 12))] == [365]
    assert endings([load_library().get(HOHHOT)], dt.date(2026, 4, 11)) == ()
