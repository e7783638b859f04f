"""One form for comparing Chinese text: full and half width, capitals, spaces and quotation marks do not differ.

Works character by character, so the time is linear for any input, and each folded character keeps its place.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_QUOTES: Final = frozenset("“”‘’\"'「」『』〝〞＂＇")

WORD_GAP: Final = "␣"
"""What :func:`fold_words` leaves between two Latin words or numbers."""
_GAPS: Final = re.compile(r"(?<=[A-Za-z0-9])\s+(?=[A-Za-z0-9])")


class _Folding(dict[int, str | None]):
    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        result: str | None = None
        if char not in _QUOTES and unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}:
            result = "".join(unicodedata.normalize("NFKC", char).lower().split())
        self[code] = result
        return result


_FOLDING: Final = _Folding()


def fold(text: str) -> str:
    """``text`` in its form for comparison: NFKC, lower case, without spaces, controls and quotation marks."""
    return text.translate(_FOLDING)


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """:func:`fold`, and for each folded character the index in ``text`` that it came from."""
    pieces = list(map(_FOLDING.__getitem__, map(ord, text)))
    folded = "".join(filter(None, pieces))
    places = [index for index, piece in enumerate(pieces) if piece]
    if len(places) < len(folded):  # some character became several, as ㎡ does
        places = [index for index, piece in enumerate(pieces) for _ in piece or ""]
    return folded, places


def fold_words(text: str) -> str:
    """:func:`fold`, with a sign between two Latin words or numbers, which only a space keeps apart."""
    return fold(_with_gaps(text))


def fold_words_with_places(text: str) -> tuple[str, list[int]]:
    """:func:`fold_words`, and for each folded character the index in ``text`` that it came from."""
    return fold_with_places(_with_gaps(text))


def _with_gaps(text: str) -> str:
    """As long as ``text``, so that places stay the same."""
    return _GAPS.sub(lambda gap: WORD_GAP.ljust(len(gap[0])), text)
