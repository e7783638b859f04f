"""Map files: how the columns of somebody's table hold the facts that rules read.

A small, declarative YAML file: renaming, units, constants, values that stand for others, a few ways of reading
(a place out of an address or a credit code, dates in another notation) and sorting texts by words. See
``docs/evaluate.md``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from tidu.policy.assess.wording import Names
from tidu.policy.batch.units import UNITS, Unit
from tidu.policy.errors import InputError, Problem
from tidu.policy.language.scope import did_you_mean
from tidu.policy.quantities import Kind, Value
from tidu.policy.vocabulary.indicators import Described, Indicator, Quantity, Text
from tidu.policy.vocabulary.validation import closest, validate
from tidu.policy.vocabulary.values import parse_value
from tidu.policy.vocabulary.yaml_source import KeyPath, YamlDocument, read_yaml

Word = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Scalar = bool | int | float | str | None

_YEARLY: Final = re.compile(r"(?P<id>.+)_(?P<year>[0-9]{4})")


class Sorting(Described):
    """One rule of sorting texts: the first rule of which a word fits gives the value."""

    contains: tuple[Word, ...] = ()
    begins_with: tuple[Word, ...] = ()
    ends_with: tuple[Word, ...] = ()
    equals: tuple[Word, ...] = ()
    value: Scalar

    @model_validator(mode="after")
    def _some_words(self) -> Self:
        if not (self.contains or self.begins_with or self.ends_with or self.equals):
            raise ValueError("须写 contains、begins_with、ends_with、equals 中至少一种")
        return self

    def fits(self, text: str) -> bool:
        """Whether a word of the rule fits."""
        return (
            text in self.equals
            or text.startswith(self.begins_with)
            or text.endswith(self.ends_with)
            or any(word in text for word in self.contains)
        )


class Reading(Described):
    """How one column gives one fact.

    ``unit`` is what numbers are counted in; ``format`` how dates are written (``YYYYMMDD``). ``read`` takes a
    place out of an address, a credit code or a name (``city`` is the column that says in which city an address lies),
    or an amount of money out of words: ``7,793(万)``, ``50万人民币元``. ``values`` maps values to facts, ``sort`` sorts
    texts by words; ``otherwise`` is for what neither covers (without it such a value is read as it stands, and a text
    that ``sort`` does not cover is blank).
    """

    to: Text
    unit: str = ""
    format: Text | None = None
    read: Literal["address", "uscc", "place_name", "amount"] | None = None
    city: Text | None = None
    values: Mapping[str | int, Scalar] = Field(default_factory=dict)
    sort: tuple[Sorting, ...] = ()
    otherwise: Scalar = None

    @property
    def has_otherwise(self) -> bool:
        """Whether ``otherwise`` is written, be it blank."""
        return "otherwise" in self.model_fields_set

    @property
    def plain(self) -> bool:
        """Whether an engine can do it by itself: a new name and a unit, no more."""
        return not (self.format or self.read or self.values or self.sort or self.has_otherwise)

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if self.unit not in UNITS:
            raise ValueError(f"不认识单位“{self.unit}”，可用：{'、'.join(unit for unit in UNITS if unit)}")
        if self.city is not None and self.read != "address":
            raise ValueError("city 只用于 read: address")
        if sum(bool(way) for way in (self.format, self.read, self.sort)) > 1:
            raise ValueError("format、read、sort 只能写一种")
        if self.has_otherwise and not (self.values or self.sort):
            raise ValueError("otherwise 只与 values 或 sort 同用；所有行都一样的值写在 constants 里")
        if self.format is not None:
            date_pattern(self.format)
        return self


class MapDocument(Described):
    """A map file. ``columns`` maps headings to facts; ``blank`` lists what else stands for nothing.

    ``sheet`` (default: the first that is not empty) and ``header_row`` say where in a workbook the table begins.
    """

    note: Text | None = None
    sheet: Text | None = None
    header_row: int = Field(default=1, ge=1, le=100)
    columns: Mapping[str, tuple[Reading, ...]] = Field(default_factory=dict)
    constants: Mapping[str, Scalar] = Field(default_factory=dict)
    blank: tuple[Word, ...] = ()
    drop: tuple[Word, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _spread(cls, data: Any) -> Any:
        """``营业收入: revenue_2025`` and a single mapping are short for a list of one."""
        if not isinstance(data, dict) or not isinstance(data.get("columns"), dict):
            return data
        columns = {}
        for title, body in data["columns"].items():
            listed = body if isinstance(body, list) else [body]
            columns[str(title)] = [{"to": item} if isinstance(item, str) else item for item in listed]
        return {**data, "columns": columns}


@dataclass(frozen=True, slots=True)
class TableMap:
    """A checked map: for each heading its readings, constants by flat name, and what is left out of the output."""

    file: str
    sheet: str | None
    header_row: int
    columns: Mapping[str, tuple[Reading, ...]]
    constants: Mapping[str, Value]
    blank: frozenset[str]
    drop: tuple[str, ...]

    @property
    def plain(self) -> bool:
        """Whether an engine can follow the map by itself."""
        readings = [reading for listed in self.columns.values() for reading in listed]
        targets = [reading.to for reading in readings]
        return (
            not self.blank
            and all(reading.plain for reading in readings)
            and len(set(targets)) == len(targets)
        )


EMPTY: Final = TableMap("", None, 1, {}, {}, frozenset(), ())


def load_map(path: Path, names: Names) -> TableMap:
    """Read and check a map file.

    Raises :class:`InputError` with file, line, key and a suggestion for a misspelt name.
    """
    document = read_yaml(path, name=path.name)
    if document.data is None:
        raise InputError(Problem("对照文件是空的", path.name, remedy="写明 columns，见 docs/evaluate.md"))
    model = validate(MapDocument, document)
    problems: list[Problem] = []
    for title, readings in model.columns.items():
        for index, reading in enumerate(readings):
            path_of = _path(document, title, index)
            problems.extend(_problems_of(reading, names, document, path_of))
    constants: dict[str, Value] = {}
    for key, raw in model.constants.items():
        at: KeyPath = ("constants", key)
        described, problem = known_key(key, names)
        if described is None:
            problems.append(document.problem(at, problem or "", _suggestion(key, names)))
        elif raw is not None:
            try:
                constants[key] = parse_value(raw, described)
            except ValueError as error:
                problems.append(document.problem(at, f"“{names.key(key)}”{error}"))
    if problems:
        raise InputError(*problems)
    blank = frozenset(model.blank)
    return TableMap(path.name, model.sheet, model.header_row, model.columns, constants, blank, model.drop)


def known_key(key: str, names: Names) -> tuple[Quantity | None, str | None]:
    """The indicator behind a flat name, or ``None`` and what is wrong with the name."""
    if key.startswith("holds_"):
        if key.removeprefix("holds_") in names.tiers:
            return Quantity(id="holds", label=names.key(key), help="是或否", kind=Kind.YES_NO), None
        return None, f"没有“{key}”所指的称号层级"
    yearly = _YEARLY.fullmatch(key)
    found = names.indicators.get(key) or (names.indicators.get(yearly["id"]) if yearly else None)
    if not isinstance(found, Indicator):
        return None, f"没有名为“{key}”的指标"
    if found.derived is not None:
        return None, f"“{key}”（{found.label}）由系统推算，不用填写"
    if found.per_year and key == found.id:
        return None, f"“{key}”（{found.label}）按年填报，要写明年份，例如 {key}_2025"
    if not found.per_year and key != found.id:
        return None, f"“{found.id}”（{found.label}）不按年填报"
    return found, None


def date_pattern(notation: str) -> re.Pattern[str]:
    """``YYYYMMDD``, ``YYYY年M月D日``, ``DD/MM/YYYY`` as a pattern with groups y, m, d. Raises :class:`ValueError`."""
    pattern = re.escape(notation)
    for token, group in (
        ("YYYY", "(?P<y>[0-9]{4})"),
        ("MM", "(?P<m>[0-9]{2})"),
        ("DD", "(?P<d>[0-9]{2})"),
        ("M", "(?P<m>[0-9]{1,2})"),
        ("D", "(?P<d>[0-9]{1,2})"),
    ):
        if f"(?P<{group[4]}>" not in pattern:
            pattern = pattern.replace(token, group, 1)
    if not all(f"(?P<{name}>" in pattern for name in "ymd"):
        raise ValueError(f"日期写法“{notation}”须含 YYYY、MM（或 M）、DD（或 D）")
    return re.compile(pattern)


def read_date(text: str, pattern: re.Pattern[str]) -> dt.date | None:
    """The date that ``text`` writes by ``pattern``; ``None`` if it does not."""
    found = pattern.fullmatch(text.strip())
    if found is None:
        return None
    try:
        return dt.date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        return None


def unit_of(reading: Reading) -> Unit:
    """The unit that a reading counts in."""
    return UNITS[reading.unit]


def _path(document: YamlDocument, title: str, index: int) -> KeyPath:
    body = document.data["columns"].get(title) if isinstance(document.data, dict) else None
    return ("columns", title, index) if isinstance(body, list) else ("columns", title)


def _problems_of(reading: Reading, names: Names, document: YamlDocument, at: KeyPath) -> Iterable[Problem]:
    described, problem = known_key(reading.to, names)
    if described is None:
        yield document.problem((*at, "to"), problem or "", _suggestion(reading.to, names))
        return
    if described.kind not in UNITS[reading.unit].kinds:
        yield document.problem(
            (*at, "unit"), f"“{described.label}”是{described.type.label}，不能以“{reading.unit}”计"
        )
    if reading.format is not None and described.kind is not Kind.DATE:
        yield document.problem((*at, "format"), f"“{described.label}”不是日期，不能写 format")
    fitting = Kind.MONEY if reading.read == "amount" else Kind.AREA
    if reading.read is not None and described.kind is not fitting:
        yield document.problem(
            (*at, "read"), f"“{described.label}”不是{fitting.label}，不能写 read: {reading.read}"
        )
    written = [*reading.values.values(), *(rule.value for rule in reading.sort), reading.otherwise]
    for value in dict.fromkeys(value for value in written if value is not None):
        try:
            parse_value(value, described)
        except ValueError as error:
            yield document.problem(at, f"“{described.label}”{error}")


def _suggestion(key: str, names: Names) -> str | None:
    yearly = _YEARLY.fullmatch(key)
    stem, year = (yearly["id"], f"_{yearly['year']}") if yearly else (key, "")
    by_label = {item.label: name for name, item in names.indicators.items()}
    near = by_label.get(stem) or closest(stem, names.indicators)
    if near is None:
        return None
    per_year = getattr(names.indicators[near], "per_year", False)
    return did_you_mean(f"{near}{year if per_year else ''}")
