"""Reading the place out of a registered address, without ever guessing.

An address begins with a chain of names: province, city, district, zone. The chain is followed from its start, always
by the longest known name, and stops at the first word that is none; names further on are streets and landmarks. A
zone wins over the district it is written after. Where the chain contradicts itself below the city, the city is all
that is certain.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

Named = tuple[str, str]

_NOT_NAMES: Final = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
_PROVINCE_ENDS: Final = re.compile(r"(?:(?:壮族|回族|维吾尔)?自治区|特别行政区|省|市)$")
_STREET: Final = re.compile(r"[东南西北中]{0,2}(?:大街|大道|[街路道巷])")
_BESIDE: Final = re.compile(r"[东南西北]{1,2}(?:侧|面|边)|以[东南西北]|斜?对面|旁|附近|隔壁")
_ELSEWHERE: Final = re.compile(
    r"[^省市区县旗盟州路街号0-9]{2,8}(?:省|自治区|自治州|盟|市(?!场|政|区|委|府|民|容|中心))"
)


@dataclass(frozen=True, slots=True)
class _Name:
    code: str
    kind: str  # county, zone, short or park


class AddressBook:
    """Names of places as addresses write them, arranged for reading an address from its start."""

    def __init__(
        self,
        *,
        provinces: Iterable[Named],
        cities: Iterable[Named],
        counties: Iterable[Named],
        zones: Iterable[Named],
        further: Iterable[tuple[str, str, str]],
    ) -> None:
        """Take (name, code) pairs; ``further`` adds (name, code, ``short`` or ``park``)."""
        further = tuple(further)
        self._provinces = {
            form: code for name, code in provinces for form in (name, _PROVINCE_ENDS.sub("", name))
        }
        self._cities: dict[str, str] = {}
        self._short: dict[str, str] = {}
        for name, code in cities:
            if name in _NOT_NAMES:
                continue
            short = name.removesuffix("市") if len(name) > len("包头") else name
            self._cities |= {name: code, short: code}
            self._short[code] = short
        self._cities |= {name: code for name, code, _ in further if code in self._short}
        self._names: dict[str, dict[str, _Name]] = {}
        self._everywhere: dict[str, list[str]] = {}
        below = [(name, code, "county") for name, code in counties] + [
            (name, code, "zone") for name, code in zones
        ]
        for name, code, kind in (*below, *further):
            if name not in _NOT_NAMES and code not in self._short:
                self._names.setdefault(code[:4], {})[name] = _Name(code, kind)
                self._everywhere.setdefault(name, []).append(code)

    def named(self, name: str) -> str | None:
        """The code of the only place with that name."""
        found = {*self._everywhere.get(name, ())}
        found |= {table[name] for table in (self._provinces, self._cities) if name in table}
        return found.pop() if len(found) == 1 else None

    def find(self, address: str, hint: str | None) -> str | None:
        """The code of the most exact place; ``hint`` is the code of the city that the address is known to lie in."""
        text = re.sub(r"\s", "", unicodedata.normalize("NFKC", address))
        province, rest = self._province(text)
        city, rest = self._city(rest, province)
        if city is None:
            if hint is not None and (province is None or hint.startswith(province[:2])):
                if _ELSEWHERE.match(rest) and not self._starts_with_name(rest, hint):
                    return None
                city = self._city_code(hint)
            if city is None:
                return self._without_city(rest, province)
        return self._below(rest, city)

    def _province(self, text: str) -> tuple[str | None, str]:
        """The province and what follows it; registers often write it twice, in full and in short."""
        code: str | None = None
        while (name := _longest(self._provinces, text)) is not None and code in (None, self._provinces[name]):
            code, text = self._provinces[name], text[len(name) :]
        return code, text

    def _city(self, text: str, province: str | None) -> tuple[str | None, str]:
        name = _longest(self._cities, text)
        if name is None or (province is not None and not self._cities[name].startswith(province[:2])):
            return None, text
        rest = text[len(name) :]
        if name == self._short.get(self._cities[name]) and _STREET.match(rest):
            return None, text  # 包头大街 is a street, in whatever city
        return self._cities[name], rest

    def _city_code(self, hint: str) -> str | None:
        code = f"{hint[:4]}00"
        return code if code in self._short else None

    def _starts_with_name(self, text: str, hint: str) -> bool:
        return _longest(self._names.get(hint[:4], {}), text) is not None

    def _without_city(self, text: str, province: str | None) -> str | None:
        """Only a province is known, or nothing: a district's name then counts if no other place has it."""
        if province is None:
            return None
        prefix = province[:2]
        known = {
            name for name, codes in self._everywhere.items() if any(code.startswith(prefix) for code in codes)
        }
        name = _longest(known, text)
        if name is None:
            return None if _ELSEWHERE.match(text) else province
        codes = [code for code in self._everywhere[name] if code.startswith(prefix)]
        return self._below(text, f"{codes[0][:4]}00") if len(codes) == 1 else None

    def _below(self, text: str, city: str) -> str:
        """Follow the chain of names inside ``city``; the city itself when there are none."""
        names = self._names.get(city[:4], {})
        short = self._short[city]
        found: list[_Name] = []
        rest = short + text  # so that names which begin with the city's, 包头高新区, are met too
        while True:
            name = _longest(names, rest)
            if name is None or (names[name].kind in {"zone", "park"} and _BESIDE.match(rest[len(name) :])):
                again = rest.removeprefix(short).removeprefix("市") if rest.startswith(short) else rest
                if again == rest:
                    break
                rest = again
                continue
            found.append(names[name])
            rest = rest[len(name) :]
        return _settled(found, city)


def _settled(found: list[_Name], city: str) -> str:
    zones = {name.code for name in found if name.kind == "zone"}
    parks = {name.code for name in found if name.kind == "park"}
    districts = {name.code for name in found if name.kind in {"county", "short"}}
    if len(districts | parks) > 1 or len(zones) > 1 or (zones and parks):
        return city
    return next(iter(zones or districts or parks), city)


def _longest(names: Iterable[str], text: str) -> str | None:
    """The longest of ``names`` that ``text`` begins with."""
    return max((name for name in names if name and text.startswith(name)), key=len, default=None)
