"""The size calculator: an industry, the one to three measures that its row of the standard looks at, and the class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tidu.core.components import Entry, Fault, Question
from tidu.core.entry import Unreadable
from tidu.core.figures import number, wan_yuan
from tidu.core.typed_values import UnknownIndustry, read_typed, shown_industry, unit_of
from tidu.policy.quantities import Kind
from tidu.policy.status import Status
from tidu.policy.vocabulary.indicators import Indicator
from tidu.policy.vocabulary.size import MEASURE_LABELS, SIZE_LABELS, SIZES, SizeResult, size_class
from tidu.policy.vocabulary.size_standard import Limit, Measure, SizeStandard, load_size_standard
from tidu.policy.vocabulary.vocabulary import Vocabulary
from tidu.portal.self_check_answers import Answers, Refusal
from tidu.portal.self_check_draft import SIZE, Draft

INDUSTRY: Final = "industry_code"
HINTS: Final[Mapping[str, str]] = {
    "employees": "年末从业人员，含劳务派遣；没有年末数的用全年平均数。",
    "revenue": "上年度利润表的“营业收入”。",
    "total_assets": "上年末资产负债表的“资产总计”。",
}


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One measure of the row: the lower limits of each class, and the class that the figure reaches alone."""

    label: str
    unit: str
    limits: tuple[str, ...]
    value: str
    reached: str


@dataclass(frozen=True, slots=True)
class SizeView:
    """Everything that the page shows."""

    industry: Question
    measures: tuple[Question, ...]
    result: SizeResult
    word: str
    rows: tuple[LimitRow, ...]
    standard: SizeStandard
    faults: tuple[Fault, ...]
    brought: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The controls of the measures."""
        return tuple(question.name for question in self.measures)


def control(name: str) -> str:
    """The name of the calculator's control for an indicator; it is apart from the self-check's own."""
    return f"{SIZE}{name}"


def controls() -> tuple[str, ...]:
    """All controls that the calculator may show."""
    return tuple(control(name) for name in (INDUSTRY, *MEASURE_LABELS))


def size_view(draft: Draft, answers: Answers, vocabulary: Vocabulary) -> SizeView:
    """The page for what was typed here; while that is nothing, for what the self-check knows."""
    texts = {name: draft.typed.get(control(name), "") for name in (INDUSTRY, *MEASURE_LABELS)}
    brought = False
    if not any(texts.values()):
        texts = _from_answers(draft, answers)
        brought = any(texts.values())
    values, refusals = _read(texts, vocabulary)
    found = size_class(values.get(INDUSTRY), *(values.get(name) for name in MEASURE_LABELS))
    measures: tuple[Measure, ...] = (
        () if found.row is None else tuple(limit.measure for limit in found.row.limits)
    )
    industry = _question(INDUSTRY, vocabulary, texts, refusals, values)
    asked = tuple(_question(name, vocabulary, texts, refusals, values) for name in measures)
    faults = tuple(
        Fault(entry.id, f"{question.label}：{entry.error}")
        for question in (industry, *asked)
        for entry in question.entries
        if entry.error
    )
    return SizeView(
        industry,
        asked,
        found,
        _word(found, values),
        tuple(_rows(found, values)),
        load_size_standard(),
        faults,
        brought,
    )


def _from_answers(draft: Draft, answers: Answers) -> dict[str, str]:
    year = answers.base_year
    texts: dict[str, str] = {INDUSTRY: draft.typed.get(INDUSTRY, "")}
    for name in MEASURE_LABELS:
        texts[name] = draft.typed.get(f"{name}_{year}", "")
    return texts


def _read(texts: Mapping[str, str], vocabulary: Vocabulary) -> tuple[dict[str, Any], dict[str, Refusal]]:
    values: dict[str, Any] = {}
    refusals: dict[str, Refusal] = {}
    for name, text in texts.items():
        try:
            values[name] = read_typed(text, vocabulary.indicators[name])
        except UnknownIndustry as refused:
            refusals[name] = Refusal(str(refused), refused.offers)
        except Unreadable as refused:
            refusals[name] = Refusal(str(refused))
    return values, refusals


def _question(
    name: str,
    vocabulary: Vocabulary,
    texts: Mapping[str, str],
    refusals: Mapping[str, Refusal],
    values: Mapping[str, Any],
) -> Question:
    indicator: Indicator = vocabulary.indicators[name]
    refusal = refusals.get(name)
    code = values.get(name) if indicator.kind is Kind.INDUSTRY else None
    entry = Entry(
        control(name),
        indicator.kind.value,
        value=texts[name],
        unit=unit_of(indicator),
        error="" if refusal is None else refusal.text,
        offers=() if refusal is None else refusal.offers,
        note=shown_industry(code) if code else "",
    )
    hint = HINTS.get(name, "填行业代码，或者名称里的一个词，从结果里选；以收入占比最大的业务为准。")
    return Question(control(name), indicator.label, (entry,), hint=hint)


def _word(found: SizeResult, values: Mapping[str, Any]) -> str:
    if found.size is not None:
        return SIZE_LABELS[found.size]
    if found.status is Status.NEEDS_REVIEW:
        return "划型标准没有列出这个行业，由主管部门认定"
    if values.get(INDUSTRY) is None:
        return "先选所属行业"
    return "还不能划型"


def _rows(found: SizeResult, values: Mapping[str, Any]) -> Iterator[LimitRow]:
    for limit in () if found.row is None else found.row.limits:
        value = values.get(limit.measure)
        yield LimitRow(
            MEASURE_LABELS[limit.measure],
            "人" if limit.measure == "employees" else "万元",
            tuple(_limits(limit)),
            "未填" if value is None else _figure(limit.measure, value),
            "" if value is None else SIZE_LABELS[SIZES[limit.rank(value)]],
        )


def _limits(limit: Limit) -> Iterator[str]:
    for least in (limit.large, limit.medium, limit.small):
        yield f"≥ {_figure(limit.measure, least)}"
    yield f"＜ {_figure(limit.measure, limit.small)}"


def _figure(measure: Measure, value: int) -> str:
    return number(value) if measure == "employees" else wan_yuan(value)
