"""Enterprises whose names are nearly the same, proposed to a person. Nothing merges by itself.

Names are compared without place and company form, inside one city and one block of names that begin or end alike, so
that a hundred thousand of them cost no square. Equal credit codes never come here: they are the same enterprise.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from django.db import transaction
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from tidu.policy.vocabulary.places import load_places
from tidu.registry.importing.legal_form import looks_like_a_branch
from tidu.registry.importing.surveying import Steps
from tidu.registry.models import DuplicateProposal, Enterprise, EnterpriseStatus, Import

#: From this similarity on, two core names are nearly the same.
LEAST_SCORE: Final = 88
_SHORTEST: Final = 2
_LARGEST_BLOCK: Final = 2_000
_CHUNK: Final = 1_000
#: Names that differ in a numeral alone are different enterprises: 一分店 and 二分店.
_NUMERALS: Final = re.compile("[0-9一二三四五六七八九十百两东西南北]+")


class _Named(NamedTuple):
    """An enterprise by its name: without place and form, and the district that its name begins with, if any."""

    pk: int
    core: str
    district: str
    branch: bool


class Pair(NamedTuple):
    """Two enterprises, the older first, and how alike their names are (0 to 100)."""

    first: int
    second: int
    score: int


def propose(batch: Import, created: Sequence[int], steps: Steps) -> int:
    """Propose pairs of which at least one enterprise is new; say how many are new proposals. Idempotent."""
    if not created:
        return 0
    new = set(created)
    cities = sorted(_cities(created))
    proposed = 0
    for number, city in enumerate(cities):
        steps.progress(number, len(cities), "查找名称相近的企业")
        pairs = [pair for pair in near_pairs(_names(city)) if pair.first in new or pair.second in new]
        for start in range(0, len(pairs), _CHUNK):
            with transaction.atomic():
                before = DuplicateProposal.objects.filter(batch=batch).count()
                DuplicateProposal.objects.bulk_create(
                    (
                        DuplicateProposal(
                            first_id=pair.first, second_id=pair.second, score=pair.score, batch=batch
                        )
                        for pair in pairs[start : start + _CHUNK]
                    ),
                    ignore_conflicts=True,
                )
                proposed += DuplicateProposal.objects.filter(batch=batch).count() - before
        steps.stop_if_wanted()
    return proposed


def _cities(created: Sequence[int]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(created), _CHUNK):
        rows = Enterprise.objects.filter(pk__in=created[start : start + _CHUNK], city__isnull=False)
        found.update(rows.values_list("city_id", flat=True).distinct())
    return found


def _names(city: str) -> Iterator[_Named]:
    rows = Enterprise.objects.filter(city_id=city).exclude(status=EnterpriseStatus.WITHDRAWN)
    for pk, name, core in (
        rows.order_by("pk").values_list("pk", "name", "core_name").iterator(chunk_size=5_000)
    ):
        yield _Named(pk, core, _district(name, city), looks_like_a_branch(name))


def _district(name: str, city: str) -> str:
    """The code of the district or zone that a name begins with: 九原粮食 and 固阳粮食 are two enterprises."""
    places = load_places()
    found = places.from_address(name, city)
    return "" if found is None or found.level not in {"county", "zone"} else found.code


def near_pairs(names: Iterable[_Named]) -> list[Pair]:
    """The pairs of nearly equal core names, each once."""
    blocks: dict[tuple[str, str], list[_Named]] = defaultdict(list)
    for named in names:
        core = named.core
        if len(core) >= _SHORTEST:
            blocks["begins", core[:2]].append(named)
            blocks["ends", core[-3:]].append(named)
    found: dict[tuple[int, int], Pair] = {}
    for members in blocks.values():
        for pair in _in_block(members):
            found[pair.first, pair.second] = pair
    return sorted(found.values(), key=lambda pair: (-pair.score, pair.first, pair.second))


def _in_block(members: Sequence[_Named]) -> Iterator[Pair]:
    """Near pairs of one block. A block too large says nothing by its beginning; equal names alone are taken then."""
    if len(members) < 2:  # noqa: PLR2004 - a pair
        return
    if len(members) > _LARGEST_BLOCK:
        yield from _equal(members)
        return
    cores = [member.core for member in members]
    scores = cdist(cores, cores, scorer=fuzz.ratio, score_cutoff=LEAST_SCORE, workers=1)
    for row, column in zip(*scores.nonzero(), strict=True):
        if row < column and _may_be_one(members[row], members[column]):
            yield _pair(members[row], members[column], round(float(scores[row, column])))


def _equal(members: Sequence[_Named]) -> Iterator[Pair]:
    by_core: dict[str, list[_Named]] = defaultdict(list)
    for member in members:
        by_core[member.core].append(member)
    for same in by_core.values():
        for position, first in enumerate(same[:20]):
            for second in same[position + 1 : 20]:
                if _may_be_one(first, second):
                    yield _pair(first, second, 100)


def _pair(one: _Named, other: _Named, score: int) -> Pair:
    first, second = sorted((one.pk, other.pk))
    return Pair(first, second, score)


def _may_be_one(one: _Named, other: _Named) -> bool:
    """Whether two near names can be one enterprise.

    Not if they name two districts or differ in a numeral alone; and branches of one company all have near names.
    """
    if one.district and other.district and one.district != other.district:
        return False
    if one.core == other.core:
        return True
    if one.branch or other.branch:
        return False
    return _NUMERALS.sub("", one.core) != _NUMERALS.sub("", other.core)
