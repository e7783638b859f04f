"""Results of the engine as JSON-ready data and as Chinese text. Money leaves as 元 in decimal strings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from tidu.policy.assess.assessment import Assessment, names_of
from tidu.policy.assess.entitlements import Entitlement
from tidu.policy.assess.explanation import CriterionResult
from tidu.policy.assess.gaps import Gap
from tidu.policy.assess.ladder import Ladder
from tidu.policy.assess.scoring import Score
from tidu.policy.assess.wording import (
    Names,
    describe_bound,
    describe_condition,
    show_elapsed,
    show_margin,
    show_occurrence,
    show_value,
)
from tidu.policy.documents.criteria import Criterion
from tidu.policy.language import terms
from tidu.policy.quantities import NUMBER, YES_NO, Kind, Type, yuan
from tidu.policy.status import Status
from tidu.policy.vocabulary.size import SIZE_LABELS, size_class

Json = dict[str, Any]


def edge(value: Any, kind: Kind | None) -> Any:
    """A typed value as JSON holds it: 元 as a decimal string, dates as text, the rest as it is."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return yuan(value) if kind is Kind.MONEY and isinstance(value, int) else value


def assessment_json(assessment: Assessment) -> Json:
    """The whole assessment as plain data, in the shape that the command line and the API document."""
    names = names_of(assessment.pack)
    deciding = assessment.deciding
    return {
        "pack": assessment.pack.id,
        "digest": assessment.pack.digest,
        "tier": assessment.tier,
        "title": assessment.title,
        "as_of": assessment.as_of.isoformat(),
        "base_year": assessment.base_year,
        "settings": dict(assessment.settings),
        "in_force": assessment.in_force,
        "status": assessment.status.value,
        "criteria": [criterion_json(result, names) for result in assessment.criteria],
        "dimensions": [
            {
                "id": item.id,
                "label": item.label,
                "status": item.status.value,
                "met": item.met,
                "total": item.total,
            }
            for item in assessment.dimensions
        ],
        "missing": list(assessment.missing),
        "gaps": [gap_json(gap) for gap in assessment.gaps],
        "deciding": None
        if deciding is None
        else {
            "evidence": deciding.evidence,
            "label": deciding.label,
            "inputs": list(deciding.keys),
            "criteria": list(deciding.criteria),
            "certain": deciding.certain,
        },
    }


def criterion_json(result: CriterionResult, names: Names) -> Json:
    """One criterion with its values, limit, margin, missing inputs and branches."""
    kind = measure_type(result.criterion)
    data: Json = {
        "id": result.id,
        "label": result.criterion.label,
        "status": result.status.value,
        "cite": result.criterion.cite,
        "values": {
            key: edge(value, _kind(names, key)) for key, value in zip(result.keys, result.values, strict=True)
        },
        "measured": edge(result.measured, kind.kind),
        "limit": edge(result.limit, kind.kind),
        "margin": edge(result.margin, kind.kind),
        "missing": list(result.missing),
    }
    if result.branches:
        data["wanted"] = result.criterion.wanted
        data["branches"] = [criterion_json(branch, names) for branch in result.branches]
    if result.score is not None:
        data["score"] = score_json(result.score)
    return data


def score_json(score: Score) -> Json:
    """A scored points table: the least and the greatest total, and the same for each group and item."""
    return {
        "least": score.range.least,
        "greatest": score.range.greatest,
        "minimum": score.minimum,
        "maximum": score.maximum,
        "groups": [
            {
                "id": group.id,
                "label": group.label,
                "least": group.range.least,
                "greatest": group.range.greatest,
                "minimum": group.minimum,
                "maximum": group.maximum,
                "items": [
                    {
                        "id": item.id,
                        "label": item.label,
                        "least": item.range.least,
                        "greatest": item.range.greatest,
                        "maximum": item.maximum,
                    }
                    for item in group.items
                ],
            }
            for group in score.groups
        ],
    }


