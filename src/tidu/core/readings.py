"""How Chinese is read, in letters without tones."""

from __future__ import annotations

from typing import Any


def syllables(text: str) -> list[str]:
    """One reading a character, by the words it stands in; letters, digits and what has no reading stay themselves.

    The dictionary is read at first use: most programs that start never ask, and it takes a tenth of their start.
    """
    from pypinyin import lazy_pinyin

    return [reading.lower() for reading in lazy_pinyin(text, errors=_each)]


def _each(text: str) -> Any:  # noqa: ANN401 - pypinyin also takes a list of readings, which its types do not say
    return list(text)
