"""A table of one kind, opened: which column holds what, and its rows.

Our own templates are known by their hidden row of keys; other tables by headings that read like ours, or by a map file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, Final

from tidu.policy.batch.cells import FactColumn, cell_text, fact_columns
from tidu.policy.batch.maps import EMPTY, Reading, TableMap
from tidu.policy.batch.sheets import open_table
from tidu.policy.batch.units import UNITS
from tidu.policy.errors import InputError, Problem
from tidu.policy.quantities import Kind, Value
from tidu.policy.vocabulary.indicators import Indicator
from tidu.policy.vocabulary.places import NATION, load_places
from tidu.policy.vocabulary.vocabulary import load_vocabulary
from tidu.registry.importing.fields import EARLIEST_YEAR, fields_of, is_yearly, required_of, unit_of
from tidu.registry.importing.limits import MOST_COLUMNS, MOST_ROWS, too_many_columns, too_many_rows
from tidu.registry.importing.workbooks import Place, open_sheet
from tidu.registry.models.imports import ImportKind

#: The first cell of the hidden row of keys in our templates.
KEY_MARK: Final = "tidu:"
YEAR: Final = "year"
_LATEST_YEAR: Final = 2100
_OLD_WORKBOOKS: Final = frozenset({".xls", ".xlsm", ".xlsb", ".et", ".ods", ".xltx", ".xltm"})
_UNIT: Final = re.compile(r"[（(]\s*(?P<unit>[^（）()]{1,6})\s*[）)]$")
_YEAR_FIRST: Final = re.compile(r"(?P<year>(?:19|20)[0-9]{2})\s*年?度?末?(?P<rest>.+)")
_YEAR_LAST: Final = re.compile(r"(?P<rest>.+?)[（(_]?(?P<year>(?:19|20)[0-9]{2})年?[）)]?")
#: Other words for our columns that official lists use.
_SYNONYMS: Final[Mapping[str, str]] = {
    "统一信用代码": "uscc",
    "信用代码": "uscc",
    "社会信用代码": "uscc",
    "统一社会信用代码/组织机构代码": "uscc",
    "单位名称": "name",
    "公司名称": "name",
    "企业全称": "name",
    "成立日期": "registered_on",
    "年度": YEAR,
    "年份": YEAR,
}


@dataclass(slots=True)
class Opened:
    """A table ready to be checked.

    ``columns`` gives, for each flat name, the columns that may hold it, tried in order. Keys without a year that are
    yearly figures take the year of the row (``year_column``). ``unused`` are headings that nothing takes.
    """

    kind: ImportKind
    sheet: str
    titles: list[str]
    rows: Iterator[tuple[int, list[Any]]]
    columns: Mapping[str, Sequence[FactColumn]]
    described: Mapping[str, Indicator]
    constants: Mapping[str, Value]
    special: Mapping[Place, str]
    total: int | None
    header_row: int
    year_column: int | None = None
    unused: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table before anything is made of its columns."""

    sheet: str
    titles: list[str]
    rows: Iterator[tuple[int, list[Any]]]
    special: Mapping[Place, str]
    total: int | None
    header_row: int


def open_import(path: Path, kind: ImportKind, table_map: TableMap | None = None) -> Opened:
    """Open a table. Raises :class:`InputError` for what cannot be read at all, or is no table of this kind."""
    used = table_map or EMPTY
    raw = raw_table(path, used)
    first = next(raw.rows, None)
    keys = _keys(first[1]) if first is not None and table_map is None else None
    rows = raw.rows if keys is not None or first is None else chain([first], raw.rows)
    columns, year_column = _by_headings(raw.titles, kind) if table_map is None else (used.columns, None)
    if keys is not None:
        columns = {
            title: (_template_reading(key, kind),)
            for title, key in zip(raw.titles, keys, strict=False)
            if is_yearly(key, kind)
        }
        year_column = None
    described = _described(columns, used.constants, raw.titles, kind)
    found = fact_columns(described, columns, raw.titles, used.blank)
    taken = {column.index for listed in found.values() for column in listed}
    cities = {column.city_index for listed in found.values() for column in listed}
    unused = [
        title
        for index, title in enumerate(raw.titles)
        if index not in taken and index not in cities and index != year_column
    ]
    opened = Opened(
        kind,
        raw.sheet,
        raw.titles,
        _bounded(rows, path.name),
        found,
        described,
        {key: value for key, value in used.constants.items() if key in described},
        raw.special,
        raw.total,
        raw.header_row,
        year_column,
        unused,
    )
    _check_required(opened, path.name)
    return opened


