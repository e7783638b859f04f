"""Units that a column of a table may be counted in, beside the unit of the edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tidu.policy.quantities import Kind


@dataclass(frozen=True, slots=True)
class Unit:
    """``factor``: how many of the edge's unit (元, 1, year) one is. ``rounds``: amounts are rounded to the fen."""

    factor: Decimal
    kinds: frozenset[Kind]
    rounds: bool = False


_MONEY: Final = frozenset({Kind.MONEY})
_COUNT: Final = frozenset({Kind.COUNT})

#: By the word that a map file uses; ``""`` is the unit of the edge itself.
UNITS: Final[Mapping[str, Unit]] = {
    "": Unit(Decimal(1), frozenset(Kind)),
    "元": Unit(Decimal(1), _MONEY),
    "分": Unit(Decimal("0.01"), _MONEY),
    "千元": Unit(Decimal(1_000), _MONEY, rounds=True),
    "万元": Unit(Decimal(10_000), _MONEY, rounds=True),
    "百万元": Unit(Decimal(1_000_000), _MONEY, rounds=True),
    "亿元": Unit(Decimal(100_000_000), _MONEY, rounds=True),
    "%": Unit(Decimal("0.01"), frozenset({Kind.RATIO})),
    "‰": Unit(Decimal("0.001"), frozenset({Kind.RATIO})),
    "万人": Unit(Decimal(10_000), _COUNT),
    "千人": Unit(Decimal(1_000), _COUNT),
    "月": Unit(Decimal(1) / 12, frozenset({Kind.YEARS})),
}
