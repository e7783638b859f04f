"""From the text of a PDF, a web page or slides to paragraphs: characters, pages, page furniture, broken lines.

What a reader sees is kept: Chinese quotation marks and full-width punctuation stay as they are. Only what extraction
adds is undone: lines broken inside words, spaces between Chinese and digits, compatibility characters, page numbers,
repeated headers, template texts of slides.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise
from typing import Final

from tidu.policy.errors import InputError, Problem
from tidu.policy.official_text.headings import Mark, read_lone_number, read_mark

MAX_CHARACTERS: Final = 1_000_000
MAX_LINES: Final = 100_000

_LONG_LINE: Final = 32
"""Half-width units. A longer line is a paragraph or a part of one, never a label."""
_SHORT_LINE: Final = 20
_SENTENCE_LINE: Final = 40
"""Half-width units. An unfinished line of this width is cut inside a sentence."""
_PAST_ANY_PAGE: Final = 120
"""Half-width units. No page is that wide: such lines were never wrapped."""
_FEWEST_LINES: Final = 6
_FEWEST_REPEATS: Final = 3
_PAGE_BREAK: Final = 3
"""Blank lines in a row that stand for the end of a page."""
_FURNITURE: Final = 40
"""Characters that page furniture has at most."""
_DIGITS_OF_PAGE: Final = 4
_LABEL: Final = range(2, 9)
"""Characters of a label."""
_COMPATIBILITY: Final = (
    (0xFF10, 0xFF19),
    (0xFF21, 0xFF3A),
    (0xFF41, 0xFF5A),
    (0x2474, 0x249B),  # ⑴ and ⒈ as one character
    (0x3220, 0x3229),  # ㈠
    (0x2E80, 0x2FDF),  # radicals, which PDF fonts give for whole characters
    (0xF900, 0xFAFF),
    (0xFB00, 0xFB06),
    (0x2F800, 0x2FA1F),
)
_WINGDINGS: Final = range(0xF000, 0xF100)
"""Where fonts for bullets keep them."""
_LAST_NARROW: Final = 0x2000

_CLOSERS: Final = "”’\"'》〉」』】"
_TERMINALS: Final = "。！？；：…!?;:"
_HAN_RANGES: Final = r"\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_WIDE: Final = rf"\u2014\u2018-\u201d\u2026\u2460-\u2473\u3001-\u303f{_HAN_RANGES}\uff00-\uffef"
_SPACES_BY_WIDE: Final = re.compile(rf"(?<=[{_WIDE}]) +| +(?=[{_WIDE}])")
_HAN_CHARACTER: Final = re.compile(rf"[{_HAN_RANGES}]")
_PAGE_NUMBER: Final = re.compile(
    r"[-—–·~]+ ?\d{1,4} ?[-—–·~]+|第 ?\d{1,4} ?页(?: ?[,，/]? ?共 ?\d{1,4} ?页)?|\d{1,4} ?/ ?\d{1,4}"
    r"|Page \d{1,4}(?: of \d{1,4})?",
    re.IGNORECASE,
)
_BULLET: Final = re.compile(r"[•●○◆◇■□▪▲△►▶➢➤✓✔★☆·◦∙](?=.)\s*")
_TEMPLATE_LATIN: Final = re.compile(
    r"[A-Z][A-Z&'’.,!]*(?: [A-Z&'’.,!]+)+|(?:PART|CHAPTER) ?(?:\d{1,2}|[A-Z]+)|CONTENTS?|THANKS?!?"
)
_TEMPLATE_HAN: Final = re.compile(
    r"(?:感谢|谢谢)(?:您的?|各位|大家)?(?:的)?(?:观看|聆听|收看|阅读|关注)?[!！。~]?"
    r"|(?:请在此|在此|单击此处|点击此处|点击|请)(?:处)?(?:输入|添加|编辑|录入)[^，。；：]{0,12}|添加(?:标题|文字|文本|内容)[^，。；：]{0,8}"
)
_PLAIN: Final = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbfA-Za-z0-9“”《》()（）、与和+＋-]{2,16}")
_DATE: Final = re.compile(
    r"[\d〇零一二三四五六七八九十]{4}年[\d一二三四五六七八九十]{1,2}月(?:[\d一二三四五六七八九十]{1,3}日)?"
)


class Setting(Enum):
    """How the lines of a text came to be."""

    ONE_LINE_PER_PARAGRAPH = "one line per paragraph"
    JUSTIFIED = "lines wrapped at one width"
    BOXES = "text boxes of several widths"


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    ``spaced`` keeps single spaces, which may part two labels; ``text`` is what is shown. ``mark`` is the number at its
    start, ``lone`` the number that is all of it.
    """

    text: str
    spaced: str
    width: int
    blank_before: int
    bullet: str = ""
    mark: Mark | None = None
    lone: Mark | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """The lines of a text by page, without furniture. ``noise`` lists what was dropped, in order of finding."""

    pages: tuple[tuple[Line, ...], ...]
    noise: tuple[str, ...]
    setting: Setting
    full_width: int
    usual_blank: int


