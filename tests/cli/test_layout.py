"""Chinese in columns: widths, line breaks, and what must not reach a terminal."""

import unicodedata
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tidu.cli.layout import cells, plain, wrap
from tidu.cli.screen import Grid, words

SENTENCES = st.text(alphabet="营业收入，。（）《》“”1,000.00万元 abcPCT≥＋", min_size=0, max_size=120)
CLOSING = set("，。）》”")
OPENING = set("（《“≥＋")


def test_a_chinese_character_takes_two_columns_and_a_letter_one() -> None:
    assert (cells("营收"), cells("ab"), cells("（"), cells("e\u0301")) == (4, 2, 2, 1)


def test_lines_break_between_characters_but_not_inside_numbers_or_before_closing_marks() -> None:
    assert wrap("上年度营业收入现为 864.00 万元，要求更多", 20) == [
        "上年度营业收入现为",
        "864.00 万元，要求更",
        "多",
    ]
    assert wrap("没有重大安全、质量", 12) == ["没有重大安", "全、质量"]
    assert wrap("甲乙丙（丁）", 8) == ["甲乙丙", "（丁）"]


@given(SENTENCES, st.integers(min_value=6, max_value=40))
def test_wrapping_loses_nothing_but_spaces_and_keeps_to_the_width(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cells(line) <= width for line in lines)


@given(
    st.lists(st.sampled_from(["营业", "收入，", "（上年度）", "《办法》", "10%。"]), max_size=20),
    st.integers(14, 40),
)
def test_marks_stand_on_their_side_of_the_break(words_: list[str], width: int) -> None:
    lines = wrap("".join(words_), width)
    assert all(line[0] not in CLOSING for line in lines[1:])
    assert all(line[-1] not in OPENING for line in lines[:-1])


@given(st.text(max_size=50))
def test_nothing_that_steers_a_terminal_is_left(text: str) -> None:
    shown = plain(text)
    assert all(unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in shown)
    shown.encode("utf-8")


@given(st.lists(st.lists(SENTENCES, min_size=3, max_size=3), min_size=1, max_size=6), st.integers(40, 160))
def test_a_table_shows_every_character_at_any_width(rows: list[list[str]], width: int) -> None:
    grid = Grid("甲", "乙", "丙")
    for row in rows:
        grid.row(*(words(cell) for cell in row))
    console = Console(width=width, record=True, markup=False, highlight=False, file=StringIO())
    console.print(grid)
    shown = console.export_text()
    assert all(cells(line) <= width for line in shown.splitlines())
    wanted = sorted("".join("".join(row) for row in rows).replace(" ", ""))
    frame = shown.split("─")[-1]
    assert sorted("".join(frame.split())) == wanted
