"""Splitting an official text into clauses by heading path.

Three kinds of heading are read: numbers (第X条; 一、 → （一） → 1．), plain headings (a short line alone),
and boxes of slides, where :mod:`tidu.policy.official_text.slides` finds which label goes with which
paragraph. What stays open is reported as a doubt, and a pack's
:class:`~tidu.policy.official_text.clauses.ClauseHint` s settle it. Time is linear in the text's length.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tidu.policy.errors import InputError, Problem
from tidu.policy.official_text import headings, layout
from tidu.policy.official_text.clauses import CLOSING, HEAD, SIGNATURE, ClauseHint, ClauseSet, HeadingPath
from tidu.policy.official_text.drafts import DraftSet
from tidu.policy.official_text.headings import DIVISIONS, Mark, Style
from tidu.policy.official_text.layout import Layout, Setting
from tidu.policy.official_text.paragraphs import Block, BlockKind, BlockReader
from tidu.policy.official_text.placing import Doubt, Draft, Loose
from tidu.policy.official_text.slides import MAX_BOXES, Unit, arrange

MAX_CLAUSES: Final = 20_000

_PLAIN_TOP: Final = int(Style.ARTICLE)
_INSIDE: Final = 5
"""How far below its parent's level a plain heading stands, so that numbers may stand under it."""

_LONGEST_SIGNATURE: Final = 50

_CLOSING: Final = re.compile(
    r"[本此上][^，。；：]{0,16}?(?:自|从)[^，。；]{1,24}?(?:施行|实施|执行|生效|起)"
    r"|[本此][^，。；：]{1,16}?由[^。；]{2,40}?(?:解释|修订)"
    r"|[本此][^，。；：]{1,12}?有效期"
    r"|(?:此前|以前|以往|原有)[^。；]{2,40}?(?:不一致|不符|同时废止)"
)


def normalise(text: str) -> str:
    """The text as a reader would copy it out: paragraphs whole, one a line, without page furniture.

    Chinese quotation marks and full-width punctuation stay. Raises :class:`InputError` when the text is too long.
    """
    page_layout = layout.read_layout(text)
    reader = _reader(page_layout, slides=_is_slides(page_layout), plain=True)
    pages = page_layout.pages if reader.slides else _flow(page_layout)
    blocks = [block for page in pages for block in reader.read(page)]
    return "\n".join(
        headings.with_mark(block.mark.printed if block.mark else "", block.text) for block in blocks
    )


def split(text: str, outline: Sequence[ClauseHint] = (), *, whole_paragraphs: bool = False) -> ClauseSet:
    """Split ``text`` into clauses; ``outline`` are the pack's hints for what the text alone leaves open.

    ``whole_paragraphs``: every line is one, as in a text taken from Word. An empty text gives an empty set. Raises
    :class:`InputError` when the text is too long to be one document.
    """
    page_layout = layout.read_layout(text, whole_paragraphs=whole_paragraphs)
    splitter = _Splitter(page_layout)
    splitter.run()
    return splitter.drafts.build(outline)


def _is_slides(page_layout: Layout) -> bool:
    """Slides begin (nearly) every page with a heading; the pages of a letter break anywhere."""
    if len(page_layout.pages) <= 1 or page_layout.setting is not Setting.BOXES:
        return False
    titled = sum(
        page[0].lone is not None
        or layout.looks_plain(page[0].text)
        or (page[0].mark is not None and not layout.is_finished(page[0].mark.rest))
        for page in page_layout.pages
    )
    return titled * 10 >= len(page_layout.pages) * 6


def _reader(page_layout: Layout, *, slides: bool, plain: bool) -> BlockReader:
    return BlockReader(
        setting=page_layout.setting,
        full_width=page_layout.full_width,
        usual_blank=page_layout.usual_blank,
        plain_headings=plain,
        slides=slides,
        sequence=headings.Sequence(),
    )


