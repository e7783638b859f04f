"""How an official document looks, measured on the PDF: GB/T 9704—2012."""

from itertools import pairwise

import pytest

from tests.core.documents.reading import MILLIMETRE, Line, pages, picture, properties, text_of
from tests.core.documents.samples import ISSUER, ON, document
from tidu.core.documents.kinds import KINDS, Layout
from tidu.core.documents.typesets import set_letter
from tidu.core.documents.words import Annex, Cited, Column, Heading, Letter, Paragraph, Table

LEFT, RIGHT, TOP, BOTTOM = 28, 184, 37, 262  # the text block, in millimetres


def near(value: float, wanted: float, by: float = 0.6) -> bool:
    return abs(value / MILLIMETRE - wanted) <= by


def long_letter(characters: int, *more: Paragraph, **fields: object) -> Letter:
    parts = (Paragraph("国" * characters, indent=False), *more)
    return Letter(parts=parts, closing=ISSUER, on=ON, **fields)  # type: ignore[arg-type]


def at_foot(page: list[Line]) -> Line:
    return page[-1]


def test_a_full_page_has_22_lines_of_28_characters() -> None:
    made = pages(set_letter(document(long_letter(28 * 60))))
    for page in made[1:3]:
        body = page[:-1]
        assert [len(line.text) for line in body] == [28] * 22
        assert all(near(line.left, LEFT) and near(line.right, RIGHT) for line in body)
        distances = [below.foot - above.foot for above, below in pairwise(body)]
        assert all(abs(distance - 28.95) < 0.1 for distance in distances)


def test_the_first_page_stands_on_the_same_lines_as_the_others() -> None:
    first, second, *_ = pages(set_letter(document(long_letter(28 * 60))))
    body = [line.foot for line in first if line.text.startswith("国")]
    grid = [line.foot for line in second if line.text.startswith("国")]
    assert len(body) > 5
    assert all(min(abs(foot - line) for line in grid) < 0.5 for foot in body)


def test_red_head_number_rule_title_and_page_number_stand_where_the_standard_says() -> None:
    content = set_letter(document(long_letter(28 * 60)))
    head, number, title, *_ = pages(content)[0]
    assert head.text == f"{ISSUER}文件"
    assert number.text == "样工信〔2026〕12号"
    assert title.text == "关于组织开展申报工作的通知"
    middle = (LEFT + RIGHT) / 2
    for line in (head, number, title):
        assert near((line.left + line.right) / 2, middle, 1.2)
    red = red_rows(content)
    assert abs(red[0] - (TOP + 35)) < 1  # 发文机关标志 is 35 mm below the edge of the text block
    rule = red[-1]
    assert 3 <= rule - number.foot / MILLIMETRE <= 5  # 4 mm below the number
    assert title.foot / MILLIMETRE - rule > 2 * 10.2  # two empty lines


def red_rows(content: bytes) -> list[float]:
    """Millimetres from above at which something red stands on the first page."""
    image = picture(content, 1)
    wide, high = image.size
    data = image.load()
    assert data is not None
    return [y / high * 297 for y in range(high) if any(_is_red(data[x, y]) for x in range(0, wide, 3))]


def _is_red(pixel: object) -> bool:
    assert isinstance(pixel, tuple)
    red, green, blue = pixel[:3]
    return bool(red > 150 and green < 90 and blue < 90)


def test_page_numbers_stand_right_on_odd_pages_and_left_on_even_ones() -> None:
    made = pages(set_letter(document(long_letter(28 * 60))))
    assert [at_foot(page).text for page in made] == [f"—{n}—" for n in range(1, len(made) + 1)]
    one_character = 14 / MILLIMETRE
    assert near(at_foot(made[0]).right, RIGHT - one_character)
    assert near(at_foot(made[1]).left, LEFT + one_character)
    assert all(at_foot(page).foot / MILLIMETRE > BOTTOM + 7 for page in made)


@pytest.mark.parametrize("lines", range(20, 45))
def test_the_signature_is_never_alone_on_a_page(lines: int) -> None:
    made = pages(set_letter(document(long_letter(28 * lines))))
    signed = next(page for page in made if any(line.text == "2026年11月20日" for line in page))
    texts = [line.text for line in signed]
    assert ISSUER in texts[: texts.index("2026年11月20日")]
    assert sum(1 for text in texts if text.startswith("国")) >= 2


