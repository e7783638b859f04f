"""Names of enterprises as they are compared and searched: normalised, without place and form, read in pinyin.

``search_text`` holds overlapping pairs of characters, because neither database splits Chinese into words: a search is
a phrase of pairs. Pairs of pinyin initials and of full pinyin stand behind the name's own, each under a letter of its
own (``i``, ``p``), so that no phrase reaches from one reading into another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tidu.core.readings import syllables
from tidu.policy.vocabulary.places import load_places

_BRACKETED: Final = re.compile(r"\(([^()]*)\)")
_PLACE_ENDINGS: Final = (
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "省",
    "市",
    "区",
    "县",
    "旗",
    "盟",
)
_FORMS: Final = (
    "集团股份有限公司",
    "集团有限责任公司",
    "股份有限公司",
    "有限责任公司",
    "股份合作公司",
    "集团有限公司",
    "有限公司",
    "有限合伙企业",
    "有限合伙",
    "普通合伙",
    "集团公司",
    "总公司",
    "分公司",
    "公司",
    "集团",
)
_INITIAL, _PINYIN = "i", "p"


@dataclass(frozen=True, slots=True)
class NameColumns:
    """The columns of an enterprise that follow from its name."""

    name: str
    core_name: str
    pinyin: str
    initials: str
    search_text: str


@lru_cache(maxsize=4096)
def name_columns(name: str) -> NameColumns:
    """Everything that is kept about ``name``."""
    folded = folded_name(name)
    readings = syllables(folded)
    pinyin = "".join(readings)[:600]
    initials = "".join(reading[0] for reading in readings)[:120]
    words = [*pairs(folded), *pairs(initials, _INITIAL), *pairs(pinyin, _PINYIN)]
    return NameColumns(name, core_name(name), pinyin, initials, " ".join(words))


def tidied(name: str) -> str:
    """The name as it is kept: composed characters, one kind of brackets, no spaces between Chinese characters."""
    text = unicodedata.normalize("NFKC", name).strip()
    text = re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", text)
    return re.sub(r"\s+", " ", text).replace("(", "（").replace(")", "）")


@lru_cache(maxsize=4096)
def folded_name(text: str) -> str:
    """What counts in comparing and searching: letters and digits alone, small, full width folded."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(char for char in folded if unicodedata.category(char)[0] in "LN")


def pairs(text: str, mark: str = "") -> list[str]:
    """The overlapping pairs of characters of a folded text, each behind ``mark``."""
    return [f"{mark}{text[index : index + 2]}" for index in range(len(text) - 1)]


def phrases(word: str) -> tuple[str, ...]:
    """The phrases of pairs of which a found enterprise has at least one; none for a word of one character.

    A word in Latin letters may be part of the name itself, of its initials or of its full pinyin.
    """
    folded = folded_name(word)
    if len(folded) <= 1:
        return ()
    marks = ("", _INITIAL, _PINYIN) if folded.isascii() else ("",)
    return tuple(" ".join(pairs(folded, mark)) for mark in marks)


def core_name(name: str) -> str:
    """The name without the place before it, the form of the company behind it and what stands in brackets.

    Of 内蒙古包头市衡屹稀土（集团）有限责任公司 it is 衡屹稀土. A name that consists of nothing else is kept whole.
    """
    text = unicodedata.normalize("NFKC", name).lower().replace(" ", "")
    text = _BRACKETED.sub("", text) or text
    folded = folded_name(text)
    bare = _without_places(_without_forms(folded))
    return bare or folded


def _without_forms(text: str) -> str:
    for form in _FORMS:
        if text.endswith(form) and len(text) > len(form):
            return text[: -len(form)]
    return text


def _without_places(text: str) -> str:
    places, longest = _place_names()
    while True:
        for length in range(min(longest, len(text) - 1), 1, -1):
            if text[:length] in places:
                text = text[length:]
                break
        else:
            return text


@lru_cache(maxsize=1)
def _place_names() -> tuple[frozenset[str], int]:
    names = frozenset(_names_of_places())
    return names, max(map(len, names))


def _names_of_places() -> Iterator[str]:
    for place in load_places().by_code.values():
        yield place.name
        for ending in _PLACE_ENDINGS:
            short = place.name.removesuffix(ending)
            if short != place.name and len(short) > 1:
                yield short
                break
    yield from ("中国", "内蒙古", "内蒙")
