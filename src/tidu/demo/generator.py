"""Some hundred enterprises that do not exist: the same ones for the same seed and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random
from typing import Final

from tidu.core.uscc import check_characters
from tidu.demo.figures import make_figures
from tidu.demo.made_up import MadeUp
from tidu.demo.papers import add_papers
from tidu.demo.statements import add_statements
from tidu.demo.trades import CITY_NAMES, DISTRICTS, FIRST, SECOND, THIRD, TRADES, Trade

SEED: Final = 20_260_101
ENTERPRISES: Final = 600
#: No registrar has this code, so that no enterprise can ever bear one of ours.
NOBODY: Final = "91159900"
_DIGITS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_DAYS: Final = 365


def make_enterprises(*, on: dt.date, count: int = ENTERPRISES, seed: int = SEED) -> Iterator[MadeUp]:
    """``count`` enterprises of both cities in turn, as they stand on the day ``on``."""
    names: set[str] = set()
    for number in range(count):
        random = Random(f"{seed}:{number}")
        city = tuple(DISTRICTS)[number % len(DISTRICTS)]
        yield _make(random, number, city, on, names)


def _make(random: Random, number: int, city: str, on: dt.date, names: set[str]) -> MadeUp:
    trades = TRADES[city]
    trade = random.choices(trades, weights=[item.weight for item in trades])[0]
    quality = random.betavariate(2.2, 2.4)
    found = MadeUp(
        number=number,
        name=_name(random, city, trade, names),
        uscc=_uscc(number),
        city=city,
        district=_district(random, number // len(DISTRICTS), city),
        industry=trade.industry,
        quality=quality,
        registered_on=on - dt.timedelta(days=round(_DAYS * random.uniform(1.2, 22))),
        cluster=trade.cluster if random.random() < 0.8 else "",
    )
    figures = make_figures(random, quality, service=trade.industry[0] in "IM")
    add_papers(random, found, trade, figures, on)
    add_statements(random, found, trade, figures, on)
    return found


def _name(random: Random, city: str, trade: Trade, names: set[str]) -> str:
    """A name nobody bears: three syllables that make no word, then what the enterprise does."""
    place = random.choices((f"{CITY_NAMES[city]}市", CITY_NAMES[city], "内蒙古"), weights=(5, 2, 4))[0]
    form = random.choices(("有限公司", "有限责任公司", "股份有限公司"), weights=(12, 5, 2))[0]
    while True:
        proper = random.choice(FIRST) + random.choice(SECOND) + random.choice(THIRD)
        if proper not in names:
            names.add(proper)
            return f"{place}{proper}{random.choice(trade.words)}{form}"


def _district(random: Random, place_in_city: int, city: str) -> str:
    """The first enterprises of a city go one to each of its places, the others where industry is."""
    weights = DISTRICTS[city]
    if place_in_city < len(weights):
        return tuple(weights)[place_in_city]
    return random.choices(tuple(weights), weights=tuple(weights.values()))[0]


def _uscc(number: int) -> str:
    """A credit code of nobody with both check characters right."""
    body = ""
    for _ in range(4):
        number, digit = divmod(number, len(_DIGITS))
        body = _DIGITS[digit] + body
    return check_characters(f"{NOBODY}TDDE{body}")
