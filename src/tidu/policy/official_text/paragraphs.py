"""Lines to blocks: whole paragraphs, headings that stand alone, and bare numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from tidu.policy.official_text import headings, layout
from tidu.policy.official_text.headings import Mark, Style
from tidu.policy.official_text.layout import Line, Setting

_SHORT_OF: Final = 6
"""Half-width units by which a line must fall short of the next one to have been ended on purpose."""

_TITLES: Final = frozenset({Style.CHAPTER, Style.SECTION, Style.HAN})
"""Numbers that nearly always carry a title of one line."""
_TINY: Final = 8
"""Half-width units. Two lines of this width are two labels: no box is so narrow."""
_LONGEST_HEADING: Final = 80
"""Half-width units: two lines of a page."""


class BlockKind(Enum):
    """What a block is in its page."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (with its ``mark`` when it begins with one), a heading that stands alone, or a bare number.

    ``text`` leaves the mark out. A heading has a mark (一、总体要求), or none (申报条件).
    """

    kind: BlockKind
    text: str
    mark: Mark | None = None


@dataclass(slots=True)
class BlockReader:
    """Joins the lines of a document, in order, into blocks. Keeps what numbering it has seen across pages."""

    setting: Setting
    full_width: int
    usual_blank: int
    plain_headings: bool
    """Whether short lines without a number may be headings at this place."""
    slides: bool
    sequence: headings.Sequence

    def read(self, lines: Sequence[Line]) -> Iterator[Block]:
        """The blocks of ``lines``. In slides a bare number is a box of its own; elsewhere it heads what follows."""
        index = 0
        while index < len(lines):
            line = lines[index]
            number = line.lone
            if number is not None:
                self.sequence.take(number)
                yield Block(BlockKind.NUMBER, "", number)
                index += 1
                continue
            mark = line.mark
            if mark is None and self._plain(lines, index):
                for label in layout.labels(line) if self.slides else (line.text,):
                    yield Block(BlockKind.HEADING, label)
                index += 1
                continue
            if mark is not None:
                self.sequence.take(mark)
            stop = self._end(lines, index, marked=mark is not None)
            yield _block([part.text for part in lines[index:stop]], mark)
            index = stop

    def _plain(self, lines: Sequence[Line], index: int) -> bool:
        line = lines[index]
        if not self.plain_headings or line.bullet:
            return False
        if self.setting is Setting.BOXES and len(layout.labels(line)) > 1:
            return True
        return layout.looks_plain(line.text) and self._ended_on_purpose(lines, index)

    def _ended_on_purpose(self, lines: Sequence[Line], index: int) -> bool:
        """Whether an unfinished line was ended by its writer, not broken by its box.

        A line is broken only where it is full, so one that stops well short of the next was meant to stop.
        """
        line = lines[index]
        following = lines[index + 1] if index + 1 < len(lines) else None
        if following is None:
            return self.slides
        if layout.is_date(following.text):
            return False
        if self.setting is Setting.ONE_LINE_PER_PARAGRAPH:
            return not layout.looks_plain(following.text) or following.mark is not None
        if self.setting is Setting.JUSTIFIED:
            return line.width < 0.8 * self.full_width
        if (
            following.bullet
            or following.lone is not None
            or len(layout.labels(following)) > 1
            or self._parted_by_blank(following)
        ):
            return True
        if line.mark is not None and line.mark.style in _TITLES:
            return following.width > line.width
        both_tiny = max(line.width, following.width) <= _TINY and layout.looks_plain(following.text)
        return both_tiny or following.width > line.width + _SHORT_OF

    def _parted_by_blank(self, line: Line) -> bool:
        return self.usual_blank == 0 and line.blank_before in {1, 2}

    def _end(self, lines: Sequence[Line], start: int, *, marked: bool) -> int:
        """The index behind the last line of the paragraph that starts at ``start``."""
        if self.setting is Setting.ONE_LINE_PER_PARAGRAPH:
            return start + 1
        index = start
        if marked and not layout.is_finished(lines[start].text) and self._heading_line(lines, start):
            return start + 1
        while index + 1 < len(lines) and self._goes_on(lines[index], lines[index + 1]):
            index += 1
        return index + 1

    def _heading_line(self, lines: Sequence[Line], index: int) -> bool:
        line = lines[index]
        inner = line.text.rstrip("）)")
        return not any(char in inner for char in "，。；") and self._ended_on_purpose(lines, index)

    def _goes_on(self, line: Line, following: Line) -> bool:
        if following.bullet:
            return False
        finished = layout.is_finished(line.text)
        number = following.lone
        if number is not None and (self.slides or finished):
            return False
        full = line.width >= self.full_width - 2
        mark = following.mark
        if mark is not None and self._heads(line, following, mark):
            return False
        if self._parted_by_blank(following):
            return not finished and full
        if layout.is_date(following.text):
            return False
        if not finished:
            return True
        if self.setting is Setting.BOXES:
            return line.text[-1] in "；;" and self.slides
        return full

    def _heads(self, line: Line, following: Line, mark: Mark) -> bool:
        """Whether ``mark`` opens a heading behind ``line``: the text before it has ended, or it is the next number."""
        short = self.setting is Setting.JUSTIFIED and line.width < 0.8 * self.full_width
        ended = (
            layout.is_finished(line.text)
            or short
            or line.text[-1] in "）)"
            or self._parted_by_blank(following)
        )
        return self.sequence.accepts(mark, after_end=ended)


def _block(parts: list[str], mark: Mark | None) -> Block:
    if mark is None:
        return Block(BlockKind.PARAGRAPH, layout.join(parts))
    text = layout.join([mark.rest, *parts[1:]])
    stands_alone = not layout.is_finished(text) and layout.width(text) <= _LONGEST_HEADING
    return Block(BlockKind.HEADING if stands_alone else BlockKind.PARAGRAPH, text, mark)
