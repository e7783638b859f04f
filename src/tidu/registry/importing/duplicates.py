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

from tidu.registry.importing.surveying import Steps
from tidu.registry.models import DuplicateProposal, Enterprise, EnterpriseStatus, Import

#: From here on two core names are nearly the same.
LEAST_SCORE: Final = 88
_SHORTEST: Final = 2
_LARGEST_BLOCK: Final = 2_000
_CHUNK: Final = 1_000
#: Names of one series differ in a numeral alone, and are different: 一分店 and 二分店.
_NUMERALS: Final = re.compile("[0-9一二三四五六七八九十百两东西南北]+")


class _Named(NamedTuple):
    pk: int
    core: str
    initials: str


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
    for row in rows.order_by("pk").values_list("pk", "core_name", "initials").iterator(chunk_size=5_000):
        yield _Named(*row)


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
        if row < column and not _one_series(cores[row], cores[column]):
            yield _pair(members[row], members[column], round(float(scores[row, column])))


def _equal(members: Sequence[_Named]) -> Iterator[Pair]:
    by_core: dict[str, list[_Named]] = defaultdict(list)
    for member in members:
        by_core[member.core].append(member)
    for same in by_core.values():
        for position, first in enumerate(same[:20]):
            for second in same[position + 1 : 20]:
                yield _pair(first, second, 100)


def _pair(one: _Named, other: _Named, score: int) -> Pair:
    first, second = sorted((one.pk, other.pk))
    return Pair(first, second, score)


def _one_series(one: str, other: str) -> bool:
    return one != other and _NUMERALS.sub("", one) == _NUMERALS.sub("", other)