def _flow(page_layout: Layout) -> tuple[tuple[layout.Line, ...], ...]:
    """All pages of running text as one: a page break ends nothing."""
    usual = page_layout.usual_blank
    lines = [
        line if index else replace(line, blank_before=usual)
        for page in page_layout.pages
        for index, line in enumerate(page)
    ]
    return (tuple(lines),) if lines else ()


class _Splitter:
    """Reads blocks and opens clauses; holds the path of headings that are open."""

    def __init__(self, page_layout: Layout) -> None:
        self.layout = page_layout
        self.slides = _is_slides(page_layout)
        self.drafts = DraftSet(noise=list(page_layout.noise))
        self.stack: list[tuple[int, str]] = []

    @property
    def path(self) -> HeadingPath:
        return tuple(key for _, key in self.stack)

    def run(self) -> None:
        reader = _reader(self.layout, slides=self.slides, plain=self.slides)
        if self.slides:
            for page in self.layout.pages:
                self._page(list(reader.read(page)))
            return
        divided = False
        for lines in _flow(self.layout):
            reader.plain_headings = not _has_divisions(lines)
            divided = not reader.plain_headings
            for block in reader.read(lines):
                if block.mark is not None and block.mark.style in DIVISIONS:
                    reader.plain_headings = True
                self._block(block, divided=divided)
        self._close()

    def _block(self, block: Block, *, divided: bool) -> None:
        if block.mark is not None:
            self._open_marked(block, block.mark)
        elif block.kind is BlockKind.HEADING:
            self._open_plain(block.text, inside=divided)
        else:
            self._add(self.path or (HEAD,), block.text)

    def _add(self, path: HeadingPath, text: str) -> Draft:
        if len(self.drafts.drafts) >= MAX_CLAUSES:
            raise InputError(
                Problem(
                    f"原文的段落超过 {MAX_CLAUSES} 个，不像一份政策文件", remedy="只保留这份文件的正文后重试"
                )
            )
        return self.drafts.add(Draft(path, text))

    def _open_marked(self, block: Block, mark: Mark) -> Draft:
        while self.stack and self.stack[-1][0] >= mark.style:
            self.stack.pop()
        if block.kind is BlockKind.HEADING:
            title, text = block.text, ""
        else:
            title, text = headings.split_title(
                Mark(mark.style, mark.key, mark.value, mark.printed, block.text)
            )
        run_in = bool(title and text) and mark.style is not Style.ARTICLE
        return self._open(
            int(mark.style), mark.key, Draft((), text, mark=mark.printed, heading=title, run_in=run_in)
        )

    def _open_plain(self, text: str, *, inside: bool) -> Draft:
        level = _PLAIN_TOP
        if inside:
            while self.stack and self.stack[-1][0] % 10:
                self.stack.pop()
            level = self.stack[-1][0] + _INSIDE if self.stack else _PLAIN_TOP
        while self.stack and self.stack[-1][0] >= level:
            self.stack.pop()
        return self._open(level, text, Draft((), "", heading=text))

    def _open(self, level: int, key: str, draft: Draft) -> Draft:
        division = level in DIVISIONS or level in {Style.ANNEX, Style.SECTION}
        key = self.drafts.free_key(self.path, key, division=division)
        self.stack.append((level, key))
        draft.path, draft.opens = self.path, True
        if len(self.drafts.drafts) >= MAX_CLAUSES:
            raise InputError(
                Problem(
                    f"原文的条款超过 {MAX_CLAUSES} 条，不像一份政策文件", remedy="只保留这份文件的正文后重试"
                )
            )
        return self.drafts.add(draft, division=division)

    def _close(self) -> None:
        """Give the closing paragraph and the signature behind the last section, which have no heading, own paths."""
        drafts = [draft for draft in self.drafts.drafts if draft.path]
        bounds = [
            index for index, draft in enumerate(drafts) if draft.opens and draft.path[-1].startswith("附件")
        ]
        start = 0
        for end in [*bounds, len(drafts)]:
            self._close_part(drafts[start:end])
            start = end

    def _close_part(self, drafts: Sequence[Draft]) -> None:
        last = max((index for index, draft in enumerate(drafts) if draft.opens), default=None)
        if last is None:
            return
        prefix = drafts[0].path[:1] if drafts[0].path[0].startswith("附件") else ()
        tail = drafts[last + 1 :]
        signed = len(tail)
        if tail and layout.is_date(tail[-1].text):
            signed -= 1
            while signed and _signs(tail[signed - 1].text):
                signed -= 1
        found = False
        for index, draft in enumerate(tail):
            found = found or _CLOSING.match(draft.text) is not None
            if index >= signed:
                draft.path = (*prefix, SIGNATURE)
            elif found:
                draft.path = (*prefix, CLOSING)

    def _page(self, blocks: list[Block]) -> None:
        """One slide: its title, then groups of boxes, each behind a paragraph that begins with a number of its own."""
        blocks = self._title(blocks)
        if len(blocks) > MAX_BOXES:
            for block in blocks:
                self._block(block, divided=True)
            return
        group: list[Block] = []
        for block in blocks:
            if block.mark is not None and block.kind is not BlockKind.NUMBER:
                self._group(group)
                group = []
                self._open_marked(block, block.mark)
            else:
                group.append(block)
        self._group(group)

    def _title(self, blocks: list[Block]) -> list[Block]:
        first = blocks[0] if blocks else None
        if first is None or first.kind is BlockKind.PARAGRAPH:
            return blocks
        if first.mark is not None and first.mark.style not in DIVISIONS:
            return blocks
        key = first.mark.key if first.mark else first.text
        level = int(first.mark.style) if first.mark else _PLAIN_TOP
        above = tuple(name for depth, name in self.stack if depth < level)
        if self.path[: len(above) + 1] == (*above, key):
            self.drafts.noise.append((first.mark.printed if first.mark else "") + first.text)
            self.stack = self.stack[: len(above) + 1]
        elif first.mark is not None:
            self._open_marked(first, first.mark)
        else:
            self._open_plain(first.text, inside=False)
        return blocks[1:]

    def _group(self, blocks: list[Block]) -> None:
        if not blocks:
            return
        found = arrange(blocks)
        section = base = self.path
        if found.introduction:
            self._add(section or (HEAD,), found.introduction)
        if found.title:
            base = (*section, self.drafts.free_key(section, found.title))
            self.drafts.add(Draft(base, "", heading=found.title, opens=True))
        drafts = [draft for unit in found.units for draft in self._unit(base, unit)]
        self.drafts.loose.extend(Loose(section, label) for label in found.loose_labels)
        self.drafts.loose.extend(Loose(section, mark.printed) for mark in found.loose_numbers)
        if found.doubt:
            self.drafts.doubts.append(Doubt(f"{'/'.join(base or (HEAD,))}：{found.doubt}", drafts))

    def _unit(self, base: HeadingPath, unit: Unit) -> list[Draft]:
        path, key = base, unit.label
        if unit.number is not None:
            key = unit.number.key
            if base == self.path:
                path = tuple(name for level, name in self.stack if level < unit.number.style)
        if not key:
            return [self._add(base or (HEAD,), text) for text in unit.paragraphs]
        path = (*path, self.drafts.free_key(path, key))
        first, *rest = unit.paragraphs or [""]
        mark = unit.number.printed if unit.number else ""
        opening = self.drafts.add(
            Draft(path, first, mark=mark, heading=unit.label, label=unit.label, opens=True)
        )
        return [opening, *(self._add(path, text) for text in rest)]


def _signs(text: str) -> bool:
    return layout.width(text) <= _LONGEST_SIGNATURE and not layout.is_finished(text) and "，" not in text


def _has_divisions(lines: Sequence[layout.Line]) -> bool:
    return any(line.mark is not None and line.mark.style in DIVISIONS for line in lines)
