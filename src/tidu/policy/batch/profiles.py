"""What a registry keeps of a batch: for every row the status of each criterion, and what each unknown one waits for.

Rows with the same profile share everything that follows from it, and profiles are far fewer than rows: what a person
reads about a row (how far it is, which one document decides) is worked out once a profile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from tidu.policy.assess.deciding import Wait, Weigher, deciding_paper
from tidu.policy.assess.wording import Names
from tidu.policy.batch.plan import Plan
from tidu.policy.batch.results import CODES, FLAGS_PER_INTEGER, pack_cells, status_code
from tidu.policy.batch.source import Source
from tidu.policy.batch.steps import Cell, Step
from tidu.policy.status import Status

CRITERIA_PER_INTEGER: Final = 31
_STATUS_OF_CODE: Final = {code: status for status, code in CODES.items()}
_BITS: Final = 2


def profiles(plan: Plan) -> dict[str, Cell]:
    """The statuses of the criteria packed into 64-bit integers, two bits each, the first criterion lowest."""
    codes = [status_code(plan, columns.verdict) for columns in plan.criteria]
    groups = [
        codes[start : start + CRITERIA_PER_INTEGER] for start in range(0, len(codes), CRITERIA_PER_INTEGER)
    ]
    return {f"profile_{index}": pack_cells(plan, group, _BITS) for index, group in enumerate(groups)}


def waits(plan: Plan) -> dict[str, Cell]:
    """Which criterion waits for which input: integers of 62 flags each, in the order of ``plan.waiting``."""
    flags = [item.cell for item in plan.waiting]
    groups = [flags[start : start + FLAGS_PER_INTEGER] for start in range(0, len(flags), FLAGS_PER_INTEGER)]
    return {f"waits_{index}": pack_cells(plan, group, 1) for index, group in enumerate(groups)}


def profile_chain(plan: Plan, source: Source, names: Names) -> list[Step]:
    """The chain that yields, behind the carried columns, ``profile_0`` … and ``waits_0`` … of every row."""
    first = source.first_step(plan.schema, names)
    carried = {name: source.schema[column] for name, column in source.carried.items()}
    *steps, last = plan.steps.chain({**profiles(plan), **waits(plan)}, carried)
    titles = {title: name for name, title in source.titles.items()}
    return [first, *steps, Step(last.reads, last.expression.rename(titles))]


class Outcome(NamedTuple):
    """What a profile means.

    ``short`` counts the criteria that keep the row from the title; ``missing`` are the inputs that some criterion waits
    for; ``document`` is the one paper that decides, empty where there is none or more than one is needed.
    """

    status: Status
    statuses: tuple[Status, ...]
    short: int
    missing: tuple[str, ...]
    document: str


class ProfileReader:
    """Reads packed profiles of one plan."""

    def __init__(self, plan: Plan, names: Names) -> None:
        self.plan = plan
        self.names = names
        self._weigher = Weigher(plan.tier)
        self._order = {key: place for place, key in enumerate(plan.schema)}
        self._weighed = lru_cache(maxsize=50_000)(self._weigh)
        self.columns: tuple[str, ...] = (*profiles(plan), *waits(plan))

    def read(self, row: Mapping[str, Any] | Sequence[int]) -> Outcome:
        """The outcome of a row of packed integers: by name, or in the order of ``columns``."""
        numbers = [row[name] for name in self.columns] if isinstance(row, Mapping) else list(row)
        profile_count = -(-len(self.plan.criteria) // CRITERIA_PER_INTEGER)
        statuses, status, short, needed = self._weighed(tuple(numbers[:profile_count]))
        flags = self._flags(numbers[profile_count:])
        missing = tuple(dict.fromkeys(self.plan.waiting[place].key for place in flags))
        document = self._document(needed, flags) if status is Status.UNKNOWN else ""
        return Outcome(status, statuses, short, tuple(sorted(missing, key=self._order.__getitem__)), document)

    def _weigh(
        self, packed_statuses: tuple[int, ...]
    ) -> tuple[tuple[Status, ...], Status, int, tuple[int, ...]]:
        statuses = []
        for place in range(len(self.plan.criteria)):
            index, position = divmod(place, CRITERIA_PER_INTEGER)
            statuses.append(_STATUS_OF_CODE[packed_statuses[index] >> _BITS * position & 3])
        status = self._weigher.verdict(statuses)
        needed = self._weigher.hangs_on(statuses) if status is Status.UNKNOWN else []
        return tuple(statuses), status, self._weigher.short_by(statuses), tuple(needed)

    def _flags(self, numbers: Sequence[int]) -> list[int]:
        """The places in ``plan.waiting`` that are set."""
        found = []
        for index, number in enumerate(numbers):
            rest = number
            while rest:
                lowest = rest & -rest
                found.append(index * FLAGS_PER_INTEGER + lowest.bit_length() - 1)
                rest ^= lowest
        return found

    def _document(self, needed: Sequence[int], flags: Sequence[int]) -> str:
        own: dict[int, dict[str, None]] = {place: {} for place in needed}
        branches: dict[int, dict[int, list[str]]] = {place: {} for place in needed}
        for flag in flags:
            criterion, branch, key, _ = self.plan.waiting[flag]
            if criterion in own:
                own[criterion][key] = None
                if branch is not None and self.plan.criteria[criterion].criterion.wanted == 1:
                    branches[criterion].setdefault(branch, []).append(key)
        waiting = [
            Wait(tuple(own[place]), tuple(tuple(keys) for keys in branches[place].values()))
            for place in needed
        ]
        paper = deciding_paper(waiting, self.names.evidence)
        return "" if paper is None else paper.evidence
