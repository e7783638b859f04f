"""The SME size standard as a table: rows of industries, the measures that count and their limits, by edition.

The table is data (``packs/vocabulary/size_*.yaml``) with its dates of effect;
:mod:`tidu.policy.vocabulary.size` decides by it.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from tidu.policy.errors import InputError, Problem
from tidu.policy.quantities import Kind, Type, parse_quantity
from tidu.policy.vocabulary.editions import Edition, edition, shown, vocabulary_folders
from tidu.policy.vocabulary.sectors import Sectors, load_sectors
from tidu.policy.vocabulary.validation import validate
from tidu.policy.vocabulary.yaml_source import KeyPath, YamlDocument, read_yaml

Measure = Literal["employees", "revenue", "total_assets"]


@dataclass(frozen=True, slots=True)
class Limit:
    """The lower limits of one measure, inclusive: persons for ``employees``, fen for the others."""

    measure: Measure
    small: int
    medium: int
    large: int

    def rank(self, value: float) -> int:
        """0 micro … 3 large: the highest class whose limit ``value`` reaches."""
        return (value >= self.small) + (value >= self.medium) + (value >= self.large)


@dataclass(frozen=True, slots=True)
class SizeRow:
    """One row of the standard. An industry belongs to it when its code begins with one of ``prefixes``.

    ``prefixes`` carry the section letter; ``digit_prefixes`` say the same for codes written without it.
    """

    id: str
    label: str
    prefixes: tuple[str, ...]
    digit_prefixes: tuple[str, ...]
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class Outside:
    """Industries that the standard does not list, and what to tell the enterprise."""

    label: str
    prefixes: tuple[str, ...]
    digit_prefixes: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class SizeStandard:
    """One edition of the standard. Rows and outside industries never overlap."""

    edition: Edition
    rows: tuple[SizeRow, ...]
    outside: tuple[Outside, ...]

    def find(self, industry_code: str) -> SizeRow | Outside | None:
        """The row of an industry; ``None`` when the code is unknown or too coarse to tell (``G59``)."""
        code = industry_code.strip().upper()
        lettered = code[:1].isalpha()
        entries: tuple[SizeRow | Outside, ...] = (*self.rows, *self.outside)
        for entry in entries:
            if code.startswith(entry.prefixes if lettered else entry.digit_prefixes):
                return entry
        return None


Industry = Annotated[str, Field(pattern=r"^[A-T]([0-9]{2,4})?$")]


class _Bounds(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    large: str
    medium: str
    small: str


class _RowModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    label: str
    industries: tuple[Industry, ...] = Field(min_length=1)
    limits: Mapping[Measure, _Bounds]


class _OutsideModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    industries: tuple[Industry, ...] = Field(min_length=1)
    label: str
    reason: str


class _StandardModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    edition: str
    rows: tuple[_RowModel, ...] = Field(min_length=1)
    outside: tuple[_OutsideModel, ...] = ()


def load_size_standard(on: dt.date | None = None, folders: tuple[Path, ...] | None = None) -> SizeStandard:
    """The standard in force on the day, or the latest one. Raises :class:`InputError` when there is none."""
    standards = _load(vocabulary_folders() if folders is None else folders)
    found = [standard for standard in standards if on is None or standard.edition.in_force(on)]
    if not found:
        raise InputError(
            Problem(f"{on} 没有可用的中小企业划型标准", remedy="换一个日期，或在词表里补上当时的标准")
        )
    return found[-1]


@functools.lru_cache(maxsize=8)
def _load(folders: tuple[Path, ...]) -> tuple[SizeStandard, ...]:
    sectors = load_sectors(folders)
    paths = [path for folder in folders for path in sorted(folder.glob("size_*.yaml"))]
    standards = [_standard(path, folders, sectors) for path in paths]
    return tuple(sorted(standards, key=lambda standard: standard.edition.valid_from or dt.date.min))


def _standard(path: Path, folders: tuple[Path, ...], sectors: Sectors) -> SizeStandard:
    document = read_yaml(path, name=shown(path))
    model = validate(_StandardModel, document)
    problems: list[Problem] = []
    listed: dict[str, KeyPath] = {}
    lists = [("rows", index, row.industries) for index, row in enumerate(model.rows)]
    lists += [("outside", index, item.industries) for index, item in enumerate(model.outside)]
    for part, index, industries in lists:
        at: KeyPath = (part, index, "industries")
        problems += _industry_problems(industries, sectors, listed, document, at)
        listed |= dict.fromkeys(industries, at)
    rows = []
    for index, model_row in enumerate(model.rows):
        try:
            limits = tuple(_limit(measure, bounds) for measure, bounds in model_row.limits.items())
        except ValueError as error:
            problems.append(
                document.problem(("rows", index, "limits"), str(error), "写作 1000人 或 40000万元，由大到小")
            )
            continue
        digits = _digit_prefixes(model_row.industries, sectors)
        rows.append(SizeRow(model_row.id, model_row.label, model_row.industries, digits, limits))
    if problems:
        raise InputError(*problems)
    outside = tuple(
        Outside(item.label, item.industries, _digit_prefixes(item.industries, sectors), item.reason)
        for item in model.outside
    )
    return SizeStandard(edition(model.edition, folders, path), tuple(rows), outside)


def _industry_problems(
    codes: Iterable[str],
    sectors: Sectors,
    listed: Mapping[str, KeyPath],
    document: YamlDocument,
    at: KeyPath,
) -> Iterator[Problem]:
    for code in codes:
        if sectors.get(code) is None:
            yield document.problem(at, f"行业分类里没有“{code}”", "检查代码和门类字母")
        elif any(code.startswith(other) or other.startswith(code) for other in listed):
            yield document.problem(at, f"“{code}”与前面的行业重复", "每个行业只能列在一处")


def _limit(measure: Measure, bounds: _Bounds) -> Limit:
    expected = "人" if measure == "employees" else "元"
    values = []
    for text in (bounds.small, bounds.medium, bounds.large):
        value, kind = parse_quantity(text)
        if _unit(kind) != expected or not isinstance(value, int):
            raise ValueError(f"“{text}”的单位不对")
        values.append(value)
    if not 0 < values[0] < values[1] < values[2]:
        raise ValueError("大、中、小型的限额应依次递减")
    return Limit(measure, *values)


def _unit(kind: Type) -> str | None:
    return "元" if kind.kind is Kind.MONEY else kind.unit


def _digit_prefixes(prefixes: Iterable[str], sectors: Sectors) -> tuple[str, ...]:
    """The same industries by their digits: a whole section becomes its divisions."""
    digits: list[str] = []
    for prefix in prefixes:
        found = sectors.get(prefix)
        below = [] if found is None else [found] if found.digits else sectors.children(prefix)
        digits += [sector.digits for sector in below]
    return tuple(digits)
