"""Chinese in the columns of a terminal: how wide a text is, where its lines break, and help pages made of both."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

import click

_WIDE: Final = frozenset("WF")
_NEVER_FIRST: Final = frozenset("，。、；：！？）》」』”’〕…％,.;:!?)]}%")
_NEVER_LAST: Final = frozenset("（《「『“‘([{＋−≥≤＞＜〔")
_TOKEN: Final = re.compile(r"[!-~]+|[ ]+|.", re.DOTALL)
_UNPRINTABLE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_FIRST_COLUMN: Final = 34
_NARROWEST: Final = 20


def plain(text: object) -> str:
    """``text`` on one line, with every character that could steer a terminal written as its escape."""
    return "".join(_visible(char) for char in str(text))


def _visible(char: str) -> str:
    if char in "\n\t":
        return " "
    return (
        char.encode("unicode_escape").decode("ascii") if unicodedata.category(char) in _UNPRINTABLE else char
    )


def cells(text: str) -> int:
    """The columns that ``text`` takes: two for a Chinese character or full-width mark, none for a combining one."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in _WIDE else 1
        for char in text
    )


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` columns, broken as in Chinese: not before a closing or after an opening mark.

    Words and numbers in Latin letters stay whole where they fit.
    """
    lines: list[str] = []
    line: list[str] = []
    room = width
    for token in _tokens(text, width):
        size = cells(token)
        if size > room and line:
            carried = _carried(line, token, width)
            lines.append("".join(line).rstrip(" "))
            line = carried
            room = width - sum(cells(part) for part in line)
        if line or token.strip(" "):
            line.append(token)
            room -= size
    return [*lines, "".join(line).rstrip(" ")] if line or not lines else lines


def _tokens(text: str, width: int) -> Iterator[str]:
    for token in _TOKEN.findall(text):
        for start in range(0, len(token), width):
            yield token[start : start + width]


def _carried(line: list[str], following: str, width: int) -> list[str]:
    """What must leave ``line`` for the next: marks that would stand wrongly, what follows the slash of a path."""
    kept = len(line)
    while kept and (following in _NEVER_FIRST or line[kept - 1] in _NEVER_LAST):
        kept -= 1
        following = line[kept]
    if kept == len(line):
        after_slash = next((place + 1 for place in reversed(range(kept)) if line[place] == "/"), 0)
        if cells("".join(line[after_slash:])) * 2 <= width:
            kept = after_slash
    if not kept:
        return []
    carried = line[kept:]
    del line[kept:]
    return carried


class HelpPage(click.HelpFormatter):
    """Click's help page with full-width marks and columns that line up around Chinese text."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The usage line."""
        self.write(f"{prefix or '用法：'}{prog} {args}\n")

    def write_heading(self, heading: str) -> None:
        """The heading of a section."""
        self.write(f"{'':{self.current_indent}}{heading}：\n")

    def write_text(self, text: str) -> None:
        """Paragraphs of text; a line that begins with spaces stays as it is."""
        width = max(self.width - self.current_indent, _NARROWEST)
        for paragraph in text.split("\n"):
            lines = [paragraph] if paragraph.startswith(" ") else wrap(paragraph, width)
            for line in lines:
                self.write(f"{'':{self.current_indent}}{line}".rstrip() + "\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = _FIRST_COLUMN, col_spacing: int = 2
    ) -> None:
        """Names on the left and what they mean on the right."""
        rows = list(rows)
        left = min(max((cells(name) for name, _ in rows), default=0), col_max) + col_spacing
        width = max(self.width - self.current_indent - left, _NARROWEST)
        margin = " " * self.current_indent
        for name, meaning in rows:
            lines = wrap(meaning, width)
            if cells(name) + col_spacing > left:
                self.write(f"{margin}{name}\n")
                start = " " * left
            else:
                start = name + " " * (left - cells(name))
            self.write(f"{margin}{start}{lines[0]}\n")
            for line in lines[1:]:
                self.write(f"{margin}{' ' * left}{line}\n")
