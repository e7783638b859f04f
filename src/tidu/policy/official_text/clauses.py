"""The clauses of an official text: split by heading path, looked up by citation.

A citation is a heading path joined by "/": ``三/（一）/1``, ``第二条/专业化``, ``认定程序/4``. What stands before the
first heading is ``首部``; a closing paragraph without a heading behind the last section is ``末段``, and who signed
when is ``落款``.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from tidu.policy.errors import InputError, Problem
from tidu.policy.official_text.folding import fold
from tidu.policy.official_text.headings import CIRCLED, HAN, Style, han_value, read_mark, with_mark

HeadingPath = tuple[str, ...]

HEAD: Final = "首部"
CLOSING: Final = "末段"
SIGNATURE: Final = "落款"
MAX_CITATION: Final = 200
MAX_DEPTH: Final = 12
_SUGGESTIONS_FROM: Final = 5_000

_RESPONSIBLE: Final = re.compile(r"（([^（）]{2,300}(?:负责|牵头|配合|落实))）\s*$")
_COMPOUND: Final = re.compile(
    rf"第[{HAN}\d]{{1,7}}[章节]|第[{HAN}\d]{{1,7}}条(?:之[{HAN}]{{1,2}})?|第?\([{HAN}\d]{{1,5}}\)项?|[{HAN}]{{1,5}}|\d{{1,3}}"
)
_CIRCLED: Final = frozenset(CIRCLED)
_DIGITS: Final = 3
_NUMERALS: Final = 5
_TRAILING: Final = "、.,:;。．,，：；"


@dataclass(frozen=True, slots=True)
class ClauseHint:
    """What a pack says of a text whose order is lost, as slides lose it.

    With ``contains``: the paragraph (with the label beside it) that has all of these words belongs to ``path``.
    Without: the heading at the end of ``path`` stands under the others. ``heading`` gives the clause's title.
    """

    path: HeadingPath
    contains: tuple[str, ...] = ()
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause.

    ``mark`` is the number as printed (1．), ``heading`` the title without it, ``run_in`` whether the title is the first
    sentence of the paragraph; ``text`` is what follows, paragraphs parted by line breaks. ``order`` counts from 0.
    """

    path: HeadingPath
    heading: str
    text: str
    order: int
    mark: str = ""
    run_in: bool = False

    @property
    def citation(self) -> str:
        """The path as people cite it: ``三/（一）/1``."""
        return "/".join(self.path)

    @property
    def verbatim(self) -> str:
        """Number, title and text as printed."""
        if self.run_in:
            return with_mark(self.mark, f"{self.heading}。{self.text}")
        return with_mark(self.mark, "\n".join(part for part in (self.heading, self.text) if part))

    @property
    def responsible(self) -> str | None:
        """The departments named in a closing bracket, without it: 市工信局、财政局按职责分工负责."""
        found = _RESPONSIBLE.search(self.text)
        return None if found is None else found[1]


