"""Drawing experts for files: random by a recorded seed, without those excluded, with an even load.

Anybody with the record of a draw can do it again. It is made of numbers and one hash alone:

1. The *ticket* of any words is the SHA-256 of ``seed:words`` in hexadecimal; the smaller ticket comes first.
2. Files come in the order of how few experts they can have, then of the ticket of ``file:<number>``.
3. Each file takes, ``each`` times, the expert that is not excluded, has the fewest files so far, and has the smallest
   ticket of ``file:<number>:expert:<number>``. Files that an expert holds already count as theirs.
4. Then files are passed on: as long as there is a chain of experts, from one to another with at least two files fewer,
   along which each can hand one file to the next who may have it, the chain is taken. Experts and files are looked
   through in the order of tickets, and the shortest chain from the most loaded expert is taken first. In the end no
   chain is left, and the load is as even as the exclusions allow.

A replacement is drawn by step 3 with the words ``replacement:<how manieth>:expert:<number>``.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import deque
from collections.abc import Collection, Iterable, Mapping
from typing import Final

ALGORITHM: Final = "tidu-draw-1"
_SEED_BYTES: Final = 16

#: The experts that each file may have, and those that it was given.
Eligible = Mapping[int, Collection[int]]
Drawn = dict[int, list[int]]


class TooFewExperts(ValueError):  # noqa: N818 - it is what is the case
    """Some files can have fewer experts than wanted: ``short`` maps each of them to how many it can have."""

    def __init__(self, short: Mapping[int, int]) -> None:
        super().__init__(f"too few experts for {len(short)} files")
        self.short = dict(short)


def new_seed() -> str:
    """A seed that nobody can know beforehand."""
    return secrets.token_hex(_SEED_BYTES)


def ticket(seed: str, words: str) -> str:
    """The number that a draw orders by."""
    return hashlib.sha256(f"{seed}:{words}".encode()).hexdigest()


def draw(*, seed: str, eligible: Eligible, each: int, load: Mapping[int, int]) -> Drawn:
    """The experts of each file, in the order of the draw. Raises :class:`TooFewExperts`."""
    short = {file: len(experts) for file, experts in eligible.items() if len(experts) < each}
    if short:
        raise TooFewExperts(short)
    held = {expert: load.get(expert, 0) for experts in eligible.values() for expert in experts}
    drawn: Drawn = {}
    for file in in_order(seed, eligible):
        tickets = {expert: ticket(seed, f"file:{file}:expert:{expert}") for expert in eligible[file]}
        drawn[file] = sorted(tickets, key=lambda expert: (held[expert], tickets[expert]))[:each]
        for expert in drawn[file]:
            held[expert] += 1
    _even_out(seed, eligible, drawn, held)
    return drawn


def in_order(seed: str, eligible: Eligible) -> list[int]:
    """The files in the order in which they are drawn for."""
    return sorted(eligible, key=lambda file: (len(eligible[file]), ticket(seed, f"file:{file}")))


def draw_replacement(
    *, seed: str, number: int, eligible: Iterable[int], load: Mapping[int, int]
) -> int | None:
    """Who takes over a file; nobody where nobody may. ``number`` counts the panel's replacements from 1."""
    return min(
        eligible,
        key=lambda expert: (load.get(expert, 0), ticket(seed, f"replacement:{number}:expert:{expert}")),
        default=None,
    )


def _even_out(seed: str, eligible: Eligible, drawn: Drawn, held: dict[int, int]) -> None:
    """Pass files on along chains until none makes the load more even. Each chain taken lowers the sum of squares."""
    rank = {expert: ticket(seed, f"expert:{expert}") for expert in held}
    files = sorted(drawn, key=lambda file: ticket(seed, f"file:{file}"))
    while (chain := _chain(eligible, drawn, files, held, rank)) is not None:
        for giver, file, taker in chain:
            drawn[file][drawn[file].index(giver)] = taker
        held[chain[0][0]] -= 1
        held[chain[-1][2]] += 1


def _chain(
    eligible: Eligible, drawn: Drawn, files: list[int], held: Mapping[int, int], rank: Mapping[int, str]
) -> list[tuple[int, int, int]] | None:
    """The shortest chain (giver, file, taker) from the most loaded expert that has one."""
    least = min(held.values(), default=0)
    for start in sorted(held, key=lambda expert: (-held[expert], rank[expert])):
        if held[start] - least <= 1:
            return None
        chain = _chain_from(start, eligible, drawn, files, held, rank)
        if chain is not None:
            return chain
    return None


def _chain_from(  # noqa: PLR0917 - private, called once above
    start: int,
    eligible: Eligible,
    drawn: Drawn,
    files: list[int],
    held: Mapping[int, int],
    rank: Mapping[int, str],
) -> list[tuple[int, int, int]] | None:
    came: dict[int, tuple[int, int, int]] = {}
    seen = {start}
    waiting = deque([start])
    while waiting:
        giver = waiting.popleft()
        for file in files:
            if giver not in drawn[file]:
                continue
            for taker in sorted(set(eligible[file]) - seen - set(drawn[file]), key=rank.__getitem__):
                seen.add(taker)
                came[taker] = (giver, file, taker)
                if held[start] - held[taker] >= 2:  # noqa: PLR2004 - passing on one file then evens out
                    return _back(taker, came)
                waiting.append(taker)
    return None


def _back(last: int, came: Mapping[int, tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    chain = []
    while last in came:
        chain.append(came[last])
        last = came[last][0]
    return chain[::-1]
