"""Official texts, as PDF, web pages and slides give them, become clauses by heading path."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.policy.errors import InputError
from tidu.policy.official_text import layout
from tidu.policy.official_text.clauses import ClauseHint, ClauseSet
from tidu.policy.official_text.splitting import normalise, split

TEXTS = Path(__file__).parents[1] / "texts"


def sample(name: str) -> str:
    return (TEXTS / f"{name}.txt").read_text(encoding="utf-8")


def hint(path: str, *words: str, heading: str = "") -> ClauseHint:
    return ClauseHint(tuple(path.split("/")), words, heading)


def citations(clauses: ClauseSet) -> list[str]:
    return [clause.citation for clause in clauses]


def text_of(clauses: ClauseSet, citation: str) -> str:
    clause = clauses.find(citation)
    assert clause is not None, citation
    return clause.text


# Running text


def test_a_wrapped_document_splits_by_numbers_and_its_measures_count_on_across_sections() -> None:
    assert citations(split(sample("wrapped_measures"))) == [
        *("首部", "一", "二", "三"),
        *("三/（一）", "三/（一）/1", "三/（一）/2"),
        *("三/（二）", "三/（二）/3", "三/（二）/4"),
        *("四", "四/（一）", "四/（二）", "末段"),
    ]


def test_a_sentence_broken_by_lines_and_a_page_is_whole_again() -> None:
    clauses = split(sample("wrapped_measures"))
    assert "登记内容包括主要产品、人员构成、设备新旧和近三年投入" in text_of(clauses, "三/（一）/1")
    assert not any("—" in clause.text and "页" in clause.text for clause in clauses)
    assert clauses.noise == ("—1—", "—2—", "—3—")


def test_a_title_that_runs_into_its_paragraph_is_kept_apart_and_printed_together() -> None:
    clause = split(sample("wrapped_measures")).find("三/（一）/2")
    assert clause is not None
    assert clause.heading == "发放成长奖金"
    assert clause.text.startswith("首次列入样板名单的企业")
    assert clause.verbatim.startswith("2．发放成长奖金。首次列入")


def test_the_departments_in_the_closing_bracket_are_at_hand_and_stay_in_the_text() -> None:
    clause = split(sample("wrapped_measures")).find("三/（二）/3")
    assert clause is not None
    assert clause.responsible == "市科技局、市财政局按职责分工负责"
    assert clause.text.endswith("（市科技局、市财政局按职责分工负责）")


def test_a_decimal_at_the_start_of_a_line_is_no_heading() -> None:
    lines = [
        "一、目标",
        "年营业收入从去年的水平提高到今年年底的总量达到一千五百亿元以上，同比增长",
        "2.5个百分点。",
    ]
    assert citations(split("\n".join(lines))) == ["一"]


def test_regulations_split_by_chapter_and_article_and_their_contents_page_is_noise() -> None:
    clauses = split(sample("regulation"))
    assert clauses.noise == ("第一章 总则", "第二章 认定条件", "第三章 附则")
    assert [
        clause.citation for clause in clauses.children(next(c for c in clauses if c.path == ("第二章",)))
    ] == [
        "第二章/第三条",
        "第二章/第四条",
    ]
    assert text_of(clauses, "第三条/（三）/2") == "用水量下降12%；"
    assert [clause.heading for clause in clauses if clause.path[-1] == "第二条"] == ["【适用范围】"]


def test_an_article_named_at_the_start_of_a_broken_line_opens_nothing() -> None:
    clauses = split(sample("regulation"))
    assert text_of(clauses, "第二条").endswith("依照前款和本办法第五条规定申请的，适用同一程序。")


def test_an_annex_numbers_its_own_sections() -> None:
    assert text_of(split(sample("regulation")), "附件1/二") == "写明改造的产线和投入。"


def test_short_lines_that_stand_alone_head_the_paragraphs_of_a_web_page() -> None:
    assert citations(split(sample("web_copy"))) == [
        *("首部", "征集对象", "征集条件", "征集条件/（一）", "征集条件/（二）"),
        *("报送方式", "报送方式/1", "报送方式/2", "激励办法", "落款"),
    ]


def test_a_second_numbering_from_one_gets_paths_of_its_own_and_is_mentioned() -> None:
    text = "一、通知事项\n请各单位报送材料。\n一、目标任务\n今年完成三项任务。\n"
    clauses = split(text)
    assert citations(clauses) == ["一", "一（第2处）"]
    assert len(clauses.doubts) == 1


@pytest.mark.parametrize(
    ("printed", "path"),
    [
        ("一、甲。", "一"),
        ("（一）甲。", "（一）"),
        ("(一)甲。", "（一）"),
        ("㈠甲。", "（一）"),
        ("1．甲。", "1"),
        ("1.甲。", "1"),
        ("1、甲。", "1"),
        ("１．甲。", "1"),
        ("⒈甲。", "1"),
        ("（1）甲。", "（1）"),
        ("①甲。", "①"),
        ("第一条 甲。", "第一条"),
        ("第十二条之一 甲。", "第十二条之一"),
        ("第 3 条 甲。", "第3条"),
        ("⼀、甲。", "一"),
    ],
)
def test_every_way_of_printing_a_number_is_read(printed: str, path: str) -> None:
    assert citations(split(printed)) == [path]


def test_radicals_that_pdf_fonts_give_for_characters_read_as_the_characters() -> None:
    assert text_of(split("一、⽬标\n增加⼈员。"), "一") == "增加人员。"


# Slides


def test_slides_without_hints_resolve_what_leaves_one_reading_and_say_what_does_not() -> None:
    clauses = split(sample("slides"))
    assert text_of(clauses, "加分条件/销路").startswith("建有自己的网店")
    assert text_of(clauses, "扶持办法/（一）") == "一次性给予设备补贴一万元。"
    assert text_of(clauses, "扶持办法/（二）") == "优先安排展位，参加市里组织的农产品展销活动。"
    assert text_of(clauses, "日常管理/（一）/2") == "转让或者出租牌子的"
    assert text_of(clauses, "日常管理/（三）") == "牌子有效期两年，期满重新申请。"
    assert len(clauses.doubts) == 3
    assert clauses.loose == ("洁净", "地道", "实惠", "1", "2", "3")


def test_numbered_boxes_come_in_the_order_of_their_numbers() -> None:
    clauses = split(sample("slides"))
    assert [c.citation for c in clauses if c.path[0] == "扶持办法"][1:] == [
        "扶持办法/（一）",
        "扶持办法/（二）",
        "扶持办法/（三）",
    ]


def test_template_texts_of_slides_are_noise_and_never_clauses() -> None:
    clauses = split(sample("slides"))
    assert {"YOUR TITLE", "谢谢观看", "BUSINESS REPORT TEMPLATE"} <= set(clauses.noise)
    assert not any("TITLE" in clause.verbatim or "观看" in clause.verbatim for clause in clauses)


SLIDE_HINTS = (
    hint("第二条/地道", "本地原料"),
    hint("第二条/实惠", "定价公道"),
    hint("第二条/洁净", "健康证"),
    hint("申请条件/起步条件/01", "登记满一年"),
    hint("申请条件/起步条件/02", "处罚记录"),
    hint("申请条件/起步条件/03", "销售收入"),
    hint("申请条件/加分条件"),
    hint("办理步骤/1", "自愿申请"),
    hint("办理步骤/2", "乡镇核对"),
    hint("办理步骤/3", "查看公示"),
)


def test_hints_settle_every_doubt_of_slides() -> None:
    clauses = split(sample("slides"), SLIDE_HINTS)
    assert clauses.doubts == ()
    assert clauses.loose == ()
    assert text_of(clauses, "第二条/洁净").startswith("生产场所干净整洁")
    assert text_of(clauses, "申请条件/加分条件/手艺").startswith("获得过县级以上手艺比赛名次")
    steps = [clause for clause in clauses if clause.path[0] == "办理步骤"][1:]
    assert [(step.mark, step.heading) for step in steps] == [
        ("1", "自愿申请"),
        ("2", "乡镇核对"),
        ("3", "查看公示"),
    ]


def test_a_hint_may_swap_what_was_paired_and_may_give_a_title() -> None:
    hints = [
        hint("申请条件/起步条件/02", "销售收入"),
        hint("申请条件/起步条件/03", "处罚记录", heading="没有处罚"),
    ]
    clauses = split(sample("slides"), hints)
    assert text_of(clauses, "申请条件/起步条件/02").startswith("上年度销售收入")
    clause = clauses.find("申请条件/起步条件/03")
    assert clause is not None
    assert clause.heading == "没有处罚"


@pytest.mark.parametrize(
    ("given_hint", "said"),
    [
        (hint("第二条/地道", "不存在的词"), "没有相符的段落"),
        (hint("第二条/地道", "申请"), "都相符"),
        (hint("甲/乙"), "没有相符的标题"),
    ],
)
def test_a_hint_that_fits_nothing_or_too_much_is_not_used_and_named(
    given_hint: ClauseHint, said: str
) -> None:
    plain = split(sample("slides"))
    clauses = split(sample("slides"), [given_hint])
    assert citations(clauses) == citations(plain)
    assert said in clauses.doubts[-1]


# normalise


def test_normalising_keeps_chinese_marks_and_joins_lines_without_page_furniture() -> None:
    text = normalise(sample("wrapped_measures"))
    assert "一次性给予18万元奖金；" in text
    assert "“种子、苗子、样子”" in text
    assert "— 2 —" not in text
    assert "四、保障办法\n（一）明确责任分工。" in text


def test_letters_and_digits_become_half_width_but_punctuation_does_not() -> None:
    assert (
        normalise("一、ＡＰＥＣ　２０３１年，产品（服务）：５０％以上。")
        == "一、APEC 2031年，产品（服务）：50％以上。"
    )


# Nothing is lost

SENTENCE = st.text("企业申报认定中小创新，、“”（）20%ABc ", min_size=1, max_size=60).map(
    lambda text: f"{text}。"
)
MARK = st.sampled_from(
    [
        "一、",
        "二、",
        "三、",
        "（一）",
        "(二)",
        "1．",
        "2.",
        "01",
        "1",
        "第一条 ",
        "第二条",
        "第一章 总则",
        "①",
        "附件1",
    ]
)
LABEL = st.sampled_from(["专业化", "特色化 新颖化", "申报条件", "市工信局", "2031年5月1日", "目录"])
NOISE = st.sampled_from(["YOUR TITLE", "感谢观看", "— 3 —", "第 2 页", "• ", "\f", "", "", "\n\n\n\n"])
LINE = st.one_of(SENTENCE, MARK, LABEL, NOISE, st.tuples(MARK, SENTENCE).map("".join), st.text(max_size=12))
DOCUMENT = st.tuples(st.lists(LINE, max_size=40), st.sampled_from(["\n", "\n\n"])).map(
    lambda d: d[1].join(d[0])
)


def letters(*texts: str) -> Counter[str]:
    return Counter("".join("".join(text.split()) for text in texts))


@given(DOCUMENT)
def test_splitting_loses_and_adds_no_character(text: str) -> None:
    clauses = split(text)
    read = [part for c in clauses for part in (c.mark, c.heading, "。" if c.run_in else "", c.text)]
    assert letters(*read, *clauses.loose, *clauses.noise) == letters(layout.characters(text))


@given(DOCUMENT)
def test_every_clause_is_found_by_its_own_citation_and_orders_count_up(text: str) -> None:
    clauses = split(text)
    assert [clause.order for clause in clauses] == list(range(len(clauses)))
    assert len({clause.path for clause in clauses}) == len(clauses)
    for clause in clauses:
        if len(clause.citation) <= 200:
            assert clauses.find(clause.citation) is not None


@given(st.lists(st.text("企业申报认定", min_size=4, max_size=30), min_size=1, max_size=12))
def test_paragraphs_keep_their_order(sentences: list[str]) -> None:
    marked = [f"{number}．{sentence}，完成。" for number, sentence in enumerate(sentences, 1)]
    clauses = split("一、任务\n" + "\n".join(marked))
    assert [clause.text for clause in clauses][1:] == [f"{sentence}，完成。" for sentence in sentences]


HINT = st.builds(
    ClauseHint,
    st.lists(LABEL | MARK, min_size=1, max_size=4).map(tuple),
    st.lists(st.sampled_from(["企业", "申报", "专业化"]), max_size=2).map(tuple),
)


@given(DOCUMENT, st.lists(HINT, max_size=4))
def test_no_hint_makes_splitting_fail_or_lose_a_han_character(text: str, hints: list[ClauseHint]) -> None:
    clauses = split(text, hints)
    read = letters(*(c.mark + c.heading + c.text for c in clauses), *clauses.loose, *clauses.noise)
    for char, count in letters(*(c.text for c in split(text))).items():
        if char in "企业申报认定中小创新":
            assert read[char] >= count


# Hostile input


@pytest.mark.parametrize(
    "text",
    [
        "文" * 10_000_000,
        "\n" * 900_000,
        "（" * 900_000,
        "一、\n" * 300_000,
        "a" + "\u0301\u0323" * 400_000,
        "一、a\n（一）b\n1．c\n（1）d\n①e\n" * 15_000,
        "申报\n第二页\n\n\n\n标题甲\n" + "段落。\n\n1\n\n标签\n\n" * 3_000,
        "第一章 总则\n" * 15_000,
        "第一条 内容。\n" * 15_000,
        "\ud800\n" * 50_000,
        "\u202e\u2066" * 200_000,
        "-" * 900_000,
    ],
    ids=lambda text: text[:6].encode("unicode_escape").decode(),
)
def test_a_hostile_text_is_refused_or_read_within_seconds(text: str) -> None:
    start = time.process_time()
    with suppress(InputError):
        split(text, SLIDE_HINTS)
    assert time.process_time() - start < 20


def test_a_text_of_ten_megabytes_is_no_policy_and_the_error_says_what_to_do() -> None:
    with pytest.raises(InputError, match="100 万字") as caught:
        split("文" * 10_000_000)
    assert caught.value.problems[0].remedy == "只保留这份文件的正文后重试"


@pytest.mark.parametrize("text", ["", " \n\t\n", "\ufeff", "\0\0", "\f\f"])
def test_an_empty_text_has_no_clauses(text: str) -> None:
    assert split(text).clauses == ()
    assert normalise(text) == ""