class _Characters(dict[int, str | None]):
    """What each character becomes.

    Compatibility forms of Han, full-width letters and digits are made plain, characters that only steer a renderer go,
    kinds of space become one.
    """

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        result: str | None = char
        category = unicodedata.category(char)
        if char in "\n\f":
            pass
        elif char in "\r\x0b\x85" or category in {"Zl", "Zp"}:
            result = "\n"
        elif char == "\t" or category == "Zs":
            result = " "
        elif category in {"Cc", "Cf", "Cs"}:
            result = None
        elif code in _WINGDINGS:
            result = "•"
        elif _is_compatibility_form(code):
            result = unicodedata.normalize("NFKC", char)
        self[code] = result
        return result


def _is_compatibility_form(code: int) -> bool:
    return any(first <= code <= last for first, last in _COMPATIBILITY)


_CHARACTERS: Final = _Characters()


def characters(text: str) -> str:
    """``text`` with each character in its usual form. Every kind of line break becomes one; form feeds stay."""
    return text.replace("\r\n", "\n").translate(_CHARACTERS)


def width(text: str) -> int:
    """Width in half-width units: a Han character counts two."""
    return sum(2 if code > _LAST_NARROW else 1 for code in map(ord, text))


def is_finished(text: str) -> bool:
    """Whether ``text`` ends as a sentence, an item or an introduction with a colon does."""
    return text.rstrip(_CLOSERS)[-1:] in _TERMINALS if text else True


def read_layout(text: str, *, whole_paragraphs: bool = False) -> Layout:
    """Read the pages and lines of ``text``; with ``whole_paragraphs`` each line is known to be a paragraph.

    Raises :class:`InputError` when the text is too long to be one document.
    """
    if len(text) > MAX_CHARACTERS:
        raise InputError(
            Problem(
                f"原文超过 {MAX_CHARACTERS // 10_000} 万字，不像一份政策文件",
                remedy="只保留这份文件的正文后重试",
            )
        )
    raw = characters(text).replace("\f", "\n\f\n").split("\n")
    if len(raw) > MAX_LINES:
        raise InputError(Problem(f"原文超过 {MAX_LINES} 行", remedy="只保留这份文件的正文后重试"))
    noise: list[str] = []
    pages = _without_running_numbers(_furnished(_paged(raw), noise), noise)
    lines = [line for page in pages for line in page]
    widths = sorted(line.width for line in lines)
    full = widths[int(len(widths) * 0.95)] if widths else 0
    gaps = Counter(line.blank_before for page in pages for line in page[1:])
    return Layout(
        pages=tuple(tuple(page) for page in pages if page),
        noise=tuple(noise),
        setting=Setting.ONE_LINE_PER_PARAGRAPH if whole_paragraphs else _setting(lines, full),
        full_width=full,
        usual_blank=min(gaps, key=lambda gap: (-gaps[gap], gap), default=0),
    )


def _paged(raw: Sequence[str]) -> list[list[Line]]:
    pages: list[list[Line]] = [[]]
    blank = 0
    for piece in raw:
        if piece == "\f":
            pages.append([])
            blank = 0
        elif not piece.strip():
            blank += 1
        else:
            if blank >= _PAGE_BREAK and pages[-1]:
                pages.append([])
            pages[-1].append(_line(piece, blank))
            blank = 0
    return [page for page in pages if page]


def _line(piece: str, blank: int) -> Line:
    spaced = re.sub(" {2,}", " ", piece).strip()
    bullet = _BULLET.match(spaced)
    if bullet:
        spaced = spaced[bullet.end() :]
    text = without_odd_spaces(spaced)
    mark = read_mark(spaced)
    if mark is not None:
        mark = replace(mark, printed=without_odd_spaces(mark.printed), rest=without_odd_spaces(mark.rest))
    lone = mark if mark is not None and not mark.rest else read_lone_number(spaced)
    return Line(text, spaced, width(text), blank, bullet[0].strip() if bullet else "", mark, lone)


def without_odd_spaces(text: str) -> str:
    """Take out the spaces beside Chinese characters that extraction puts in: 到 2023 年 → 到2023年."""
    return _SPACES_BY_WIDE.sub("", text)


def _setting(lines: Sequence[Line], full: int) -> Setting:
    long = [line for line in lines if line.width > _LONG_LINE]
    ended = sum(is_finished(line.text) or line.text[-1] in "）)" for line in long)
    very_long = sum(line.width > _PAST_ANY_PAGE for line in lines)
    if very_long * 10 >= len(lines) > 0 or (long and ended >= 0.75 * len(long)):
        return Setting.ONE_LINE_PER_PARAGRAPH
    wrapped = sum(line.width >= full - 8 for line in lines)
    return Setting.JUSTIFIED if len(lines) >= _FEWEST_LINES and wrapped * 2 >= len(lines) else Setting.BOXES


