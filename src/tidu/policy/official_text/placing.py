"""Paragraphs with the path they were read at, and how a pack's hints move them to where they belong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tidu.policy.official_text.clauses import ClauseHint, HeadingPath, is_numbered, path_key
from tidu.policy.official_text.folding import fold


@dataclass(slots=True, eq=False)
class Draft:
    """One paragraph, or a heading without text.

    ``opens``: it begins a clause. ``label``: the box beside it, on slides. ``rank``: the place of the hint that put it
    where it is.
    """

    path: HeadingPath
    text: str
    mark: str = ""
    heading: str = ""
    run_in: bool = False
    label: str = ""
    opens: bool = False
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something the text alone does not say about ``drafts``; gone when hints have placed all of them."""

    message: str
    drafts: Sequence[Draft]

    @property
    def settled(self) -> bool:
        """Whether hints have answered it."""
        return bool(self.drafts) and all(draft.rank is not None for draft in self.drafts)


@dataclass(frozen=True, slots=True)
class Loose:
    """A label or number of a slide, in ``section``, that stands with no paragraph."""

    section: HeadingPath
    text: str


@dataclass(slots=True)
class Placing:
    """Moves ``drafts`` to the paths that hints name; takes from ``loose`` the labels and numbers that this uses up."""

    drafts: list[Draft]
    loose: list[Loose]

    def apply(self, outline: Sequence[ClauseHint]) -> list[str]:
        """Apply every hint; gives, in Chinese, what is wrong with those that could not be applied."""
        if not outline:
            return []
        folded = [(draft, fold(draft.label + draft.heading + draft.text)) for draft in self.drafts]
        placed: list[tuple[Draft, ClauseHint, int]] = []
        problems: list[str] = []
        for rank, hint in enumerate(outline):
            if not hint.contains:
                continue
            words = [fold(word) for word in hint.contains]
            found = [draft for draft, text in folded if all(word in text for word in words)]
            found = _in_nearest_section(found, hint.path)
            name = f"提示 {'/'.join(hint.path)}（{'、'.join(hint.contains)}）"
            if len(found) == 1:
                placed.append((found[0], hint, rank))
            elif found:
                problems.append(f"{name}与 {len(found)} 段都相符，未采用；请换成只在一段里出现的词")
            else:
                problems.append(f"{name}在原文中没有相符的段落；请核对用词")
        for draft, hint, rank in placed:
            self._place(draft, hint, rank)
        problems.extend(
            f"提示 {'/'.join(hint.path)} 在原文中没有相符的标题；请核对路径，或写明 contains"
            for hint in outline
            if not hint.contains and not self._stand_under(hint)
        )
        self._use_up_loose([hint.path for hint in outline])
        return problems

    def _place(self, draft: Draft, hint: ClauseHint, rank: int) -> None:
        before, draft.path, draft.rank = draft.path, hint.path, rank
        if draft.opens and before != hint.path:
            for other in self.drafts:
                if other.rank is None and other.path[: len(before)] == before:
                    other.path = (*hint.path, *other.path[len(before) :])
        numbered = is_numbered(hint.path[-1])
        if draft.mark and (not numbered or path_key((draft.mark,)) != path_key(hint.path[-1:])):
            self.loose.append(Loose(hint.path[:-1], draft.mark))
            draft.mark = ""
        if numbered and not draft.mark:
            draft.mark = hint.path[-1]
        self._title(draft, hint, numbered=numbered)
        draft.opens = True

    def _title(self, draft: Draft, hint: ClauseHint, *, numbered: bool) -> None:
        last = hint.path[-1]
        own_title = draft.heading if draft.heading != draft.label else ""
        if hint.heading:
            if own_title and own_title != hint.heading:
                draft.text = (
                    f"{own_title}。{draft.text}" if draft.run_in else f"{own_title}\n{draft.text}".rstrip()
                )
            draft.run_in = draft.run_in and own_title == hint.heading
            draft.heading = hint.heading
        elif not own_title:
            draft.heading = draft.label if numbered else last
        if draft.label and fold(draft.label) not in {fold(draft.heading), fold(last)}:
            self.loose.append(Loose(hint.path[:-1], draft.label))

    def _stand_under(self, hint: ClauseHint) -> bool:
        """Move the heading at the end of the hint's path, with all below it, under the headings before it."""
        keys = {path: path_key(path) for path in {draft.path for draft in self.drafts}}
        wanted = path_key(hint.path)
        for start in range(len(wanted)):
            suffix = wanted[start:]
            moved = [draft for draft in self.drafts if keys[draft.path][: len(suffix)] == suffix]
            if not moved:
                continue
            for draft in moved:
                draft.path = (*hint.path, *draft.path[len(suffix) :])
                if hint.heading and draft.opens and draft.path == hint.path:
                    draft.heading = hint.heading
            return True
        return False

    def _use_up_loose(self, paths: Sequence[HeadingPath]) -> None:
        """Take out the loose labels and numbers that are elements of paths which hints have named."""
        wanted = dict.fromkeys(path[:depth] for path in paths for depth in range(1, len(path) + 1))
        held = {draft.path[:depth] for draft in self.drafts for depth in range(1, len(draft.path) + 1)}
        for path in wanted:
            if path not in held:
                continue
            key = path_key(path[-1:])
            for index, item in enumerate(self.loose):
                if path[: len(item.section)] == item.section and path_key((item.text,)) == key:
                    del self.loose[index]
                    break


def _in_nearest_section(found: list[Draft], path: HeadingPath) -> list[Draft]:
    """Of several paragraphs, those whose own path shares the most leading elements with ``path``."""
    if len(found) <= 1:
        return found
    shared = [_common(draft.path, path) for draft in found]
    return [draft for draft, count in zip(found, shared, strict=True) if count == max(shared)]


def _common(one: HeadingPath, other: HeadingPath) -> int:
    count = 0
    for a, b in zip(path_key(one), path_key(other), strict=False):
        if a != b:
            break
        count += 1
    return count
