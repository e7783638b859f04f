"""The marks that number the clauses of a Chinese official document, and what may stand behind them.

The order of the styles is that of GB/T 9704 (一、 → （一） → 1． → （1）), with the divisions of regulations (第X章,
第X节, 第X条) above it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

HAN: Final = "〇零一二三四五六七八九十百"
CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_DIGITS: Final = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0}
_UNITS: Final = {"十": 10, "百": 100}

# What follows a mark when a wrapped line merely begins with a reference, as in 按照第五条｜（一）项规定.
_REFERENCE: Final = re.compile(
    r"[项款目条章节]|至第?[（(\d一二三四五六七八九十]|[、和或及与]第?[（(]?[\d一二三四五六七八九十]+[）)]?[项款目条]"
)
# Behind 第X条 a reference goes on at once: 第三条规定的, 第三条第二款, 第三条至第五条.
_ARTICLE_REFERENCE: Final = re.compile(
    r"(?:[和或及与至、]?第|所[述列指规]|之?规定|的|中[的规所]|[要明]求|明确的)"
)
_ARTICLE_TITLE: Final = re.compile(
    r"(?P<title>【[^【】]{1,24}】|[（(][\u4e00-\u9fff、]{2,16}[）)])\s*(?P<text>.*)", re.DOTALL
)
_SENTENCE_TITLE: Final = re.compile(r"(?P<title>[^，。；：！？,;:!?（）()]{2,24})。(?P<text>.+)", re.DOTALL)


class Style(IntEnum):
    """How a heading is written; the value is its depth. The gaps leave room for headings without a number."""

    ANNEX = 0
    CHAPTER = 10
    SECTION = 20
    ARTICLE = 30
    HAN = 50
    HAN_BRACKET = 60
    DIGIT = 70
    DIGIT_BRACKET = 80
    DIGIT_CLOSE = 85
    CIRCLED = 90


DIVISIONS: Final = frozenset({Style.CHAPTER, Style.SECTION, Style.ARTICLE, Style.HAN})
"""Styles that divide a whole document: what stands before the first of them is its head, never a section."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A number at the start of a line.

    ``key`` is its element in a heading path (一, （一）, 1, 第一条), ``printed`` what the text shows, ``rest`` what
    follows.
    """

    style: Style
    key: str
    value: int
    printed: str
    rest: str


_PATTERNS: Final = (
    (Style.CHAPTER, re.compile(rf"第\s?([{HAN}\d]{{1,7}})\s?章[\s：:]*")),
    (Style.SECTION, re.compile(rf"第\s?([{HAN}\d]{{1,7}})\s?节[\s：:]*")),
    (Style.ARTICLE, re.compile(rf"第\s?([{HAN}\d]{{1,7}})\s?条(之[一二三四五六七八九十]{{1,2}})?[\s：:]*")),
    (Style.HAN, re.compile(rf"([{HAN}]{{1,5}})\s?[、．.]\s*")),
    (Style.HAN_BRACKET, re.compile(rf"[（(]\s?([{HAN}]{{1,5}})\s?[）)][\s、．.]*")),
    (Style.DIGIT, re.compile(r"(\d{1,3})\s?(?:[．、]|\.(?!\d))\s*")),
    (Style.DIGIT_BRACKET, re.compile(r"[（(]\s?(\d{1,3})\s?[）)]\s*")),
    (Style.DIGIT_CLOSE, re.compile(r"(\d{1,2})[）)]\s*")),
    (Style.CIRCLED, re.compile(r"([①-⑳])\s*")),
    (Style.ANNEX, re.compile(rf"附\s?件\s?([{HAN}\d]{{0,3}})\s?[:：]?$")),
)
_LONGEST_TITLE: Final = 40
_LONE: Final = re.compile(r"\d{1,2}")


def han_value(numeral: str) -> int | None:
    """The value of a number written with Han or Arabic digits, below 1000; ``None`` when it is not a number."""
    if numeral.isdecimal():
        return int(numeral) or None
    total, digit = 0, None
    for char in numeral:
        if char in _UNITS:
            total += (1 if digit is None else digit) * _UNITS[char]
            digit = None
        elif char == "零" or (char == "〇" and digit is None):
            digit = None
        elif char in _DIGITS and digit is None:
            digit = _DIGITS[char]
        else:
            return None
    value = total + (digit or 0)
    return value or None


def han_numeral(value: int) -> str:
    """``value`` (1 to 999) as headings write it: 12 → 十二, 120 → 一百二十, 105 → 一百零五."""
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    text = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else digits[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (digits[ones] if ones else "")


def read_mark(line: str) -> Mark | None:
    """The mark at the start of ``line``, or ``None``. Says nothing of whether the context allows a heading there."""
    for style, pattern in _PATTERNS:
        found = pattern.match(line)
        if found is None:
            continue
        mark = _mark(style, found, line)
        if mark is not None:
            return mark
    return None


def read_lone_number(line: str) -> Mark | None:
    """A line that is a number and nothing else: 1, 01, （一）, 第一条, 一、. Slides number their boxes so."""
    if _LONE.fullmatch(line) and int(line):
        return Mark(Style.DIGIT, line, int(line), line, "")
    mark = read_mark(line)
    return mark if mark is not None and not mark.rest else None


def _mark(style: Style, found: re.Match[str], line: str) -> Mark | None:
    numeral, printed, rest = found[1], found[0].strip(), line[found.end() :].strip()
    if style is Style.ANNEX:
        value = han_value(numeral) if numeral else 0
        return None if value is None else Mark(style, f"附件{numeral}", value, printed, "")
    if style is Style.CIRCLED:
        return Mark(style, numeral, ord(numeral) - ord("①") + 1, printed, rest)
    value = han_value(numeral)
    if value is None:
        return None
    if style is Style.ARTICLE and not found[0][-1].isspace() and _ARTICLE_REFERENCE.match(rest):
        return None
    if style in {Style.HAN_BRACKET, Style.DIGIT_BRACKET, Style.DIGIT_CLOSE} and _REFERENCE.match(rest):
        return None
    return Mark(style, _key(style, numeral, found), value, printed, rest)


def _key(style: Style, numeral: str, found: re.Match[str]) -> str:
    match style:
        case Style.CHAPTER:
            return f"第{numeral}章"
        case Style.SECTION:
            return f"第{numeral}节"
        case Style.ARTICLE:
            return f"第{numeral}条{found[2] or ''}"
        case Style.HAN_BRACKET | Style.DIGIT_BRACKET:
            return f"（{numeral}）"
        case Style.DIGIT_CLOSE:
            return f"{numeral}）"
        case _:
            return numeral


def split_title(mark: Mark) -> tuple[str, str]:
    """Take the title off what follows a mark: 1．健全企业培育库。按照… → (健全企业培育库, 按照…).

    An article carries a title only in brackets, which stay (第一条【目的】); elsewhere a short first sentence without
    inner punctuation, with more behind it, is one. Without a title the first element is empty.
    """
    if mark.style in {Style.CHAPTER, Style.SECTION}:
        return ("", mark.rest) if len(mark.rest) > _LONGEST_TITLE else (mark.rest, "")
    if mark.style is Style.ARTICLE:
        found = _ARTICLE_TITLE.fullmatch(mark.rest)
        return ("", mark.rest) if found is None else (found["title"], found["text"])
    found = _SENTENCE_TITLE.fullmatch(mark.rest)
    return ("", mark.rest) if found is None else (found["title"], found["text"])


def with_mark(printed: str, text: str) -> str:
    """A number and what follows it, as print sets them: 1．健全…, but 第一条 为了…."""
    return f"{printed}{'' if not printed or printed[-1] in '、．.）):：' else ' '}{text}".rstrip()


@dataclass(slots=True)
class Sequence:
    """The last number seen in each style, to tell the next heading from a wrapped line that begins with a number."""

    last: dict[Style, int] = field(default_factory=dict)

    def accepts(self, mark: Mark, *, after_end: bool) -> bool:
        """Whether ``mark`` can be a heading. ``after_end``: what stands before it has come to an end."""
        if after_end:
            return True
        if mark.value == 1:
            return mark.style in {Style.CHAPTER, Style.ARTICLE, Style.HAN, Style.HAN_BRACKET}
        return self.last.get(mark.style) == mark.value - 1

    def take(self, mark: Mark) -> None:
        """Remember ``mark`` as a heading."""
        self.last[mark.style] = mark.value