@pytest.mark.parametrize("lines", range(20, 45))
def test_a_short_last_paragraph_brings_two_lines_of_the_one_before_along(lines: int) -> None:
    made = pages(set_letter(document(long_letter(28 * lines, Paragraph("特此通知。")))))
    signed = next(page for page in made if any(line.text == "2026年11月20日" for line in page))
    texts = [line.text for line in signed]
    assert "特此通知。" in texts
    assert sum(1 for text in texts if text.startswith("国")) >= 2


def test_the_date_stands_four_characters_from_the_right_under_the_middle_of_the_issuer() -> None:
    (page,) = pages(set_letter(document(long_letter(28))))
    signed, dated = (next(line for line in page if line.text == text) for text in (ISSUER, "2026年11月20日"))
    assert near(dated.right, RIGHT - 4 * 16 / MILLIMETRE, 1)
    assert near((signed.left + signed.right) / 2, (dated.left + dated.right) / 2 / MILLIMETRE, 1)


def test_the_place_of_the_seal_is_left_blank() -> None:
    (page,) = pages(set_letter(document(long_letter(28))))
    texts = [line.text for line in page]
    assert texts.index("（盖章处）") == texts.index(ISSUER) - 1
    above, signed = page[texts.index("（盖章处）") - 1], page[texts.index(ISSUER)]
    assert (signed.foot - above.foot) / MILLIMETRE > 35  # a round seal is 42 mm wide and covers the name


def test_a_draft_bears_a_watermark_and_no_number() -> None:
    content = set_letter(document(long_letter(28), state="draft"))
    text = text_of(content)
    assert "草" in text
    assert "稿" in text
    assert "样工信〔" in text
    assert "12号" not in text
    assert "草" not in text_of(set_letter(document(long_letter(28))))
    assert "作" in text_of(set_letter(document(long_letter(28), state="void")))


def test_a_table_repeats_its_head_on_every_page() -> None:
    rows = tuple((str(n), f"第{n}家企业") for n in range(1, 101))
    letter = Letter(
        parts=(Table((Column("序号"), Column("企业名称")), rows, title="名单"), Paragraph("以上。"))
    )
    made = pages(set_letter(document(letter, kind="notice")))
    heads = [page for page in made if any(line.text == "序号企业名称" for line in page)]
    assert len(heads) >= 3
    text = text_of(set_letter(document(letter, kind="notice")))
    assert all(f"第{n}家企业" in text for n in (1, 50, 100))


def test_annexes_begin_on_their_own_pages_and_are_named_in_the_text() -> None:
    table = Table((Column("企业"),), (("甲",),))
    letter = long_letter(
        28, annexes=(Annex("推荐汇总表", (table,), landscape=True), Annex("材料清单", (Paragraph("一份。"),)))
    )
    made = pages(set_letter(document(letter)))
    *_, signed, first, second = made
    assert {"附件：1.推荐汇总表", "2.材料清单", ISSUER} <= {line.text for line in signed}
    assert [page[0].text for page in (first, second)] == ["附件1", "附件2"]


def test_clauses_stand_small_behind_what_rests_on_them() -> None:
    letter = Letter(
        parts=(
            Paragraph("现予公示。", ("认定程序/4", "三/（一）/2")),
            Table((Column("理由"),), ((Cited("未达到", ("申报条件/03",)),),)),
            Paragraph("特此公示。"),
        ),
        basis="《认定办法》",
    )
    text = text_of(set_letter(document(letter, kind="notice"))).replace("\xa0", "")
    assert "现予公示。〔认定程序4、三（一）2〕" in text
    assert "未达到〔申报条件03〕" in text
    assert "出自《认定办法》" in text


@pytest.mark.parametrize("most", range(24, 32))
def test_a_reference_never_begins_a_line_by_itself_nor_breaks(most: int) -> None:
    letter = Letter(parts=(Paragraph("甲" * most + "。", cites=("认定程序/4",)), Paragraph("乙" * 100)))
    lines = [line.text for page in pages(set_letter(document(letter))) for line in page]
    (shown,) = [line for line in lines if "〔认定程序" in line]
    assert shown.startswith("甲")
    assert shown.endswith("4〕")


