"""Bring the divisions of another province into the vocabulary from a plain list of codes and names."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from tidu.policy.errors import InputError, Problem
from tidu.policy.vocabulary.editions import Row, read_table

_HEADER = ("code", "name", "parent", "code_system", "valid_from", "valid_to", "source")
_CODE = re.compile(r"[0-9]{6}(?:0{6})?")
_STATISTICAL_ZONE = re.compile(r"[0-9]{4}7[0-9]")  # counties 71 to 79 exist in the statistical codes alone


def import_divisions(source: Path, folder: Path, note: str) -> Path:
    """Write ``folder/divisions_<province>.csv`` from ``source`` and return its path.

    ``source`` is a UTF-8 CSV with the columns ``code`` and ``name`` (``parent`` is accepted and ignored: the code says
    it), codes of six digits or of twelve that end in zeros, all of one province and with every level above listed.
    ``note`` is kept as the source of each row. A file that exists is replaced. Raises :class:`InputError` with every
    row at fault, and then writes nothing.
    """
    rows = read_table(source, ("code", "name"), ("parent",))
    if not rows:
        raise InputError(Problem("没有数据行", str(source), remedy="第一行写列名，其后每行一个区划"))
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
        Problem(f"缺少“{code}”的上级“{_parent(code)}”", str(source), remedy="补上省、市两级")
        for code in found
        if not code.endswith("0000") and _parent(code) not in listed
    ]
    if len({code[:2] for code in found}) > 1:
        problems.append(Problem("一个文件只能有一个省的区划", str(source), remedy="按省分成几个文件"))
    if problems:
        raise InputError(*problems)
    province = f"{next(iter(found))[:2]}0000"
    target = folder / f"divisions_{province}.csv"
    folder.mkdir(parents=True, exist_ok=True)
    target.write_text(_table(found, note), encoding="utf-8")
    return target


def _fault(row: Row, found: dict[str, str]) -> Problem | None:
    code, name = row.cells["code"], row.cells["name"]
    if not _CODE.fullmatch(code):
        return row.problem("code", f"“{code}”不是六位代码", "只保留县级以上区划，写作六位数字")
    if not name:
        return row.problem("name", "缺少名称", "补上名称")
    if code[:6] in found:
        return row.problem("code", f"“{code}”重复", "删去多余的一行")
    return None


def _parent(code: str) -> str:
    if code.endswith("0000"):
        return "000000"
    return f"{code[:2]}0000" if code.endswith("00") else f"{code[:4]}00"


def _table(found: dict[str, str], note: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEADER)
    for code in sorted(found):
        system = "nbs" if _STATISTICAL_ZONE.fullmatch(code) else "gbt2260"
        writer.writerow((code, found[code], _parent(code), system, "", "", note))
    return text.getvalue()
