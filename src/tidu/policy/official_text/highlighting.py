"""Where the words of a query stand in a text as it is shown, and the piece of the text to show them in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tidu.policy.official_text.folding import fold_words_with_places

SNIPPET: Final = 90
"""Characters of a snippet, without the signs that something was left out."""
_LEAD: Final = 15
"""Characters shown before the first match."""
_MOST: Final = 200
"""Places looked at in one text."""

Span = tuple[int, int]
"""Start and end (not included) in the text as shown."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text; ``spans`` are places in it to highlight."""

    text: str
    spans: tuple[Span, ...]


def spans(text: str, patterns: Sequence[re.Pattern[str]]) -> tuple[Span, ...]:
    """The places in ``text`` where a pattern matches its folded form, in order, without overlaps."""
    folded, places = fold_words_with_places(text)
    found = sorted(
        (places[match.start()], places[match.end() - 1] + 1)
        for pattern in patterns
        for match in pattern.finditer(folded)
    )[:_MOST]
    merged: list[Span] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def excerpt(text: str, patterns: Sequence[re.Pattern[str]]) -> Snippet:
    """The piece of ``text`` with the most matches, the first one of equals; its beginning when there are none."""
    found = spans(text, patterns)
    start = _start(found, len(text))
    end = min(len(text), start + SNIPPET)
    before, after = "…" if start else "", "…" if end < len(text) else ""
    shift = len(before) - start
    shown = text[start:end].replace("\n", " ")
    inside = tuple((one + shift, min(other, end) + shift) for one, other in found if start <= one < end)
    return Snippet(f"{before}{shown}{after}", inside)


def _start(found: Sequence[Span], length: int) -> int:
    if not found or length <= SNIPPET:
        return 0
    best, most = found[0][0], 0
    stop = 0
    for index, (first, _) in enumerate(found):
        while stop < len(found) and found[stop][1] <= first + SNIPPET - _LEAD:
            stop += 1
        if stop - index > most:
            best, most = first, stop - index
    return max(0, min(best - _LEAD, length - SNIPPET))