def gap_json(gap: Gap) -> Json:
    """A gap with its ways, cheapest first."""
    return {
        "criterion": gap.criterion.id,
        "label": gap.criterion.label,
        "cite": gap.criterion.cite,
        "status": gap.status.value,
        "ways": [
            {
                "via": way.via,
                "effort": way.effort.value,
                "changes": [
                    {"text": change.text, "inputs": list(change.keys), "effort": change.effort.value}
                    for change in way.changes
                ],
            }
            for way in gap.ways
        ],
    }


def rewards_json(entitlements: Sequence[Entitlement]) -> Json:
    """Entitlements as plain data, in the shape that the command line and the API document."""
    return {
        "entitlements": [
            {
                "benefit": item.id,
                "label": item.benefit.document.label,
                "status": item.status.value,
                "amount": None if item.amount is None else yuan(item.amount),
                "range": None if item.range is None else [yuan(limit) for limit in item.range],
                "cite": list(item.cites),
                "because": item.because,
                "cause": None if item.cause is None else item.cause.isoformat(),
                "for": item.what_for,
                "payers": list(item.benefit.document.payers),
            }
            for item in entitlements
        ]
    }


def ladder_json(found: Ladder) -> Json:
    """The ladder as plain data: rungs from the lowest up, each with its assessments as ``assess`` gives them."""
    return {
        "as_of": found.as_of.isoformat(),
        "area": found.area,
        "next": None if found.next is None else found.next.tier.id,
        "rungs": [
            {
                "tier": rung.tier.id,
                "label": rung.tier.label,
                "standing": rung.standing.value,
                "expires_on": None if rung.expires_on is None else rung.expires_on.isoformat(),
                "nearest": None if rung.nearest is None else rung.nearest.pack.id,
                "assessments": [assessment_json(assessment) for assessment in rung.assessments],
            }
            for rung in found.rungs
        ],
    }


# ---- words


def measure_type(criterion: Criterion) -> Type:
    """The type of what a criterion measures: of its one comparison, its date, its score, or yes/no."""
    match criterion.condition:
        case terms.Compare(left=left, right=right):
            return right.type if left.type.kind is Kind.NUMBER else left.type
        case terms.Elapsed():
            return Type(Kind.DATE)
        case terms.Member(input=item):
            return item.type
    return (
        Type(Kind.SCORE)
        if criterion.points is not None
        else YES_NO
        if criterion.condition is not None
        else NUMBER
    )


def measured_text(result: CriterionResult, assessment: Assessment, names: Names) -> str:
    """What was found, in words: the measured value, the span since a date, the score, or the inputs one by one."""
    condition = result.criterion.condition
    if result.score is not None:
        least, greatest = result.score.range
        return f"{least:g} 分" if least == greatest else f"{least:g} 至 {greatest:g} 分"
    if isinstance(condition, terms.SizeMember):
        size = size_class(*result.values)
        return SIZE_LABELS[size.size] if size.size is not None else size.reason
    if isinstance(condition, terms.Elapsed) and result.measured is not None:
        return show_elapsed(result.measured, assessment.as_of)
    if isinstance(condition, terms.Not) and isinstance(condition.part, terms.Truth):
        return show_occurrence(result.values[0])
    if result.measured is not None and len(result.keys) == 1:
        return names.value(result.keys[0], result.measured)
    if result.measured is not None:
        return show_value(result.measured, measure_type(result.criterion))
    if result.branches or not result.keys:
        return "—"
    shown = [
        f"{names.key(key)} {names.value(key, value)}" if len(result.keys) > 1 else names.value(key, value)
        for key, value in zip(result.keys, result.values, strict=True)
    ]
    return "，".join(shown)


