"""The industrial classification GB/T 4754-2017: sections, divisions, groups and classes.

A code is written with its section letter (``C3091``), as enterprise facts hold it; without the letter (``3091``) it
means the same thing, because the digits are unique over all sections.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from tidu.policy.errors import InputError, Problem
from tidu.policy.vocabulary.editions import Edition, edition, read_table, vocabulary_folders

EDITION = "gbt4754_2017"
LEVELS = {1: "门类", 3: "大类", 4: "中类", 5: "小类"}

_CODE = re.compile(r"[A-Z]([0-9]{2,4})?")


@dataclass(frozen=True, slots=True)
class Sector:
    """One entry. ``code`` has the section letter; ``parent`` is the code one level up, ``None`` for a section."""

    code: str
    name: str
    parent: str | None

    @property
    def section(self) -> str:
        """The section letter."""
        return self.code[0]

    @property
    def digits(self) -> str:
        """The code without its letter; empty for a section."""
        return self.code[1:]

    @property
    def level(self) -> str:
        """门类, 大类, 中类 or 小类."""
        return LEVELS[len(self.code)]


@dataclass(frozen=True, slots=True)
class Sectors:
    """The whole classification, with the edition it is."""

    edition: Edition
    by_code: Mapping[str, Sector]
    by_digits: Mapping[str, Sector]

    def get(self, code: str) -> Sector | None:
        """The entry of ``code``, with or without its letter; ``None`` when there is none (also for a wrong letter)."""
        text = code.strip().upper()
        return self.by_code.get(text) or self.by_digits.get(text)

    def parents(self, code: str) -> tuple[Sector, ...]:
        """From the section down to the entry one level above ``code``; empty for a section or an unknown code."""
        chain: list[Sector] = []
        found = self.get(code)
        while found is not None and found.parent is not None:
            found = self.by_code[found.parent]
            chain.append(found)
        return tuple(reversed(chain))

    def path(self, code: str) -> str | None:
        """The names from section to ``code``, as people read them: ``制造业 › 非金属矿物制品业 › …``."""
        found = self.get(code)
        if found is None:
            return None
        names = [sector.name for sector in (*self.parents(found.code), found)]
        return " › ".join(dict.fromkeys(names))

    def children(self, code: str) -> tuple[Sector, ...]:
        """The entries directly below ``code``."""
        found = self.get(code)
        return (
            ()
            if found is None
            else tuple(item for item in self.by_code.values() if item.parent == found.code)
        )

    def search(self, text: str, limit: int = 20) -> tuple[Sector, ...]:
        """Entries whose code begins with ``text`` or whose name holds every word of it, the best first.

        Best are equal codes and names, then names that begin with the words, then the others; finer levels first,
        since a form wants a class. An empty text finds nothing.
        """
        words = text.strip().upper().split()
        if not words:
            return ()
        found = [
            (rank, -len(sector.code), sector.code, sector)
            for sector in self.by_code.values()
            if (rank := _rank(sector, words)) is not None
        ]
        return tuple(entry[-1] for entry in sorted(found)[:limit])


def _rank(sector: Sector, words: list[str]) -> int | None:
    first = words[0]
    if len(words) == 1 and first.isascii():
        if first in (sector.code, sector.digits):
            return 0
        return (
            1
            if sector.code.startswith(first) or (sector.digits and sector.digits.startswith(first))
            else None
        )
    name = sector.name.upper()
    if not all(word in name for word in words):
        return None
    if name == "".join(words):
        return 0
    return 1 if name.startswith(first) else 2


def load_sectors(folders: tuple[Path, ...] | None = None) -> Sectors:
    """The classification in the vocabulary folders, kept for the life of the process. Raises :class:`InputError`."""
    return _load(vocabulary_folders() if folders is None else folders)


@functools.lru_cache(maxsize=8)
def _load(folders: tuple[Path, ...]) -> Sectors:
    paths = [path for folder in folders if (path := folder / f"{EDITION}.csv").is_file()]
    if not paths:
        raise InputError(Problem(f"词表里没有行业分类表 {EDITION}.csv", remedy="检查词表文件夹是否完整"))
    path = paths[0]
    by_code: dict[str, Sector] = {}
    problems = []
    for row in read_table(path, ("code", "name")):
        code, name = row.cells["code"], row.cells["name"]
        parent = None if len(code) == 1 else code[:-1] if len(code) > len("C30") else code[0]
        if not _CODE.fullmatch(code) or not name:
            problems.append(
                row.problem("code", f"“{code}”不是带门类字母的行业代码", "写作 C、C30、C309 或 C3091")
            )
        elif code in by_code:
            problems.append(row.problem("code", f"“{code}”重复", "删去多余的一行"))
        elif parent is not None and parent not in by_code:
            problems.append(
                row.problem("code", f"“{code}”的上一级“{parent}”没有列出", "先列上一级，再列下一级")
            )
        else:
            by_code[code] = Sector(code, name, parent)
    if problems:
        raise InputError(*problems)
    by_digits = {sector.digits: sector for sector in by_code.values() if sector.digits}
    return Sectors(edition(EDITION, folders, path), MappingProxyType(by_code), MappingProxyType(by_digits))
