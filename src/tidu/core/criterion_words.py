"""What a criterion asks and what was found, in the few words that a cell of a table holds."""

from __future__ import annotations

from typing import Final

from tidu.core.typed_values import shown_industry, shown_place
from tidu.policy.assess.assessment import Assessment
from tidu.policy.assess.explanation import CriterionResult
from tidu.policy.assess.rendering import margin_text, measured_text, requirement_text
from tidu.policy.assess.wording import ABSENT, Names, describe_bound, describe_condition, show_elapsed
from tidu.policy.dates import full_years_and_months
from tidu.policy.documents.criteria import Criterion
from tidu.policy.language import terms
from tidu.policy.quantities import Kind
from tidu.policy.vocabulary.size import SME, SizeResult, size_class

NOTHING: Final = "—"
JUDGED: Final = "专家评判"
_ASKED_IN_WORDS: Final = {ABSENT: "要求没有", "是": "要求为“是”", "否": "要求为“否”"}
_CODES: Final = {Kind.AREA: shown_place, Kind.INDUSTRY: shown_industry}


def asked(criterion: Criterion, names: Names, base_year: int) -> str:
    """What is asked, without saying again of what: the label beside it does."""
    if criterion.question is not None:
        return JUDGED
    if criterion.branches:
        total, wanted = len(criterion.branches), criterion.wanted
        return f"{total} 项都符合" if wanted == total else f"{total} 选 {wanted}"
    if criterion.condition is None:
        return requirement_text(criterion, names, base_year)
    return _asked(criterion.condition, names, base_year)


def _asked(condition: terms.Condition, names: Names, base_year: int) -> str:
    match condition:
        case terms.Truth():
            return "是"
        case terms.Not(part=terms.Truth()):
            return ABSENT
        case terms.SizeMember(classes=classes) if set(classes) == SME:
            return "中小微企业"
        case terms.Holds(tiers=tiers):
            return "或".join(names.tiers[tier] for tier in tiers)
        case terms.Member() | terms.SizeMember():
            return describe_condition(condition, names, base_year).partition("：")[2]
    return _of_figures(condition, names, base_year)


def _of_figures(condition: terms.Condition, names: Names, base_year: int) -> str:
    match condition:
        case terms.Compare():
            return describe_bound(condition, names, base_year)
        case terms.Elapsed(years=years, negated=negated):
            return f"{'不满' if negated else '满'} {years} 年"
        case terms.All(parts=parts) if all(isinstance(part, terms.Compare) for part in parts):
            bounds = {_of_figures(part, names, base_year) for part in parts}
            if len(bounds) == 1:
                return f"每年 {bounds.pop()}"
    return describe_condition(condition, names, base_year)


def found(result: CriterionResult, assessment: Assessment, names: Names) -> str:
    """What was found: codes in words, the size by its class, figures of one indicator year by year."""
    condition = result.criterion.condition
    if result.criterion.question is not None:
        return NOTHING
    if isinstance(condition, terms.SizeMember):
        return size_of(result).label
    if isinstance(condition, terms.Member) and isinstance(result.measured, str):
        shown = _CODES.get(condition.input.type.kind)
        if shown is not None:
            return shown(result.measured)
    if result.measured is None and isinstance(condition, terms.All) and _of_one_indicator(result):
        return "，".join(
            f"{key.rpartition('_')[2]} 年 {names.value(key, value)}"
            for key, value in sorted(zip(result.keys, result.values, strict=True))
        )
    return measured_text(result, assessment, names)


def compared(value: str, limit: str) -> str:
    """What was found beside what is asked, as a sentence says it; ``—`` and blank are nothing to say.

    ``2,318.90 万元，要求 ≥ 1,000 万元``, ``无此情形，符合要求``, ``有此情形，要求没有``.
    """
    value, limit = (text if text != NOTHING else "" for text in (value, limit))
    in_words = _ASKED_IN_WORDS.get(limit)
    if in_words and value == limit:
        return f"{value}，符合要求"
    return "，".join(text for text in (value, in_words or (f"要求 {limit}" if limit else "")) if text)


def _of_one_indicator(result: CriterionResult) -> bool:
    inputs = result.criterion.inputs
    return len({item.id for item in inputs}) == 1 and all(item.offset is not None for item in inputs)


def size_of(result: CriterionResult) -> SizeResult:
    """The size class behind a criterion that asks for it, which reads industry, staff, revenue and assets."""
    return size_class(*result.values[:4])


def margin(result: CriterionResult) -> str:
    """The surplus; of a span since a date in years and months, below one month in days: nobody counts thousands."""
    condition, since, cutoff = result.criterion.condition, result.measured, result.limit
    if isinstance(condition, terms.Elapsed) and since is not None and since != cutoff:
        early, late = sorted((since, cutoff))
        whole = any(full_years_and_months(early, late))
        span = show_elapsed(early, late) if whole else f"{(late - early).days} 天"
        return f"{'＋' if result.margin > 0 else '−'}{span}"
    return margin_text(result)