def requirement_text(criterion: Criterion, names: Names, base_year: int | None = None) -> str:
    """What the criterion asks, in words."""
    if criterion.question is not None:
        return "由审核人员或专家评判"
    if criterion.points is not None:
        minimums = [
            f"{group.label} ≥ {group.minimum:g}" for group in criterion.points.groups if group.minimum
        ]
        extra = f"，其中 {'、'.join(minimums)}" if minimums else ""
        return f"得分 ≥ {criterion.points.minimum:g} 分（满分 {criterion.points.maximum:g}）{extra}"
    if criterion.branches:
        total, wanted = len(criterion.branches), criterion.wanted
        return "下列全部符合" if wanted == total else f"下列至少 {wanted} 项符合"
    condition = criterion.condition
    if condition is None:
        return "—"
    if isinstance(condition, terms.Compare) and isinstance(condition.right, terms.Constant):
        return describe_bound(condition, names, base_year)
    return describe_condition(condition, names, base_year)


def margin_text(result: CriterionResult) -> str:
    """The surplus or shortfall in words."""
    return show_margin(result.margin, measure_type(result.criterion))


def headline(assessment: Assessment) -> str:
    """The verdict as one sentence."""
    counts = assessment.counts()
    match assessment.status:
        case Status.MET:
            return "初步符合：所填事实满足全部条件"
        case Status.NEEDS_REVIEW:
            return f"初步符合：可由数据判断的条件都已满足，另有 {counts[Status.NEEDS_REVIEW]} 项须由人评判"
        case Status.NOT_MET:
            return f"暂不符合：有 {counts[Status.NOT_MET]} 项条件没有满足"
        case Status.UNKNOWN if assessment.deciding is not None:
            enough = "" if assessment.deciding.certain else "并达到要求"
            return f"待补充：补上{assessment.deciding.label}{enough}，就能作出判断"
        case _:
            return f"待补充：还差 {len(assessment.missing)} 项数据，才能作出判断"


def assessment_text(assessment: Assessment) -> str:
    """The assessment as a plain-text report."""
    names = names_of(assessment.pack)
    document = assessment.pack.document
    since, until = assessment.pack.period(assessment.tier, assessment.settings)
    lines = [
        f"{assessment.title}　预评估",
        f"依据《{document.title}》{document.document_no or ''}",
        f"评估日 {assessment.as_of}　基准年度 {assessment.base_year}",
        f"{assessment.force.label}（{since} 至 {until or '未定'}）",
        "",
        headline(assessment),
        "预评估不等于认定，以主管部门的审核、评审和公示结果为准。",
        "",
    ]
    for result in assessment.criteria:
        lines.extend(_criterion_lines(result, assessment, names, 0))
    if assessment.gaps:
        lines.extend(["", "怎么补，最省力的排在前面："])
        for number, gap in enumerate(assessment.gaps, 1):
            lines.extend(_gap_lines(number, gap))
    return "\n".join(lines)


def _criterion_lines(result: CriterionResult, assessment: Assessment, names: Names, depth: int) -> list[str]:
    cite = f"　〔{result.criterion.cite}〕" if result.criterion.cite and not depth else ""
    measured = measured_text(result, assessment, names)
    asked = requirement_text(result.criterion, names, assessment.base_year)
    line = f"{'　　' * depth}{result.status.label}　{result.criterion.label}：{measured}；要求：{asked}{cite}"
    lines = [line]
    if result.missing and not result.branches:
        lines.append(f"{'　　' * (depth + 1)}缺：{'、'.join(names.key(key) for key in result.missing)}")
    for branch in result.branches:
        lines.extend(_criterion_lines(branch, assessment, names, depth + 1))
    return lines


def _gap_lines(number: int, gap: Gap) -> list[str]:
    lines = [f"{number}．{gap.criterion.label}〔{gap.criterion.cite or '—'}〕"]
    for way in gap.ways:
        via = f"{way.via}：" if way.via else ""
        lines.append(f"　　{via}{'；'.join(change.text for change in way.changes)}（{way.effort.label}）")
    return lines


def _kind(names: Names, key: str) -> Kind | None:
    indicator = names.indicator(key)
    return None if indicator is None else indicator.kind