@dataclass(frozen=True)
class ClauseSet:
    """The clauses of one text in order.

    ``doubts`` say in Chinese what the splitter could not decide; ``loose`` are labels and numbers that it could give to
    no clause; ``noise`` is what it dropped as page furniture.
    """

    clauses: tuple[Clause, ...] = ()
    doubts: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    noise: tuple[str, ...] = field(default=(), repr=False)

    def __iter__(self) -> Iterator[Clause]:
        return iter(self.clauses)

    def __len__(self) -> int:
        return len(self.clauses)

    def find(self, citation: str) -> Clause | None:
        """The clause at ``citation``, or ``None``.

        Full and half width, spaces, dots behind numbers and Arabic or Han digits in 第X条 do not matter; 一, （一） and
        1 are different marks and do. An article is found without its chapter. A parent gives its children's text too.
        """
        key = citation_key(citation)
        index = self._index.get(key) if key else None
        return None if index is None else self._whole(index)

    def children(self, clause: Clause) -> tuple[Clause, ...]:
        """The clauses directly under ``clause``, in order."""
        depth = len(clause.path) + 1
        return tuple(
            self.clauses[index]
            for index in self._below(clause.path)
            if len(self.clauses[index].path) == depth
        )

    def nearest(self, citation: str, limit: int = 3) -> tuple[str, ...]:
        """Citations that exist and resemble ``citation``, the likeliest first, for an error message."""
        key = citation_key(citation[:MAX_CITATION])
        if not key:
            return ()
        known = list(self._index.items())[:_SUGGESTIONS_FROM]
        same_end = [self.clauses[index].citation for path, index in known if path[-1] == key[-1]]
        names = {"/".join(path): self.clauses[index].citation for path, index in known}
        alike = difflib.get_close_matches("/".join(key), names, n=limit, cutoff=0.5)
        ranked = sorted(same_end, key=lambda name: -_likeness(key, citation_key(name)))[:limit]
        return tuple(dict.fromkeys([*ranked, *(names[name] for name in alike)]))[:limit]

    def to_data(self) -> dict[str, Any]:
        """The set as plain data for JSON; :meth:`from_data` reads it back."""
        return {
            "clauses": [
                {
                    "path": list(clause.path),
                    "mark": clause.mark,
                    "heading": clause.heading,
                    "run_in": clause.run_in,
                    "text": clause.text,
                }
                for clause in self.clauses
            ],
            "doubts": list(self.doubts),
            "loose": list(self.loose),
            "noise": list(self.noise),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> ClauseSet:
        """Read what :meth:`to_data` gave. Raises :class:`InputError` when it is not that."""
        try:
            clauses = tuple(
                Clause(
                    path=_texts(row["path"]),
                    heading=_text(row["heading"]),
                    text=_text(row["text"]),
                    order=order,
                    mark=_text(row["mark"]),
                    run_in=row["run_in"] is True,
                )
                for order, row in enumerate(data["clauses"])
            )
            return cls(clauses, _texts(data["doubts"]), _texts(data["loose"]), _texts(data["noise"]))
        except (KeyError, TypeError) as error:
            raise InputError(Problem("保存的条款内容不完整", remedy="重新挂接原文")) from error

    @cached_property
    def _index(self) -> dict[HeadingPath, int]:
        index: dict[HeadingPath, int] = {}
        short: dict[HeadingPath, int] = {}
        for order, clause in enumerate(self.clauses):
            key = tuple(_element_key(element) for element in clause.path)
            index.setdefault(key, order)
            articles = [place for place, element in enumerate(key) if element.startswith(Style.ARTICLE.name)]
            if articles and articles[0]:
                short.setdefault(key[articles[0] :], order)
        return short | index

    @cached_property
    def _children(self) -> Mapping[HeadingPath, list[int]]:
        under: defaultdict[HeadingPath, list[int]] = defaultdict(list)
        for order, clause in enumerate(self.clauses):
            for depth in range(1, len(clause.path)):
                under[clause.path[:depth]].append(order)
        return under

    def _below(self, path: HeadingPath) -> Sequence[int]:
        return self._children.get(path, ())

    def _whole(self, index: int) -> Clause:
        clause = self.clauses[index]
        below = self._below(clause.path)
        if not below:
            return clause
        parts = [clause.text, *(self.clauses[child].verbatim for child in below)]
        return replace(clause, text="\n".join(part for part in parts if part))


def _likeness(wanted: HeadingPath, known: HeadingPath) -> float:
    return difflib.SequenceMatcher(None, "/".join(wanted), "/".join(known), autojunk=False).ratio()


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError
    return tuple(_text(value) for value in values)


def citation_path(citation: str) -> HeadingPath:
    """The elements of a citation as written: ``三/（一）/1`` → (三, （一）, 1)."""
    return tuple(part.strip() for part in citation.replace("／", "/").split("/") if part.strip())


def citation_key(citation: str) -> HeadingPath:
    """The meaning of a citation, equal for every way of writing it; empty when it cannot be one.

    Officials also cite without slashes: 四（一）, 第三条第（二）项.
    """
    if len(citation) > MAX_CITATION:
        return ()
    elements = [element for part in citation_path(citation) for element in _parted(part)]
    return tuple(_element_key(element) for element in elements) if len(elements) <= MAX_DEPTH else ()


def path_key(path: Iterable[str]) -> HeadingPath:
    """The meaning of a heading path, as :func:`citation_key` gives it."""
    return tuple(_element_key(element) for element in path)


def is_numbered(element: str) -> bool:
    """Whether an element of a path is a number (三, （一）, 第二条, 01), not a label."""
    return _element_key(element).partition(":")[0] in Style.__members__ or element[:1] in _CIRCLED


def _parted(part: str) -> list[str]:
    """四（一） → [四, （一）]; anything that is not wholly made of marks stays in one piece."""
    folded = fold(part)
    tokens: list[str] = []
    place = 0
    while place < len(folded):
        found = _COMPOUND.match(folded, place)
        if found is None:
            return [part]
        token = found[0].removesuffix("项")
        tokens.append(token[1:] if token.startswith("第(") else token)
        place = found.end()
        while place < len(folded) and folded[place] in "、.":
            place += 1
    return tokens if len(tokens) > 1 else [part]


def _element_key(element: str) -> str:
    folded = fold(element)
    bare = folded.rstrip(_TRAILING)
    if bare.isdecimal() and len(bare) <= _DIGITS:
        return f"{Style.DIGIT.name}:{int(bare)}"
    if len(bare) <= _NUMERALS and all(char in HAN for char in bare) and (value := han_value(bare)):
        return f"{Style.HAN.name}:{value}"
    if element.strip()[:1] in _CIRCLED:
        return element.strip()
    mark = read_mark(bare)
    if mark is None or mark.rest:
        return bare
    return (
        f"{mark.style.name}:{mark.value}{mark.key.partition('条')[2] if mark.style is Style.ARTICLE else ''}"
    )