def test_where_no_clause_is_named_none_is_explained() -> None:
    plain = Letter(parts=(Paragraph("特此通知。"), Table((Column("名称"),), (("某某",),))), basis="某办法")
    assert plain.as_words()["basis"] == ""
    named = Letter(parts=(Table((Column("名称"),), ((Cited("某某", ("认定程序/4",)),),)),), basis="某办法")
    assert named.as_words()["basis"] == "某办法"
    annexed = Letter(parts=(), annexes=(Annex("名单", named.parts),), basis="某办法")
    assert annexed.as_words()["basis"] == "某办法"


def test_long_columns_give_way_so_that_short_ones_keep_their_words_on_a_line() -> None:
    columns = tuple(Column(label) for label in ("序号", "企业名称", "信用代码", "旗县区", "结论", "材料"))
    row = ("1", "某" * 24, "91150105MA0TDT3X28", "赛罕区", "待" * 30, "缺" * 30)
    table = Table(columns, (row,))
    widths = [column["width"] for column in table.as_words()["columns"]]
    assert sum(widths) == pytest.approx(48)
    assert widths[3] == pytest.approx(3.9)
    lines = pages(set_letter(document(Letter(parts=(table,)))))[0]
    assert any("赛罕区" in line.text for line in lines)
    assert any(line.text.startswith("序号") for line in lines)


def test_a_long_code_shrinks_rather_than_stand_out_of_its_cell() -> None:
    code = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    table = Table((Column("甲", width=1), Column("摘要", width=1)), (("乙", code),))
    (page, *_) = pages(set_letter(document(Letter(parts=(table, Paragraph("以上。"))))))
    line = next(line for line in page if code in line.text)
    assert line.right <= RIGHT * MILLIMETRE + 1


def test_headings_levels_and_addressee() -> None:
    letter = Letter(
        to="各旗县区工信局：",
        parts=(Heading("一、条件"), Heading("（一）基本条件", 2), Heading("1. 年限", 3), Paragraph("三年。")),
    )
    text = text_of(set_letter(document(letter)))
    places = [
        text.index(part) for part in ("各旗县区工信局：", "一、条件", "（一）基本条件", "1.年限\n三年。")
    ]
    assert places == sorted(places)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_template_of_its_layout(kind: str) -> None:
    content = set_letter(document(long_letter(28), kind=kind))
    texts = [line.text for line in pages(content)[0]]
    head = KINDS[kind].head(ISSUER)
    assert (texts[0] == head) if head else (texts[0] == "关于组织开展申报工作的通知")
    assert ("（盖章处）" in texts) is (KINDS[kind].layout is not Layout.INTERNAL)
    assert properties(content)["Title"] == "关于组织开展申报工作的通知"


def test_a_letter_to_one_enterprise_has_red_rules_and_no_number_on_its_first_page() -> None:
    made = pages(set_letter(document(long_letter(28 * 60), kind="result")))
    assert made[0][0].text == ISSUER
    assert not any("—" in line.text for line in made[0])
    assert at_foot(made[1]).text == "—2—"


def test_words_are_text_and_never_markup() -> None:
    said = '#read("/etc/passwd") *粗* _斜_ $x$ A&B <测试> @a [b] \\n // c `d`'
    letter = Letter(parts=(Paragraph(said), Table((Column(said),), ((said,),)), Paragraph(said)), to=said)
    text = text_of(set_letter(document(letter, title=said))).replace("\n", "")
    assert text.count("A&B<测试>") >= 4
    assert "root:" not in text


def test_a_document_of_one_table_or_of_nothing_can_be_set() -> None:
    table = Table((Column("企业"),), (("甲",),))
    for letter in (Letter(parts=(table,)), Letter(parts=()), Letter(parts=(Heading("一、无"),))):
        assert ISSUER in text_of(set_letter(document(letter)))


def test_copies_and_date_stand_at_the_foot_of_the_last_page() -> None:
    *_, page = pages(set_letter(document(long_letter(28, copies="市财政局，市税务局。"))))
    copies = next(line for line in page if line.text == "抄送：市财政局，市税务局。")
    assert copies.foot / MILLIMETRE > 235
    assert any(line.text == f"{ISSUER}2026年11月20日印发" for line in page)