def recognised(path: Path, kind: ImportKind) -> int:
    """How many columns are known by their headings; all of them in our own templates. Raises :class:`InputError`."""
    raw = raw_table(path, EMPTY)
    first = next(raw.rows, None)
    if first is not None and _keys(first[1]) is not None:
        return MOST_COLUMNS
    columns, year_column = _by_headings(raw.titles, kind)
    return len(columns) + (year_column is not None)


def titles_of(path: Path, sheet: str | None = None, header_row: int = 1) -> list[str]:
    """The headings of a table, to tell which map fits it. Raises :class:`InputError`."""
    return raw_table(path, TableMap("", sheet, header_row, {}, {}, frozenset(), ())).titles


def raw_table(path: Path, used: TableMap) -> RawTable:
    """Headings and rows as they stand in the file. Raises :class:`InputError`."""
    suffix = path.suffix.lower()
    if suffix in _OLD_WORKBOOKS:
        raise InputError(
            Problem(f"不能导入 {suffix} 文件", path.name, remedy="用电子表格软件另存为 .xlsx 或 .csv")
        )
    if suffix == ".xlsx":
        sheet = open_sheet(path, used.sheet)
        for _ in range(used.header_row - 1):
            next(sheet.rows, None)
        _, heading = next(sheet.rows, (0, []))
        titles = _titles(heading, path.name)
        total = max(sheet.height - used.header_row, 0)
        return RawTable(
            sheet.name, titles, _fitted(sheet.rows, len(titles)), sheet.special, total, used.header_row
        )
    table = open_table(path, sheet=used.sheet, header_row=used.header_row)
    if len(table.titles) > MOST_COLUMNS:
        raise too_many_columns(path.name, len(table.titles))
    return RawTable("", table.titles, table.rows, {}, table.total, used.header_row)


def _titles(cells: Sequence[Any], shown: str) -> list[str]:
    titles = ["".join(cell_text(cell).split()) for cell in cells]
    while titles and not titles[-1]:
        titles.pop()
    if not titles:
        raise InputError(Problem("没有表头", shown, remedy="第一行写列名，或用系统的模板"))
    named = [title or f"第 {number} 列" for number, title in enumerate(titles, 1)]
    repeated = sorted({title for title in named if named.count(title) > 1})
    if repeated:
        raise InputError(Problem(f"列名重复：{'、'.join(repeated)}", shown, remedy="给每一列不同的名称"))
    return named


def _fitted(rows: Iterator[tuple[int, list[Any]]], width: int) -> Iterator[tuple[int, list[Any]]]:
    for number, cells in rows:
        if any(cell is not None for cell in cells):
            yield number, [*cells[:width], *([None] * (width - len(cells)))]


def _bounded(rows: Iterator[tuple[int, list[Any]]], shown: str) -> Iterator[tuple[int, list[Any]]]:
    for count, row in enumerate(rows, 1):
        if count > MOST_ROWS:
            raise too_many_rows(shown)
        yield row


def _keys(cells: Sequence[Any]) -> list[str] | None:
    """The flat names in the hidden row of a template; ``None`` for a row of data."""
    texts = [cell_text(cell) for cell in cells]
    if not texts or not texts[0].startswith(KEY_MARK):
        return None
    return [texts[0].removeprefix(KEY_MARK), *texts[1:]]


def _template_reading(key: str, kind: ImportKind) -> Reading:
    found = is_yearly(key, kind)
    described = fields_of(kind)[found[0] if found else key]
    unit = unit_of(described)
    return reading_for(key, described, unit if unit in UNITS and described.kind in UNITS[unit].kinds else "")


def reading_for(key: str, described: Indicator, unit: str) -> Reading:
    """How a column of a template, or one with our heading, is read: places and tiers by any of their names."""
    values: dict[str | int, str] = {}
    if described.kind is Kind.AREA:
        values.update(_place_words())
    elif described.id == "tier":
        for tier in load_vocabulary().tiers.values():
            values.update(dict.fromkeys((tier.label, tier.short, *tier.aliases), tier.id))
    return Reading(to=key, unit=unit, values=values)


