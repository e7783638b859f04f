"""An assessment as pages show it: verdict, dimensions, criteria, points, readings, gaps, papers.

Nothing is decided here. Every figure and requirement keeps its clause, and every conclusion the way back to the answer
or fact it rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from tidu.core import criterion_words
from tidu.core.citations import clauses, doubt
from tidu.core.components import Clause, CriterionGroup, CriterionRow, Dimension, Doubt, Gap
from tidu.core.quoting import quoted
from tidu.core.tier_questions import UNPLACED, UNPLACED_LABEL
from tidu.policy.assess.assessment import Assessment, Deciding, names_of
from tidu.policy.assess.explanation import CriterionResult
from tidu.policy.assess.gaps import Gap as FoundGap
from tidu.policy.assess.gaps import Way
from tidu.policy.assess.rendering import headline
from tidu.policy.assess.scoring import Range, Score
from tidu.policy.assess.wording import Names
from tidu.policy.documents.criteria import Criterion
from tidu.policy.language import terms
from tidu.policy.status import Status
from tidu.policy.vocabulary.indicators import Effort

LONGEST_CELL: Final = 16  # characters that a narrow column holds on one line
MOST_ALTERNATIVES: Final = 3
_LETTERS: Final = "甲乙丙丁戊己庚辛壬癸"


@dataclass(frozen=True, slots=True)
class DecidingCard:
    """The one document that decides, and where its figures are filled in."""

    title: str
    text: str
    clauses: tuple[Clause, ...]
    url: str


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One line of a points table: a group where ``group`` holds, else an item. ``status`` says what keeps it open."""

    label: str
    points: str
    most: str
    least: str
    status: Status
    word: str
    group: bool = False


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """A points table with the least and the greatest points still possible."""

    label: str
    total: str
    clauses: tuple[Clause, ...]
    lines: tuple[ScoreLine, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A document to hand in, who issues it, and what it proves."""

    label: str
    issuer: str
    proves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that the page and the PDF of an assessment show."""

    assessment: Assessment
    headline: str
    counts: str
    deciding: DecidingCard | None
    dimensions: tuple[Dimension, ...]
    groups: tuple[CriterionGroup, ...]
    scores: tuple[ScoreTable, ...]
    gaps: tuple[Gap, ...]
    papers: tuple[Paper, ...]


def shown_result(assessment: Assessment, field_url: Callable[[str], str]) -> Result:
    """An assessment in words; ``field_url`` is where a flat name can be stated, empty where the reader cannot."""
    return _Builder(assessment, field_url).build()


class _Builder:
    def __init__(self, assessment: Assessment, field_url: Callable[[str], str]) -> None:
        self._assessment = assessment
        self._pack = assessment.pack
        self._names: Names = names_of(assessment.pack)
        self._field = field_url

    def build(self) -> Result:
        assessment = self._assessment
        return Result(
            assessment,
            headline(assessment),
            counts_text(assessment),
            None if assessment.deciding is None else self._deciding(assessment.deciding),
            tuple(self._dimensions()),
            tuple(self._groups()),
            tuple(self._scores(assessment.criteria)),
            tuple(self._gap(gap) for gap in assessment.gaps),
            tuple(self._papers()),
        )

    # ---- verdict

    def _deciding(self, deciding: Deciding) -> DecidingCard:
        what = "、".join(self._names.key(key) for key in deciding.keys)
        results = [self._assessment.criterion(name) for name in deciding.criteria]
        labels = "、".join(quoted(result.criterion.label) for result in results)
        return DecidingCard(
            f"起决定作用的一份材料：{deciding.label}",
            f"按它补上{what}，{labels}就能判断，结论也随之确定。",
            clauses(self._pack, [result.criterion.cite for result in results]),
            self._field(deciding.keys[0]),
        )

    def _dimensions(self) -> Iterator[Dimension]:
        for found in self._assessment.dimensions:
            results = [item for item in self._assessment.criteria if item.criterion.dimension == found.id]
            yield Dimension(
                found.label,
                found.status,
                found.met,
                found.total,
                self._dimension_note(found.status, results),
                f"#c-{results[0].id}" if results else "",
            )

    def _dimension_note(self, status: Status, results: list[CriterionResult]) -> str:
        count = sum(result.status is status for result in results)
        match status:
            case Status.NOT_MET:
                return f"{count} 项不符合"
            case Status.UNKNOWN:
                return f"{count} 项还缺数据"
            case Status.NEEDS_REVIEW:
                return f"{count} 项由专家评判"
        tight = min(
            (result for result in results if _tightness(result) is not None),
            key=lambda result: _tightness(result) or 0.0,
            default=None,
        )
        return "" if tight is None else f"最小余量：{tight.criterion.label} {criterion_words.margin(tight)}"

    # ---- criteria

    def _groups(self) -> Iterator[CriterionGroup]:
        by_dimension: dict[str, list[CriterionResult]] = {}
        for result in self._assessment.criteria:
            by_dimension.setdefault(result.criterion.dimension or UNPLACED, []).append(result)
        for name, results in by_dimension.items():
            label = self._pack.document.dimensions.get(name, UNPLACED_LABEL)
            met = sum(result.status is Status.MET for result in results)
            rows = tuple(row for result in results for row in self._rows(result))
            yield CriterionGroup(label, rows, f"{met}／{len(results)} 项符合")

    def _rows(
        self, result: CriterionResult, letter: str = "", above: str | None = None
    ) -> Iterator[CriterionRow]:
        yield self._row(result, letter, above)
        for place, branch in enumerate(result.branches):
            mark = _LETTERS[place] if place < len(_LETTERS) else str(place + 1)
            yield from self._rows(branch, f"{letter}{mark}", result.criterion.cite)

    def _row(self, result: CriterionResult, letter: str, above: str | None) -> CriterionRow:
        """The row of a criterion, or of a branch, which has a letter; ``above`` is the clause of what it is part of."""
        criterion = result.criterion
        value = criterion_words.found(result, self._assessment, self._names)
        limit = criterion_words.asked(criterion, self._names, self._assessment.base_year)
        notes = list(self._notes(result, value, limit))
        keys = result.missing or result.keys
        return CriterionRow(
            f"{letter}　{criterion.label}" if letter else criterion.label,
            result.status,
            _cell(value),
            _cell(limit),
            criterion_words.margin(result),
            clauses=() if criterion.cite == above else clauses(self._pack, [criterion.cite]),
            doubts=tuple(self._doubts(criterion)),
            note="；".join(notes),
            branch=bool(letter),
            hot=self._decides(result),
            anchor=f"c-{result.id}",
            edit=self._field(keys[0]) if keys and criterion.question is None and not result.branches else "",
        )

    def _notes(self, result: CriterionResult, value: str, limit: str) -> Iterator[str]:
        if result.criterion.question is not None:
            yield result.criterion.question
            return
        if isinstance(result.criterion.condition, terms.SizeMember):
            yield criterion_words.size_of(result).reason
            return
        if len(value) > LONGEST_CELL:
            known = list(self._known(result))
            if known:
                yield f"现状：{'，'.join(known)}"
        if len(limit) > LONGEST_CELL:
            yield f"要求：{limit}"
        if result.missing and not result.branches:
            yield f"缺：{'、'.join(self._names.key(key) for key in result.missing)}"

    def _known(self, result: CriterionResult) -> Iterator[str]:
        """What is known of the inputs; what is not known is told as missing."""
        for key, value in zip(result.keys, result.values, strict=True):
            if value is not None:
                yield f"{self._names.key(key)} {self._names.value(key, value)}"

    def _doubts(self, criterion: Criterion) -> Iterator[Doubt]:
        for name in criterion.interpretations:
            yield doubt(self._pack, name, self._assessment.settings[name])

    def _decides(self, result: CriterionResult) -> bool:
        deciding = self._assessment.deciding
        if deciding is None or result.status is not Status.UNKNOWN or result.branches:
            return False
        return bool(result.missing) and set(result.missing) <= set(deciding.keys)

    # ---- points

    def _scores(self, results: Iterable[CriterionResult]) -> Iterator[ScoreTable]:
        for result in results:
            if result.score is not None:
                yield self._score(result, result.score)
            yield from self._scores(result.branches)

    def _score(self, result: CriterionResult, score: Score) -> ScoreTable:
        lines = []
        for group in score.groups:
            least = criterion_words.NOTHING if group.minimum is None else f"{group.minimum:g}"
            status, word = _group_state(group.range, group.minimum)
            lines.append(
                ScoreLine(
                    group.label, _points(group.range), f"{group.maximum:g}", least, status, word, group=True
                )
            )
            lines += [
                ScoreLine(
                    item.label,
                    _points(item.range),
                    f"{item.maximum:g}",
                    criterion_words.NOTHING,
                    item.openness,
                    "已定" if item.openness is Status.MET else item.openness.label,
                )
                for item in group.items
            ]
        total = f"{_points(score.range)} 分，须 {score.minimum:g} 分，满分 {score.maximum:g} 分"
        return ScoreTable(
            result.criterion.label, total, clauses(self._pack, [result.criterion.cite]), tuple(lines)
        )

    # ---- what to do

    def _gap(self, gap: FoundGap) -> Gap:
        first, *others = gap.ways
        notes = [f"{quoted(gap.criterion.label)}{gap.status.label}"]
        if others:
            alternatives = "；".join(_way(way) for way in others[:MOST_ALTERNATIVES])
            more = f"等 {len(others)} 种办法" if len(others) > MOST_ALTERNATIVES else ""
            notes.append(f"或者：{alternatives}{more}")
        keys = first.changes[0].keys
        return Gap(
            _way(first),
            f"{'。'.join(notes)}。",
            first.effort.label,
            clauses(self._pack, [gap.criterion.cite]),
            self._field(keys[0]) if keys else "",
            "去填写" if first.effort is Effort.PAPER else "改这一项",
        )

    def _papers(self) -> Iterator[Paper]:
        """Papers of the criteria, then those that the document asks of every applicant."""
        known = self._pack.vocabulary.evidence
        proves: dict[str, dict[str, None]] = {}
        for result in self._assessment.criteria:
            for name in self._evidence(result.criterion):
                proves.setdefault(name, {}).setdefault(result.criterion.label)
        for name in self._pack.recognition(self._assessment.tier).materials:
            proves.setdefault(name, {})
        for name, labels in proves.items():
            yield Paper(known[name].label, known[name].issuer, tuple(labels))

    def _evidence(self, criterion: Criterion) -> Iterator[str]:
        own = [*criterion.evidence, *(name for branch in criterion.branches for name in branch.evidence)]
        if own:
            yield from own
            return
        for item in criterion.inputs:
            yield from self._pack.indicators[item.id].evidence[:1]


def counts_text(assessment: Assessment) -> str:
    """How many criteria came out how, in one sentence."""
    counts = assessment.counts()
    parts = [f"{counts[status]} 项{status.label}" for status in Status if counts[status]]
    clean = "" if counts[Status.NOT_MET] else "没有不符合的条件。"
    return f"{len(assessment.criteria)} 项条件中，{'，'.join(parts)}。{clean}"


def _way(way: Way) -> str:
    via = f"{way.via}：" if way.via else ""
    return f"{via}{'；'.join(change.text for change in way.changes)}"


def _cell(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else criterion_words.NOTHING


def _points(found: Range) -> str:
    return f"{found.least:g}" if found.least == found.greatest else f"{found.least:g} 至 {found.greatest:g}"


def _group_state(found: Range, minimum: float | None) -> tuple[Status, str]:
    if minimum is None:
        return Status.MET, ""
    if found.least >= minimum:
        return Status.MET, "过底线"
    if found.greatest < minimum:
        return Status.NOT_MET, "不到底线"
    return Status.UNKNOWN, "底线未定"


def _tightness(result: CriterionResult) -> float | None:
    """How near a met criterion is to its limit, as a share of the limit."""
    if isinstance(result.criterion.condition, terms.Elapsed) or not result.limit:
        return None
    if not isinstance(result.margin, (int, float)) or not isinstance(result.limit, (int, float)):
        return None
    return float(abs(result.margin) / abs(result.limit))
