"""What was found beside what is asked, in one sentence."""

from __future__ import annotations

import pytest

from tidu.core.criterion_words import compared


@pytest.mark.parametrize(
    ("value", "limit", "words"),
    [
        ("2,318.90 万元", "≥ 1,000 万元", "2,318.90 万元，要求 ≥ 1,000 万元"),
        ("是", "是", "是，符合要求"),
        ("否", "是", "否，要求为“是”"),
        ("无此情形", "无此情形", "无此情形，符合要求"),
        ("有此情形", "无此情形", "有此情形，要求没有"),
        ("未填", "无此情形", "未填，要求没有"),
        ("否", "否", "否，符合要求"),
        ("小型企业", "中小微企业", "小型企业，要求 中小微企业"),
        ("—", "2 选 1", "要求 2 选 1"),
        ("2 年", "—", "2 年"),
        ("—", "", ""),
    ],
)
def test_yes_and_no_are_said_as_people_say_them(value: str, limit: str, words: str) -> None:
    assert compared(value, limit) == words
