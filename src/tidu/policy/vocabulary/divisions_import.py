"""Bring the divisions of another province into the vocabulary from a plain list of codes and names."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tidu.policy.errors import InputError, Problem
from tidu.policy.vocabulary.editions import Row, parse_table
from tidu.policy.vocabulary.places import Place, level_of

_HEADER = ("code", "name", "parent", "code_system", "valid_from", "valid_to", "source")
_CODE = re.compile(r"[0-9]{6}(?:0{6})?")
_LONGEST_NAME = 60
_STATISTICAL_ZONE = re.compile(r"[0-9]{4}7[0-9]")  # counties 71 to 79 exist in the statistical codes alone


@dataclass(frozen=True, slots=True)
class Divisions:
    """The divisions of one province as somebody listed them: names by six-digit code."""

    names: Mapping[str, str]

    @property
    def province(self) -> str:
        """The province's code."""
        return f"{next(iter(self.names))[:2]}0000"

    @property
    def file_name(self) -> str:
        """What the vocabulary calls the table of this province."""
        return f"divisions_{self.province}.csv"

    def places(self, note: str) -> tuple[Place, ...]:
        """The divisions as the vocabulary will read them from :meth:`table`."""
        return tuple(
            Place(
                code,
                name,
                _parent(code),
                "zone" if _is_zone(code) else level_of(code),
                "nbs" if _is_zone(code) else "gbt2260",
                source=note,
            )
            for code, name in sorted(self.names.items())
        )

    def table(self, note: str) -> str:
        """The divisions as a table of the vocabulary, with ``note`` as the source of each row."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(_HEADER)
        for place in self.places(note):
            writer.writerow((place.code, place.name, place.parent, place.code_system, "", "", place.source))
        return text.getvalue()


def read_divisions(content: bytes, name: str) -> Divisions:
    """Understand a list of divisions: a UTF-8 CSV with the columns ``code`` and ``name``.

    ``parent`` is accepted and ignored, since the code says it. Codes have six digits, or twelve that end in zeros, all
    of one province and with every level above listed. Raises :class:`InputError` with every row at fault; problems
    call the file ``name``.
    """
    rows = parse_table(content, name, ("code", "name"), ("parent",))
    if not rows:
        raise InputError(Problem("没有数据行", name, remedy="第一行写列名，其后每行一个区划"))
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for row in rows:
        problem = _fault(row, found)
        if problem is None:
            found[row.cells["code"][:6]] = row.cells["name"]
        else:
            problems.append(problem)
    listed = {row.cells["code"][:6] for row in rows}
    problems += [
        Problem(f"缺少“{code}”的上级“{_parent(code)}”", name, remedy="补上省、市两级")
        for code in found
        if not code.endswith("0000") and _parent(code) not in listed
    ]
    if len({code[:2] for code in found}) > 1:
        problems.append(Problem("一个文件只能有一个省的区划", name, remedy="按省分成几个文件"))
    if problems:
        raise InputError(*problems)
    return Divisions(MappingProxyType(found))


def _fault(row: Row, found: dict[str, str]) -> Problem | None:
    code, name = row.cells["code"], row.cells["name"]
    if not _CODE.fullmatch(code):
        return row.problem("code", f"“{code}”不是六位代码", "只保留县级以上区划，写作六位数字")
    if not name:
        return row.problem("name", "缺少名称", "补上名称")
    if len(name) > _LONGEST_NAME:
        return row.problem("name", f"名称超过 {_LONGEST_NAME} 个字", "写区划的全称")
    if code[:6] in found:
        return row.problem("code", f"“{code}”重复", "删去多余的一行")
    return None


def _is_zone(code: str) -> bool:
    return _STATISTICAL_ZONE.fullmatch(code) is not None


def _parent(code: str) -> str:
    if code.endswith("0000"):
        return "000000"
    return f"{code[:2]}0000" if code.endswith("00") else f"{code[:4]}00"
