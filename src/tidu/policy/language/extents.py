"""What lies within a place or an industry, as codes that every evaluator can compare."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from tidu.policy.vocabulary.places import load_places
from tidu.policy.vocabulary.sectors import load_sectors

NATION = "000000"


@dataclass(frozen=True, slots=True)
class Extent:
    """``codes`` and beginnings of codes (``prefixes``) within, and codes too coarse to tell (``broader``)."""

    codes: tuple[str, ...]
    prefixes: tuple[str, ...]
    broader: tuple[str, ...]
    name: str


@lru_cache(maxsize=1024)
def area_extent(code: str) -> Extent | None:
    """The extent of a division or development zone: a city takes in whatever begins with its four digits."""
    places = load_places()
    place = places.get(code)
    if place is None:
        return None
    broader = tuple(above.code for above in places.ancestors(code))
    if code == NATION:
        return Extent((), ("",), broader, place.name)
    if code.endswith("00"):
        return Extent((), (code[:2] if code.endswith("0000") else code[:4],), broader, place.name)
    return Extent(tuple(sorted(places.descendants(code) | {code})), (), broader, place.name)


@lru_cache(maxsize=1024)
def industry_extent(code: str) -> Extent | None:
    """The extent of an industry written with its section letter; its own section or division alone is too coarse."""
    sector = load_sectors().get(code)
    if sector is None or not code[:1].isalpha():
        return None
    broader = tuple(code[:length] for length in (1, 3, 4) if length < len(code))
    return Extent((), (code,), broader, sector.name)
