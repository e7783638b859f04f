"""Moments as people write them; what is over at midnight ends at 24:00 of the day before, and quotation marks nest."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from tests.core.rendering import shown
from tidu.core.moments import end, end_in_words, last_day, moment, moment_in_words
from tidu.core.quoting import quoted

CHINA = ZoneInfo("Asia/Shanghai")
MIDNIGHT = dt.datetime(2026, 11, 23, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("at", "listed", "said", "last"),
    [
        (MIDNIGHT, "2026-11-22 24:00", "2026年11月22日24时", 22),
        (MIDNIGHT.astimezone(dt.UTC), "2026-11-22 24:00", "2026年11月22日24时", 22),
        (MIDNIGHT.replace(hour=17, minute=30), "2026-11-23 17:30", "2026年11月23日17时30分", 23),
        (MIDNIGHT.replace(hour=9), "2026-11-23 09:00", "2026年11月23日9时", 23),
        (MIDNIGHT.replace(minute=1), "2026-11-23 00:01", "2026年11月23日0时01分", 23),
    ],
)
def test_an_end_names_the_day_that_still_belongs_to_it(
    at: dt.datetime, listed: str, said: str, last: int
) -> None:
    assert (end(at), end_in_words(at), last_day(at)) == (listed, said, dt.date(2026, 11, last))


def test_a_beginning_at_midnight_is_the_day_that_begins() -> None:
    assert moment(MIDNIGHT) == "2026-11-23 00:00"
    assert moment_in_words(MIDNIGHT) == "2026年11月23日0时"


def test_on_a_page_machines_read_the_exact_moment() -> None:
    assert shown("{{ at|end }}", at=MIDNIGHT) == (
        '<time datetime="2026-11-23T00:00:00+08:00">2026-11-22 24:00</time>'
    )
    assert shown("{{ at|end }}", at=None) == "—"


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        ("更名", "“更名”"),
        ("呼和浩特市“专精特新”中小企业", "“呼和浩特市‘专精特新’中小企业”"),
        ("上列“称‘专’”", "“上列‘称“专”’”"),
    ],
)
def test_quotation_marks_inside_quotation_marks_are_the_inner_ones(words: str, marked: str) -> None:
    assert quoted(words) == marked
    assert shown("{{ words|quoted }}", words=words) == marked


def test_a_heading_keeps_short_quoted_words_on_a_line_and_is_text() -> None:
    head = shown('<c-page-head title="{{ title }}" />', title="市“专精特新”企业<script>")
    assert '市<span class="td-nowrap">“专精特新”</span>企业&lt;script&gt;</h1>' in head
    assert "td-nowrap" not in shown("{{ title|unbroken }}", title="关于“一个长得一行放不下的标题”的公示")
    assert shown("{{ title|unbroken }}", title="“<b>”") == "“&lt;b&gt;”"


def test_days_in_a_sentence_are_not_broken_over_lines() -> None:
    assert (
        shown("{{ words|unbroken }}", words="11-22 发布<，至 2026-11-27 24:00 止")
        == '<span class="td-nowrap">11-22</span> 发布&lt;，至 <span class="td-nowrap">2026-11-27 24:00</span> 止'
    )
    assert shown("{{ words|unbroken }}", words="0471-0000000") == "0471-0000000"
    assert shown("{{ words|unbroken }}", words="2026年11月27日截止").startswith(
        '<span class="td-nowrap">2026年'
    )
