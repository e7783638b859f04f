"""An enterprise's match with every rule in force, as a workbook's rows and as a PDF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from tidu.core.exporting import Cell
from tidu.core.typed_values import shown_place
from tidu.core.typesetting import typeset
from tidu.policy.assess.assessment import Assessment, names_of
from tidu.policy.assess.rendering import headline, margin_text, measured_text, requirement_text
from tidu.registry.profile.known import Known
from tidu.registry.profile.matches import Position, match_of

TEMPLATE: Final = Path(__file__).resolve().parents[1] / "documents" / "matches.typ"
HEADS: Final = ("认定", "政策", "结论", "条件", "数值", "要求", "余量", "条件结论", "还缺", "条款")


def match_rows(position: Position) -> Iterator[list[Cell]]:
    """One row for each criterion of each rule."""
    for assessment in position.assessments:
        names = names_of(assessment.pack)
        for result in assessment.criteria:
            yield [
                assessment.title,
                assessment.pack.document.short_title,
                assessment.status.label,
                result.criterion.label,
                measured_text(result, assessment, names),
                requirement_text(result.criterion, names, assessment.base_year),
                margin_text(result),
                result.status.label,
                "、".join(names.key(key) for key in result.missing),
                result.criterion.cite or "",
            ]


def matches_pdf(known: Known, position: Position, *, made_at: dt.datetime) -> bytes:
    """All matches on paper: what each rule answers, and what it still wants."""
    return typeset(TEMPLATE, _words(known, position, made_at), made_at=made_at)


def _words(known: Known, position: Position, made_at: dt.datetime) -> dict[str, Any]:
    return {
        "site": settings.SITE["name"],
        "title": "政策匹配结果",
        "name": known.enterprise.name,
        "uscc": known.enterprise.uscc,
        "place": "未填注册地，只对照国家标准" if known.area is None else shown_place(known.area),
        "as_of": known.on.isoformat(),
        "base_year": str(known.base_year),
        "made_at": f"{made_at:%Y-%m-%d %H:%M}",
        "headline": position.headline,
        "matches": [_match(assessment) for assessment in position.assessments],
        "rewards": [
            {
                "label": item.label,
                "policy": item.policy,
                "word": item.word,
                "amount": item.amount,
                "because": item.because,
                "cites": [clause.label for clause in item.clauses],
            }
            for item in position.rewards
        ],
    }


def _match(assessment: Assessment) -> dict[str, Any]:
    names = names_of(assessment.pack)
    shown = match_of(assessment, lambda _: "")
    return {
        "title": assessment.title,
        "policy": f"《{assessment.pack.document.title}》",
        "pack": assessment.pack.id,
        "digest": assessment.pack.digest[:12],
        "status": assessment.status.value,
        "word": assessment.status.label,
        "headline": headline(assessment),
        "counts": shown.counts,
        "deciding": shown.deciding,
        "rows": [
            {
                "label": result.criterion.label,
                "value": measured_text(result, assessment, names),
                "limit": requirement_text(result.criterion, names, assessment.base_year),
                "margin": margin_text(result),
                "status": result.status.value,
                "word": result.status.label,
                "missing": "、".join(names.key(key) for key in result.missing),
                "cite": result.criterion.cite or "",
            }
            for result in assessment.criteria
        ],
    }
