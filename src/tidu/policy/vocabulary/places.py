"""Places: divisions, development zones and their codes in three systems.

A division has its GB/T 2260 code. A development zone often has none, another in the statistical codes (NBS) and yet
another in digits 3 to 8 of credit codes; here it has one code of its own and a list of the others. Every code begins
with the digits of its city, so a zone counts in its city, never in the district whose land it uses.
"""

from __future__ import annotations

import datetime as dt
import functools
import os
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from tidu.policy.data_folder import data_folder_path
from tidu.policy.errors import InputError, Problem
from tidu.policy.vocabulary.addresses import AddressBook
from tidu.policy.vocabulary.editions import Row, read_table, vocabulary_folders

NATION = "000000"
Level = Literal["nation", "province", "city", "county", "zone"]
CodeSystem = Literal["gbt2260", "nbs", "own"]

_SYSTEMS: Mapping[str, CodeSystem] = {"gbt2260": "gbt2260", "nbs": "nbs", "own": "own"}
_CODE = re.compile(r"[0-9]{6}")
_USCC = re.compile(r"[0-9A-HJ-NP-RTUWXY]{2}([0-9]{6})[0-9A-HJ-NP-RTUWXY]{10}")
_DIVISION_COLUMNS = ("code", "name", "parent", "code_system", "valid_from", "valid_to", "source")
_ZONE_COLUMNS = (*_DIVISION_COLUMNS, "uscc_codes", "address_names", "recommends")


@dataclass(frozen=True, slots=True)
class Place:
    """A division or development zone.

    ``other_codes`` are its codes in other systems, ``address_names`` what addresses call it, ``recommends`` whether a
    zone's administration recommends enterprises to the city as a county does. ``valid_to`` is the last day; an
    empty date is not recorded and does not limit.
    """

    code: str
    name: str
    parent: str | None
    level: Level
    code_system: CodeSystem
    other_codes: tuple[str, ...] = ()
    address_names: tuple[str, ...] = ()
    recommends: bool = False
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    source: str = ""

    def in_force(self, on: dt.date) -> bool:
        """Whether the place exists on the day, as far as is recorded."""
        return (self.valid_from or dt.date.min) <= on <= (self.valid_to or dt.date.max)