def _furnished(pages: list[list[Line]], noise: list[str]) -> list[list[Line]]:
    """Drop page numbers, repeated headers and footers, bullets and template texts; what goes is added to ``noise``."""
    repeated = _repeated_edges(pages)
    kept: list[list[Line]] = []
    chinese = any(_HAN_CHARACTER.search(line.text) for page in pages for line in page)
    for page in pages:
        rest: list[Line] = []
        for number, line in enumerate(page):
            edge = number in {0, len(page) - 1}
            before = rest[-1].text if rest else ""
            if (
                (edge and line.text in repeated)
                or (len(line.spaced) <= _FURNITURE and _PAGE_NUMBER.fullmatch(line.spaced))
                or (chinese and is_finished_or_short(before) and _is_template(line))
            ):
                noise.append(line.bullet + line.text)
            else:
                if line.bullet:
                    noise.append(line.bullet)
                rest.append(line)
        kept.append(rest)
    return _without_page_indices([page for page in kept if page], noise)


def is_finished_or_short(text: str) -> bool:
    """Whether a new thing may start behind ``text``: it has ended, or is too short to be a broken line."""
    return is_finished(text) or text[-1] in "）)" or width(text) <= _SHORT_LINE


def _is_template(line: Line) -> bool:
    if len(line.text) > _FURNITURE:
        return False
    return bool(_TEMPLATE_LATIN.fullmatch(line.spaced) or _TEMPLATE_HAN.fullmatch(line.text))


def _repeated_edges(pages: Sequence[Sequence[Line]]) -> frozenset[str]:
    """Texts that stand first or last on three pages or more and on over half of them: headers and footers."""
    counts = Counter(text for page in pages for text in {page[0].text, page[-1].text})
    limit = max(_FEWEST_REPEATS, len(pages) // 2 + 1)
    return frozenset(
        text
        for text, count in counts.items()
        if count >= limit and not text.isdecimal() and read_mark(text) is None
    )


def _is_page_number(line: Line) -> bool:
    return line.text.isdecimal() and len(line.text) <= _DIGITS_OF_PAGE


def _without_page_indices(pages: list[list[Line]], noise: list[str]) -> list[list[Line]]:
    """Drop bare numbers at one edge of the pages when they count the pages."""
    for edge in (-1, 0):
        numbers = [
            (index, int(page[edge].text)) for index, page in enumerate(pages) if _is_page_number(page[edge])
        ]
        offsets = Counter(number - index for index, number in numbers)
        offset, count = offsets.most_common(1)[0] if offsets else (0, 0)
        if count < _FEWEST_REPEATS or count * 2 <= len(pages):
            continue
        for index, number in numbers:
            if number - index == offset:
                noise.append(pages[index].pop(edge).text)
        pages = [page for page in pages if page]
    return pages


def _without_running_numbers(pages: list[list[Line]], noise: list[str]) -> list[list[Line]]:
    """Drop bare numbers that count on by one and cut a sentence: page numbers of a text whose page breaks are lost."""
    lines = [line for page in pages for line in page]
    places = [index for index, line in enumerate(lines) if _is_page_number(line)]
    counts = [int(lines[index].text) for index in places]
    running = len(counts) > 1 and all(after - before == 1 for before, after in pairwise(counts))
    cuts = any(
        index and not is_finished(lines[index - 1].text) and lines[index - 1].width > _SENTENCE_LINE
        for index in places
    )
    if not (running and cuts):
        return pages
    noise.extend(lines[index].text for index in places)
    kept = [[line for line in page if not _is_page_number(line)] for page in pages]
    return [page for page in kept if page]


def is_date(text: str) -> bool:
    """Whether ``text`` is a date and nothing else, as under a signature."""
    return bool(_DATE.fullmatch(text))


def looks_plain(text: str) -> bool:
    """Whether ``text`` has the form of a heading without a number: short, no sentence mark, Chinese, not a date."""
    return bool(
        _PLAIN.fullmatch(text)
        and _HAN_CHARACTER.search(text)
        and text[0] not in "、）)”与和"
        and text[-1] not in "、与和（(“的"
        and not is_date(text)
    )


def labels(line: Line) -> tuple[str, ...]:
    """The labels of boxes that stand side by side on one line (特色化 新颖化); one element when there is only one."""
    parts = line.spaced.split(" ")
    if len(parts) > 1 and all(
        len(part) in _LABEL and looks_plain(part) and not part.isascii() for part in parts
    ):
        return tuple(parts)
    return (line.text,)


def join(lines: Iterable[str]) -> str:
    """Join the lines of one paragraph. Only two Latin words keep a space between them."""
    parts: list[str] = []
    for line in lines:
        if (
            parts
            and parts[-1][-1:].isascii()
            and parts[-1][-1:].isalpha()
            and line[:1].isascii()
            and line[:1].isalpha()
        ):
            parts.append(" ")
        parts.append(line)
    return "".join(parts)
