"""Worked examples beside a pack (``cases.yaml``), and whether every rule of the pack has its examples."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from tidu.policy.assess.assessment import Assessment, assess
from tidu.policy.assess.coverage import Coverage
from tidu.policy.assess.entitlements import Entitlement, EntitlementStatus
from tidu.policy.assess.explanation import CriterionResult
from tidu.policy.assess.facts import Facts, read_facts
from tidu.policy.assess.rewards import rewards
from tidu.policy.documents.pack import CASES_FILE, Pack
from tidu.policy.errors import InputError, Problem
from tidu.policy.quantities import yuan
from tidu.policy.status import Status
from tidu.policy.vocabulary.indicators import Described, Identifier, Text
from tidu.policy.vocabulary.validation import validate
from tidu.policy.vocabulary.yaml_source import YamlDocument, read_yaml


class Expectation(Described):
    """What an assessment must come to; what is left out is not looked at."""

    status: Status | None = None
    in_force: bool | None = None
    criteria: Mapping[str, Status] = Field(default_factory=dict)
    dimensions: Mapping[str, Status] = Field(default_factory=dict)
    margins: Mapping[str, float] = Field(default_factory=dict)
    scores: Mapping[str, float] = Field(default_factory=dict)
    missing: tuple[str, ...] | None = None
    deciding: str | None = None


class RewardExpectation(Described):
    """What one benefit must answer."""

    status: EntitlementStatus
    amount: str | None = None
    cites: tuple[str, ...] = ()


class Case(Described):
    """One example: facts over a base, a moment, and what must come of them."""

    name: Text
    base: str | None = None
    facts: Mapping[str, Any] = Field(default_factory=dict)
    tier: Identifier | None = None
    as_of: dt.date
    base_year: int | None = None
    settings: Mapping[str, str] = Field(default_factory=dict, alias="set")
    expect: Expectation | None = None
    expect_rewards: Mapping[str, RewardExpectation] = Field(default_factory=dict)


class CaseFile(Described):
    """A ``cases.yaml``."""

    facts: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict)
    cases: tuple[Case, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One example run: ``faults`` are sentences, empty when it came out as written."""

    name: str
    line: int | None
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseReport:
    """All examples of a pack, and the rules that have none on one side."""

    pack: str
    results: tuple[CaseResult, ...]
    uncovered: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether every example came out as written and no rule lacks one."""
        return not self.uncovered and all(not result.faults for result in self.results)


def run_cases(pack: Pack) -> CaseReport:
    """Run the examples beside ``pack``. Raises :class:`InputError` when the file is missing or malformed."""
    file = pack.folder / CASES_FILE
    if not file.exists():
        raise InputError(
            Problem("政策包旁没有 cases.yaml", str(pack.folder), remedy="为每条规则写出两侧的例子")
        )
    source = read_yaml(file, name=f"{file.parent.name}/{file.name}")
    document = validate(CaseFile, source)
    coverage = Coverage()
    results = tuple(
        CaseResult(
            case.name, source.line_of(("cases", index)), tuple(_run(pack, case, document, file, coverage))
        )
        for index, case in enumerate(document.cases)
    )
    return CaseReport(pack.id, results, tuple(coverage.gaps(pack)))


def _run(pack: Pack, case: Case, document: CaseFile, file: Path, coverage: Coverage) -> Iterator[str]:
    try:
        facts = _facts(pack, case, document, file)
        if case.expect is not None:
            found = assess(
                pack,
                facts,
                tier=case.tier,
                as_of=case.as_of,
                base_year=case.base_year,
                settings=case.settings,
            )
            coverage.note_assessment(found)
            yield from _compare(case.expect, found)
        if case.expect_rewards:
            entitlements = rewards(pack, facts, as_of=case.as_of, settings=case.settings)
            coverage.note_rewards(entitlements)
            yield from _compare_rewards(case.expect_rewards, entitlements)
    except InputError as error:
        yield from (str(problem) for problem in error.problems)


def _facts(pack: Pack, case: Case, document: CaseFile, file: Path) -> Facts:
    base: dict[str, Any] = {}
    if case.base is not None:
        if case.base not in document.facts:
            raise InputError(Problem(f"没有名为“{case.base}”的基础事实"))
        base = dict(document.facts[case.base])
    for key, value in case.facts.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            base[key] = {**base[key], **value}
        else:
            base[key] = value
    source = YamlDocument(f"{file.parent.name}/{file.name}", base, {})
    return read_facts(source, pack.in_view)


def _compare(expected: Expectation, found: Assessment) -> Iterator[str]:
    if expected.status is not None and found.status is not expected.status:
        yield f"结论应为 {expected.status}，得 {found.status}"
    if expected.in_force is not None and found.in_force is not expected.in_force:
        yield f"in_force 应为 {expected.in_force}，得 {found.in_force}"
    yield from _compare_criteria(expected, found)
    if expected.missing is not None and set(found.missing) != set(expected.missing):
        yield f"缺项应为 {'、'.join(expected.missing)}，得 {'、'.join(found.missing)}"
    deciding = None if found.deciding is None else found.deciding.evidence
    if expected.deciding is not None and deciding != expected.deciding:
        yield f"起决定作用的材料应为 {expected.deciding}，得 {deciding}"


def _compare_criteria(expected: Expectation, found: Assessment) -> Iterator[str]:
    for name, status in expected.criteria.items():
        result = _criterion(found, name)
        if result is None:
            yield f"没有条件“{name}”"
        elif result.status is not status:
            yield f"条件 {name} 应为 {status}，得 {result.status}（数值 {result.measured}，要求 {result.limit}）"
    dimensions = {item.id: item.status for item in found.dimensions}
    for name, status in expected.dimensions.items():
        if dimensions.get(name) is not status:
            yield f"维度 {name} 应为 {status}，得 {dimensions.get(name)}"
    for name, score in expected.scores.items():
        result = _criterion(found, name)
        least = None if result is None or result.score is None else result.score.range.least
        if least != score:
            yield f"条件 {name} 应得 {score:g} 分，得 {least}"
    for name, margin in expected.margins.items():
        result = _criterion(found, name)
        got = None if result is None else result.margin
        if got is None or abs(got - margin) > 1e-6:  # noqa: PLR2004 - far below any figure shown
            yield f"条件 {name} 的余量应为 {margin:g}，得 {got}"


def _compare_rewards(
    expected: Mapping[str, RewardExpectation], found: tuple[Entitlement, ...]
) -> Iterator[str]:
    for name, wanted in expected.items():
        answers = [item for item in found if item.id == name]
        if not answers:
            yield f"没有奖励“{name}”"
        elif not any(_fits(wanted, item) for item in answers):
            got = "；".join(
                f"{item.status} {'' if item.amount is None else yuan(item.amount)} {'、'.join(item.cites)}"
                for item in answers
            )
            yield f"奖励 {name} 应为 {wanted.status} {wanted.amount or ''}，得 {got}"


def _fits(wanted: RewardExpectation, item: Entitlement) -> bool:
    amount = None if item.amount is None else yuan(item.amount)
    return (
        item.status is wanted.status
        and (wanted.amount is None or amount == wanted.amount)
        and set(wanted.cites) <= set(item.cites)
    )


def _criterion(found: Assessment, name: str) -> CriterionResult | None:
    try:
        return found.criterion(name)
    except KeyError:
        return None