class Places:
    """All loaded places, by code of any system."""

    def __init__(self, places: Iterable[Place], names: Iterable[tuple[str, str, str]] = ()) -> None:
        """``names`` are further (name, code, kind) of addresses; kind is ``short`` or ``park``."""
        self.by_code: Mapping[str, Place] = MappingProxyType({place.code: place for place in places})
        aliases = {other: place.code for place in self.by_code.values() for other in place.other_codes}
        self._aliases: Mapping[str, str] = MappingProxyType(aliases)
        self._addresses = AddressBook(
            provinces=[(place.name, place.code) for place in self._at("province")],
            cities=[(place.name, place.code) for place in self._at("city")],
            counties=[(place.name, place.code) for place in self._at("county")],
            zones=[
                (name, place.code)
                for place in self._at("zone")
                for name in (place.name, *place.address_names)
            ],
            further=tuple(names),
        )

    def _at(self, *levels: Level) -> list[Place]:
        return [place for place in self.by_code.values() if place.level in levels]

    def get(self, code: str) -> Place | None:
        """The place of a code in any of its systems: both ``150291`` and ``150271`` are 包头稀土高新区."""
        return self.by_code.get(self._aliases.get(code, code))

    def canonical(self, code: str) -> str:
        """``code`` itself, or the code that this table gives to the zone which ``code`` denotes in another system."""
        return self._aliases.get(code, code)

    def city_of(self, code: str) -> Place | None:
        """The city or league that ``code`` belongs to or is; ``None`` for a province, the nation or an unknown city."""
        canonical = self.canonical(code)
        if not _CODE.fullmatch(canonical) or canonical[2:4] == "00":
            return None
        return self.by_code.get(f"{canonical[:4]}00")

    def within(self, code: str, area: str) -> bool:
        """Whether ``code`` lies in ``area``: the nation, the same province or city by prefix, or the same place.

        Codes need not be loaded: prefixes decide. A code coarser than ``area`` (a city asked about a district) is not
        within it; :meth:`ancestors` tells that case apart, since there the true answer is unknown. Raises
        :class:`InputError` for a code that is not six digits.
        """
        for text in (code, area):
            if not _CODE.fullmatch(text):
                raise InputError(
                    Problem(f"“{text}”不是六位行政区划代码", remedy="写作 150102 这样的六位数字")
                )
        prefix = _prefix(area)
        if prefix is None:
            return self.canonical(code) == self.canonical(area)
        return self.canonical(code).startswith(prefix)

    def descendants(self, area: str) -> frozenset[str]:
        """Every loaded code that counts within ``area``: the place itself, all below it, in all code systems."""
        codes = {code for code in self.by_code if self.within(code, area)} | {area}
        others = {other for code in codes if code in self.by_code for other in self.by_code[code].other_codes}
        return frozenset(codes | others)

    def ancestors(self, code: str) -> tuple[Place, ...]:
        """The places that contain ``code``, the nation first."""
        chain: list[Place] = []
        found = self.get(code)
        while found is not None and found.parent is not None:
            found = self.by_code.get(found.parent)
            if found is not None:
                chain.append(found)
        return tuple(reversed(chain))

    def path(self, code: str) -> str | None:
        """The full name below the nation: 内蒙古自治区呼和浩特市赛罕区."""
        found = self.get(code)
        if found is None:
            return None
        return (
            "".join(place.name for place in (*self.ancestors(code), found) if place.code != NATION)
            or found.name
        )

    def children(self, area: str) -> tuple[Place, ...]:
        """The places directly below ``area``: divisions first, then zones, each by code."""
        below = [place for place in self.by_code.values() if place.parent == self.canonical(area)]
        return tuple(sorted(below, key=lambda place: (place.level == "zone", place.code)))

    def recommending(self, city: str) -> tuple[Place, ...]:
        """The counties and zones of a city that recommend enterprises to it."""
        return tuple(place for place in self.children(city) if place.level == "county" or place.recommends)

    def named(self, name: str) -> Place | None:
        """The one place called ``name``, in full or as a city's short name; ``None`` when there are several."""
        found = self._addresses.named(name.strip())
        return None if found is None else self.by_code[found]

    def from_address(self, text: str, city: str | None = None) -> Place | None:
        """The most exact place that an address names for certain, zones told apart from districts.

        ``city`` is the code of the city that the address is known to lie in, for addresses that begin with a district.
        The city is the answer when the address says no more, or contradicts itself below it. ``None`` when the address
        names nothing known, lies elsewhere, or fits several cities.
        """
        found = self._addresses.find(text, None if city is None else self.canonical(city))
        return None if found is None else self.by_code[found]

    def from_uscc(self, uscc: str) -> Place | None:
        """The place of the registrar that digits 3 to 8 of a credit code name; ``None`` when they name none loaded.

        A city's registrar gives the city only, and an enterprise that has moved keeps its code: where the address is
        known, it decides. The check digit is not examined.
        """
        matched = _USCC.fullmatch(uscc.strip().upper())
        return None if matched is None else self.get(matched.group(1))


def _prefix(area: str) -> str | None:
    """What codes within a nation, province or city begin with; ``None`` for a county or zone."""
    if area == NATION:
        return ""
    if area.endswith("0000"):
        return area[:2]
    return area[:4] if area.endswith("00") else None


def load_places(folders: tuple[Path, ...] | None = None) -> Places:
    """The places in the vocabulary folders: ``divisions*.csv``, ``development_zones*.csv``, ``address_names*.csv``.

    Without ``folders``: the vocabulary's, and what was imported into the data folder, looked at anew once a second, so
    that every process of a site soon knows of an import. Raises :class:`InputError` with file, line and column.
    """
    if folders is not None:
        return _load(folders, ())
    imported = _imported()
    return _load((*vocabulary_folders(), *([imported_places()] if imported else ())), imported)


def imported_places() -> Path:
    """The folder of places that a deployment has imported: ``places`` in the data folder."""
    return data_folder_path() / "places"


def look_again() -> None:
    """Have the next :func:`load_places` of this process see what was imported a moment ago."""
    _looked.clear()


# When this process last looked for imported places, under which data folder, and what it found.
_looked: dict[str, tuple[float, tuple[tuple[str, int, int], ...]]] = {}
_LOOK_SECONDS = 1.0


