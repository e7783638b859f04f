"""The one document that decides: which unknown criteria keep a verdict open, and what single paper closes them all.

Written without an enterprise in it, so that one assessment and a whole table ask the same function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tidu.policy import status as kleene
from tidu.policy.documents.criteria import Criterion, Group, TierCriteria
from tidu.policy.status import Status

Verdict = Callable[[list[Status]], Status]


class Wait(NamedTuple):
    """An unknown criterion: what it waits for, and what each open branch does where one suffices."""

    missing: tuple[str, ...]
    branches: tuple[tuple[str, ...], ...] = ()

    def closed_by(self, keys: set[str]) -> bool:
        """Whether ``keys`` can decide it: all that it waits for, or all that one of its branches does."""
        return keys.issuperset(self.missing) or any(keys.issuperset(branch) for branch in self.branches)


class Paper(NamedTuple):
    """A document with the inputs that it proves. ``certain``: it decides whatever it says."""

    evidence: str
    keys: tuple[str, ...]
    certain: bool


def deciding_paper(waits: Sequence[Wait], evidence_of: Callable[[str], Sequence[str]]) -> Paper | None:
    """The document whose inputs close every one of ``waits``, if there is one.

    ``evidence_of`` gives the documents that prove an input, the usual one first.
    """
    by_document: dict[str, set[str]] = {}
    named: dict[str, int] = {}  # how early the vocabulary names the document: the usual one comes first
    for key in dict.fromkeys(key for wait in waits for key in wait.missing):
        for place, evidence in enumerate(evidence_of(key)):
            by_document.setdefault(evidence, set()).add(key)
            named[evidence] = max(place, named.get(evidence, 0))
    certain = {
        evidence: all(keys.issuperset(wait.missing) for wait in waits)
        for evidence, keys in by_document.items()
        if all(wait.closed_by(keys) for wait in waits)
    }
    if not certain:
        return None
    evidence = min(certain, key=lambda name: (not certain[name], named[name], name))
    keys = dict.fromkeys(key for wait in waits for key in wait.missing if key in by_document[evidence])
    return Paper(evidence, tuple(keys), certain[evidence])


class Weigher:
    """The verdict of a tier from the statuses of its criteria, and which unknown ones it hangs on."""

    def __init__(self, tier: TierCriteria) -> None:
        self._tier = tier
        self._index = {item.id: position for position, item in enumerate(tier.criteria)}
        self.verdict = self.of_group(tier.root)

    def of_group(self, group: Group) -> Verdict:
        """A closure from the statuses of all criteria to the status of a group."""
        if all(isinstance(part, Criterion) for part in group.parts):
            return self.of_criteria(group.criteria(), group.wanted)
        inner = [
            self.of_group(part) if isinstance(part, Group) else self.of_criteria([part], 1)
            for part in group.parts
        ]
        wanted = group.wanted
        if wanted == len(inner):
            return lambda statuses: kleene.all_of([read(statuses) for read in inner])
        return lambda statuses: kleene.at_least(wanted, [read(statuses) for read in inner])

    def of_criteria(self, criteria: Iterable[Criterion], wanted: int) -> Verdict:
        """A closure from the statuses of all criteria to that of ``wanted`` out of a few."""
        places = [self._index[item.id] for item in criteria]
        if wanted == len(places):
            return lambda statuses: kleene.all_of([statuses[place] for place in places])
        return lambda statuses: kleene.at_least(wanted, [statuses[place] for place in places])

    def place(self, criterion: Criterion) -> int:
        """Where the criterion stands in the order of the document."""
        return self._index[criterion.id]

    def hangs_on(self, statuses: Sequence[Status]) -> list[int]:
        """The unknown criteria, by place, without any of which the verdict stays unknown though all others were met."""
        unknown = [place for place, status in enumerate(statuses) if status is Status.UNKNOWN]
        trial: list[Status] = [Status.MET if status is Status.UNKNOWN else status for status in statuses]
        found = []
        for place in unknown:
            trial[place] = Status.UNKNOWN
            if self.verdict(trial) is Status.UNKNOWN:
                found.append(place)
            trial[place] = Status.MET
        return found

    def short_by(self, statuses: Sequence[Status]) -> int:
        """How few criteria, not met or unknown, would have to be met for nothing but judgements to be left."""
        return self._short(self._tier.root, statuses)

    def _short(self, part: Group | Criterion, statuses: Sequence[Status]) -> int:
        if isinstance(part, Criterion):
            return int(statuses[self._index[part.id]] in {Status.NOT_MET, Status.UNKNOWN})
        return sum(sorted(self._short(inner, statuses) for inner in part.parts)[: part.wanted])