def _place_words() -> Mapping[str, str]:
    places = load_places()
    words: dict[str, str] = {}
    for place in places.by_code.values():
        if place.code == NATION:
            continue
        path = places.path(place.code)
        if path:
            words[path] = place.code
        for name in (place.name, *place.address_names):
            found = places.named(name)
            if found is not None:
                words[name] = found.code
        city = places.city_of(place.code)
        if city is not None and city.code != place.code:
            words[f"{city.name}{place.name}"] = place.code
    return words


def _by_headings(
    titles: Sequence[str], kind: ImportKind
) -> tuple[dict[str, tuple[Reading, ...]], int | None]:
    fields = fields_of(kind)
    by_label = {_folded(item.label): key for key, item in fields.items()}
    by_label |= {_folded(word): key for word, key in _SYNONYMS.items() if key in fields or key == YEAR}
    found: dict[str, tuple[Reading, ...]] = {}
    year_column = None
    for index, title in enumerate(titles):
        text = unicodedata.normalize("NFKC", title).strip().strip("*").replace("(必填)", "")
        key, unit = _named(text, by_label)
        if key == YEAR:
            year_column = index
        elif key is not None and is_yearly(key, kind):
            stem = is_yearly(key, kind)
            described = fields[stem[0] if stem else key]
            usual = unit_of(described)
            chosen = unit if unit is not None else usual
            if chosen not in UNITS or described.kind not in UNITS[chosen].kinds:
                chosen = ""
            found[title] = (reading_for(key, described, chosen),)
    return found, year_column


def _named(text: str, by_label: Mapping[str, str]) -> tuple[str | None, str | None]:
    """The flat name that a heading means, and the unit it names."""
    if _folded(text) in by_label:
        return by_label[_folded(text)], None
    with_unit = _UNIT.search(text)
    unit = with_unit["unit"] if with_unit and not with_unit["unit"].rstrip("年").isdigit() else None
    bare = text[: with_unit.start()] if with_unit and unit else text
    if _folded(bare) in by_label:
        return by_label[_folded(bare)], unit
    for pattern in (_YEAR_FIRST, _YEAR_LAST):
        dated = pattern.fullmatch(bare.strip())
        if dated and _folded(dated["rest"]) in by_label:
            return f"{by_label[_folded(dated['rest'])]}_{dated['year']}", unit
    return None, None


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(char for char in folded if char.isalnum())


def _described(
    columns: Mapping[str, Sequence[Reading]],
    constants: Mapping[str, Value],
    titles: Sequence[str],
    kind: ImportKind,
) -> dict[str, Indicator]:
    """What every flat name in use is. Names that cannot be imported are left out, and their columns stay unused."""
    fields = fields_of(kind)
    wanted = [reading.to for listed in columns.values() for reading in listed]
    found: dict[str, Indicator] = {}
    for key in (*wanted, *constants, *titles):
        known = is_yearly(key, kind)
        if known is not None:
            found[key] = fields[known[0]]
    return found


def _check_required(opened: Opened, shown: str) -> None:
    if not opened.columns:
        raise InputError(
            Problem(
                f"认不出这张表的列：{'、'.join(opened.titles[:6])}",
                shown,
                remedy="用系统的模板，或选一份对照文件",
            )
        )
    has = {*opened.columns, *opened.constants}
    fields = fields_of(opened.kind)
    missing = [key for key in required_of(opened.kind) if key not in has]
    if opened.kind is not ImportKind.ENTERPRISES and "uscc" in missing and "name" in has:
        missing.remove("uscc")  # official lists often give names alone
    if missing:
        words = "、".join(f"“{fields[key].label}”" for key in missing)
        raise InputError(Problem(f"表里没有{words}列", shown, remedy="用系统的模板，或在对照文件里写明"))
    if opened.kind is ImportKind.FIGURES and not {key for key in has if key not in {"uscc", "name"}}:
        raise InputError(Problem("表里没有年度数据的列", shown, remedy="列名写作“2025年营业收入（万元）”"))
    yearly = [key for key in opened.columns if fields.get(key) is not None and fields[key].per_year]
    if yearly and opened.year_column is None:
        words = "、".join(fields[key].label for key in yearly[:3])
        raise InputError(
            Problem(f"看不出“{words}”是哪一年的", shown, remedy="列名里写年份，或另设一列“年度”")
        )
    for key in opened.columns:
        stem, _, year = key.rpartition("_")
        if year.isdigit() and stem in fields and not EARLIEST_YEAR <= int(year) <= _LATEST_YEAR:
            raise InputError(Problem(f"列名里的年份 {year} 不对", shown, remedy="改正列名里的年份"))
