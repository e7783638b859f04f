"""Where phrases stand in a text, as runs that a page can underline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tidu.core.components import Fragment, Paragraph
from tidu.policy.official_text.folding import fold_words
from tidu.policy.official_text.highlighting import Span, spans

MOST_WORDS = 8


def runs(text: str, found: Sequence[Span]) -> Paragraph:
    """``text`` cut at the places found, which do not overlap."""
    cut: list[Fragment] = []
    end = 0
    for start, stop in found:
        if start > end:
            cut.append(Fragment(text[end:start]))
        cut.append(Fragment(text[start:stop], hit=True))
        end = stop
    if end < len(text) or not cut:
        cut.append(Fragment(text[end:]))
    return tuple(cut)


def marked(text: str, phrases: Iterable[str]) -> Paragraph:
    """``text`` with ``phrases`` marked wherever they stand, whatever their width, spaces and quotation marks."""
    patterns = [
        _pattern(folded) for folded in dict.fromkeys(fold_words(phrase) for phrase in phrases) if folded
    ]
    return runs(text, spans(text, patterns)) if patterns else (Fragment(text),)


def query_words(query: str) -> tuple[str, ...]:
    """The words of a search, to mark them on the page that it led to."""
    return tuple(query[:100].split()[:MOST_WORDS])


def _pattern(folded: str) -> re.Pattern[str]:
    """A number is found only where it stands as that number: 10% is not in 110%."""
    before = r"(?<!\d)(?<!\d\.)" if folded[0].isdecimal() else ""
    after = r"(?!\d)(?!\.\d)" if folded[-1].isdecimal() else ""
    return re.compile(before + re.escape(folded) + after)