def _imported() -> tuple[tuple[str, int, int], ...]:
    """Names, times and sizes of the imported tables; empty where there are none."""
    setting = os.environ.get("TIDU_DATA", "")
    now = time.monotonic()
    when, found = _looked.get(setting, (-_LOOK_SECONDS, ()))
    if now - when >= _LOOK_SECONDS:
        files = sorted(imported_places().glob("*.csv"))
        stats = [(file.name, file.stat()) for file in files]
        found = tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)
        _looked[setting] = (now, found)
    return found


@functools.lru_cache(maxsize=8)
def _load(folders: tuple[Path, ...], _stamp: tuple[tuple[str, int, int], ...]) -> Places:
    problems: list[Problem] = []
    places: dict[str, Place] = {}
    rows = [(row, False) for row in _rows(folders, "divisions*.csv", _DIVISION_COLUMNS)]
    rows += [(row, True) for row in _rows(folders, "development_zones*.csv", _ZONE_COLUMNS)]
    for row, is_zone in rows:
        place = _place(row, problems, is_zone=is_zone)
        if place.code in places:
            problems.append(row.problem("code", f"“{place.code}”重复", "删去多余的一行"))
        places[place.code] = place
    for row, _ in rows:
        parent = row.cells["parent"]
        if row.cells["code"] != NATION and parent not in places:
            problems.append(row.problem("parent", f"上级“{parent}”没有列出", "补上上级区划，或改正代码"))
    names = _rows(folders, "address_names*.csv", ("name", "code", "kind", "source"))
    for row in names:
        if row.cells["code"] not in places:
            problems.append(row.problem("code", f"没有代码为“{row.cells['code']}”的区划", "改正代码"))
        if row.cells["kind"] not in {"short", "park"}:
            problems.append(
                row.problem("kind", f"“{row.cells['kind']}”不是 short 或 park", "通称写 short，园区写 park")
            )
    if problems:
        raise InputError(*problems)
    return Places(
        places.values(), [(row.cells["name"], row.cells["code"], row.cells["kind"]) for row in names]
    )


def _rows(folders: Iterable[Path], pattern: str, columns: tuple[str, ...]) -> list[Row]:
    return [
        row
        for folder in folders
        for path in sorted(folder.glob(pattern))
        for row in read_table(path, columns)
    ]


def _place(row: Row, problems: list[Problem], *, is_zone: bool) -> Place:
    cells = row.cells
    code, parent = cells["code"], cells["parent"]
    if not _CODE.fullmatch(code):
        problems.append(row.problem("code", f"“{code}”不是六位数字", "写作 150102 这样的六位数字"))
    if not cells["name"]:
        problems.append(row.problem("name", "缺少名称", "补上名称"))
    if cells["code_system"] not in _SYSTEMS:
        remedy = "写作 gbt2260、nbs 或 own"
        problems.append(row.problem("code_system", f"“{cells['code_system']}”不是已知的代码体系", remedy))
    expected = _expected_parent(code)
    if expected is not None and parent != expected:
        problems.append(
            row.problem("parent", f"“{code}”的上级应为“{expected}”，不是“{parent}”", "改正上级或代码")
        )
    system = _SYSTEMS.get(cells["code_system"], "own")
    return Place(
        code=code,
        name=cells["name"],
        parent=parent or None,
        level="zone" if is_zone or (system == "nbs" and level_of(code) == "county") else level_of(code),
        code_system=system,
        other_codes=_several(cells.get("uscc_codes", "")),
        address_names=_several(cells.get("address_names", "")),
        recommends=cells.get("recommends", "") == "yes",
        valid_from=_date(row, "valid_from", problems),
        valid_to=_date(row, "valid_to", problems),
        source=cells["source"],
    )


def level_of(code: str) -> Level:
    """What the digits of a code say: of a zone they say county."""
    if code == NATION:
        return "nation"
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


def _expected_parent(code: str) -> str | None:
    level = level_of(code)
    if level == "nation":
        return None
    return {"province": NATION, "city": f"{code[:2]}0000", "county": f"{code[:4]}00"}[level]


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _date(row: Row, column: str, problems: list[Problem]) -> dt.date | None:
    text = row.cells[column]
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        problems.append(row.problem(column, f"“{text}”不是日期", "写作 2016-06-08 这样的日期"))
        return None
