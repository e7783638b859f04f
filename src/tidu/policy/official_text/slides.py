"""Which label and which number belong to which paragraph on a slide.

Text taken from slides lists the boxes of a page in the order they were drawn. A label may stand before its paragraph,
behind it, or nowhere near it. Only an arrangement that leaves one reading is resolved; otherwise the page is doubtful
and the policy's pack has to say which is which.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from tidu.policy.official_text.headings import Mark
from tidu.policy.official_text.paragraphs import Block, BlockKind

MAX_BOXES: Final = 200
"""No slide has more; beyond it a page is taken as running text."""

_AFTER: Final = re.compile(r"(?:pl)+")
_BEFORE: Final = re.compile(r"(?:lp+)+")
_NUMBER_AFTER: Final = re.compile(r"(?:un)+")
_NUMBER_BEFORE: Final = re.compile(r"(?:nu+)+")
_LETTERS: Final = {BlockKind.PARAGRAPH: "p", BlockKind.HEADING: "l", BlockKind.NUMBER: "n"}


@dataclass(slots=True)
class Unit:
    """Paragraphs that belong together, with the label and the number that go with them, where there are such."""

    paragraphs: list[str]
    label: str = ""
    number: Mark | None = None
    first: int = 0
    last: int = 0


@dataclass(slots=True)
class Arrangement:
    """What a group of boxes says.

    It may have a sentence that introduces it (with a colon at its end) and a common ``title``; ``units`` are in reading
    order; what could be given to none is loose.
    """

    introduction: str = ""
    title: str = ""
    units: list[Unit] = field(default_factory=list)
    loose_labels: list[str] = field(default_factory=list)
    loose_numbers: list[Mark] = field(default_factory=list)
    doubt: str = ""


def arrange(blocks: Sequence[Block]) -> Arrangement:
    """Bring the boxes of one group (none of them a paragraph that opens with a number) into order."""
    result = Arrangement()
    items = list(enumerate(blocks))
    paragraphs = [item for item in items if item[1].kind is BlockKind.PARAGRAPH]
    if (
        len(paragraphs) > 1
        and len(paragraphs) < len(items)
        and items[0] == paragraphs[0]
        and _introduces(items[0][1])
    ):
        result.introduction = items[0][1].text
        items, paragraphs = items[1:], paragraphs[1:]
    units = _by_label(result, items)
    _number(
        result,
        units,
        [(place, block.mark) for place, block in items if block.kind is BlockKind.NUMBER and block.mark],
    )
    numbered = [unit for unit in units if unit.number is not None]
    if len(numbered) == len(units) and len({unit.number.style for unit in numbered if unit.number}) == 1:
        units.sort(key=lambda unit: unit.number.value if unit.number else 0)
    result.units = units
    return result


def _introduces(block: Block) -> bool:
    return block.text[-1:] in "：:" and bool(block.text)


def _by_label(result: Arrangement, items: Sequence[tuple[int, Block]]) -> list[Unit]:
    """Pair paragraphs and labels; set the common title, the loose labels and a doubt in ``result``."""
    texts = [item for item in items if item[1].kind is not BlockKind.NUMBER]
    pattern = "".join(_LETTERS[block.kind] for _, block in texts)
    labels = [block.text for _, block in texts if block.kind is BlockKind.HEADING]
    paragraphs = [(place, block.text) for place, block in texts if block.kind is BlockKind.PARAGRAPH]
    numbers = len(items) - len(texts)
    single = [Unit([text], first=place, last=place) for place, text in paragraphs]
    if not labels:
        return single
    if len(labels) == 1 and len(paragraphs) > 1:
        result.title = labels[0]
        if numbers != len(paragraphs) and pattern[0] != "l":
            result.doubt = f"“{labels[0]}”在各段之后，按各段的共同标题处理"
        return single
    if _AFTER.fullmatch(pattern):
        for unit, (place, block) in zip(single, texts[1::2], strict=True):
            unit.label, unit.last = block.text, place
        return single
    if _BEFORE.fullmatch(pattern):
        return _headed(texts)
    if not paragraphs and len(labels) == 1 and not numbers:
        result.title = labels[0]
        return []
    result.loose_labels = labels
    if paragraphs:
        result.doubt = f"小标题（{'、'.join(labels)}）与段落分开排列，看不出哪个对应哪段"
    return single


def _headed(texts: Sequence[tuple[int, Block]]) -> list[Unit]:
    units: list[Unit] = []
    for place, block in texts:
        if block.kind is BlockKind.HEADING:
            units.append(Unit([], block.text, first=place, last=place))
        else:
            units[-1].paragraphs.append(block.text)
            units[-1].last = place
    return units


def _number(result: Arrangement, units: list[Unit], numbers: Sequence[tuple[int, Mark]]) -> None:
    """Give each unit its number where the order of the boxes leaves one reading."""
    left: list[tuple[int, Mark]] = []
    for place, mark in numbers:
        holder = next(
            (unit for unit in units if unit.first < place < unit.last and unit.number is None), None
        )
        if holder is None:
            left.append((place, mark))
        else:
            holder.number = mark
    if not left:
        return
    marks = [mark for _, mark in left]
    order = sorted([(unit.first, "u") for unit in units] + [(place, "n") for place, _ in left])
    pattern = "".join(letter for _, letter in order)
    if _NUMBER_AFTER.fullmatch(pattern):
        for unit, mark in zip(units, marks, strict=True):
            unit.number = mark
    elif _NUMBER_BEFORE.fullmatch(pattern):
        _number_before(units, left)
    elif _may_pair(units, marks, pattern):
        for unit, mark in zip(units, marks, strict=True):
            unit.number = mark
        result.doubt = f"编号（{_shown(marks)}）与段落没有逐一相邻，按先后次序对应"
    else:
        result.loose_numbers = marks
        if units:
            result.doubt = f"编号（{_shown(marks)}）与段落分开排列，看不出哪个对应哪段"


def _number_before(units: list[Unit], left: Sequence[tuple[int, Mark]]) -> None:
    """Each number heads the units up to the next one; units without a label become one."""
    bounds = [place for place, _ in left[1:]] + [units[-1].last + 1]
    grouped: list[Unit] = []
    for (place, mark), bound in zip(left, bounds, strict=True):
        group = [unit for unit in units if place < unit.first < bound]
        if any(unit.label for unit in group):
            group[0].number = mark
            grouped.extend(group)
        else:
            texts = [text for unit in group for text in unit.paragraphs]
            grouped.append(Unit(texts, number=mark, first=place, last=group[-1].last))
    units[:] = grouped


def _may_pair(units: Sequence[Unit], marks: Sequence[Mark], pattern: str) -> bool:
    """Whether numbers may be given in order.

    They are as many as the unlabelled paragraphs, count on, stand each behind its own, and not all at one end, where
    their order would say nothing.
    """
    if len(units) != len(marks) or any(unit.label for unit in units):
        return False
    if any(after.value - before.value != 1 for before, after in pairwise(marks)):
        return False
    first, last = pattern.index("n"), pattern.rindex("u")
    seen = [pattern[: place + 1].count("u") for place, letter in enumerate(pattern) if letter == "n"]
    return first < last and all(count >= rank for rank, count in enumerate(seen, start=1))


def _shown(marks: Sequence[Mark]) -> str:
    return "、".join(mark.printed for mark in marks[:9])
