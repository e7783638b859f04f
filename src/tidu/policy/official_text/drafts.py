"""Clauses in the making: the drafts of one text in reading order, merged in the end into a clause set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from tidu.policy.official_text.clauses import Clause, ClauseHint, ClauseSet, HeadingPath, is_numbered
from tidu.policy.official_text.placing import Doubt, Draft, Loose, Placing


@dataclass(slots=True)
class DraftSet:
    """The drafts of one text in the order of reading."""

    drafts: list[Draft] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    loose: list[Loose] = field(default_factory=list)
    noise: list[str] = field(default_factory=list)
    _opened: dict[HeadingPath, int] = field(default_factory=dict)
    _repeated: Counter[HeadingPath] = field(default_factory=Counter)
    _with_content: set[HeadingPath] = field(default_factory=set)

    def add(self, draft: Draft, *, division: bool = False) -> Draft:
        """Append ``draft`` and return it. ``division``: its heading alone is no content yet, see :meth:`free_key`."""
        if draft.opens:
            self._opened[draft.path] = len(self.drafts)
        if draft.text or not division:
            self._with_content.update(draft.path[:depth] for depth in range(1, len(draft.path) + 1))
        self.drafts.append(draft)
        return draft

    def free_key(self, parent: HeadingPath, key: str, *, division: bool = False) -> str:
        """``key``, or a numbered form of it when ``parent`` has that heading already.

        A division that has no content yet is a line of a table of contents: it makes room and becomes noise.
        """
        path = (*parent, key)
        if path not in self._opened:
            return key
        if division and path not in self._with_content:
            self._drop(path)
            return key
        self._repeated[path] += 1
        other = f"{key}（第{self._repeated[path] + 1}处）"
        if self._repeated[path] == 1:
            self.doubts.append(Doubt(f"{'/'.join(path)} 在原文中不止一处，后一处记作“{other}”", ()))
        return other

    def _drop(self, path: HeadingPath) -> None:
        for draft in islice(self.drafts, self._opened[path], None):
            if draft.path[: len(path)] != path:
                break
            self.noise.append(f"{draft.mark} {draft.heading}".strip())
            self._opened.pop(draft.path, None)
            draft.path = ()

    def build(self, outline: Sequence[ClauseHint]) -> ClauseSet:
        """Move drafts as the hints say and merge them into clauses."""
        self.drafts = [draft for draft in self.drafts if draft.path]
        problems = Placing(self.drafts, self.loose).apply(outline)
        doubts = [doubt.message for doubt in self.doubts if not doubt.settled]
        return ClauseSet(
            clauses=_merged(self.drafts),
            doubts=(*doubts, *problems),
            loose=tuple(item.text for item in self.loose),
            noise=tuple(self.noise),
        )


def _merged(drafts: Sequence[Draft]) -> tuple[Clause, ...]:
    """One clause a path, parents before children, missing parents added, what hints placed in the hints' order."""
    grouped: dict[HeadingPath, list[Draft]] = {}
    children: dict[HeadingPath, list[HeadingPath]] = {}
    for draft in drafts:
        for depth in range(1, len(draft.path) + 1):
            path = draft.path[:depth]
            if path not in grouped:
                grouped[path] = []
                children.setdefault(path[:-1], []).append(path)
        grouped[draft.path].append(draft)
    clauses: list[Clause] = []
    waiting = _ordered(children.get((), []), grouped)[::-1]
    while waiting:
        path = waiting.pop()
        clauses.append(_clause(path, grouped[path], len(clauses)))
        waiting.extend(_ordered(children.get(path, []), grouped)[::-1])
    return tuple(clauses)


def _ordered(
    siblings: list[HeadingPath], grouped: Mapping[HeadingPath, Sequence[Draft]]
) -> list[HeadingPath]:
    ranks = {
        path: min(draft.rank for draft in grouped[path] if draft.rank is not None)
        for path in siblings
        if any(draft.rank is not None for draft in grouped[path])
    }
    ranked = iter(sorted(ranks, key=ranks.__getitem__))
    return [next(ranked) if path in ranks else path for path in siblings]


def _clause(path: HeadingPath, drafts: Sequence[Draft], order: int) -> Clause:
    opening = next((draft for draft in drafts if draft.opens), None)
    if opening is None:
        heading = "" if drafts or is_numbered(path[-1]) else path[-1]
        return Clause(path, heading, "\n".join(draft.text for draft in drafts), order)
    texts = [opening.text]
    for draft in drafts:
        if draft is not opening:
            extra = draft.heading if draft.opens and draft.heading != opening.heading else ""
            texts.append(f"{extra}。{draft.text}" if extra and draft.run_in else f"{extra}{draft.text}")
    text = "\n".join(text for text in texts if text)
    return Clause(path, opening.heading, text, order, mark=opening.mark, run_in=opening.run_in)
