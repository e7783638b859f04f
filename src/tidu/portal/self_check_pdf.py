"""The result of a self-check as a PDF, set by typst from a template and ready words."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from tidu.core.assessment_result import Result, ScoreTable
from tidu.core.components import Clause, CriterionRow, Gap
from tidu.core.typesetting import typeset
from tidu.policy.documents.pack import Force
from tidu.policy.status import Status
from tidu.portal.self_check_readings import Outcome, ReadingRow

TEMPLATE: Final = Path(__file__).resolve().parent / "documents" / "self_check.typ"


def result_pdf(result: Result, readings: tuple[ReadingRow, ...], *, name: str, made_at: dt.datetime) -> bytes:
    """The PDF of ``result``. ``name`` is the enterprise's, or empty."""
    return typeset(TEMPLATE, _words(result, readings, name, made_at), made_at=made_at)


def _words(
    result: Result, readings: tuple[ReadingRow, ...], name: str, made_at: dt.datetime
) -> dict[str, Any]:
    assessment = result.assessment
    document = assessment.pack.document
    since, until = assessment.pack.period(assessment.tier, assessment.settings)
    number = f"（{document.document_no}）" if document.document_no else ""
    deciding = result.deciding
    return {
        "site": settings.SITE["name"],
        "title": f"{assessment.title}自测结果",
        "name": name,
        "policy": f"《{document.title}》{number}",
        "pack": assessment.pack.id,
        "digest": assessment.pack.digest[:12],
        "as_of": assessment.as_of.isoformat(),
        "base_year": str(assessment.base_year),
        "made_at": f"{made_at:%Y-%m-%d %H:%M}",
        "force": f"{assessment.force.label}（{since} 至 {until or '未定'}）",
        "warning": _WARNINGS.get(assessment.force, ""),
        "status": assessment.status.value,
        "headline": result.headline,
        "counts": result.counts,
        "deciding": None
        if deciding is None
        else {"title": deciding.title, "text": deciding.text, "cites": _cites(deciding.clauses)},
        "dimensions": [
            {"label": item.label, "met": item.met, "total": item.total, **_status(item.status)}
            for item in result.dimensions
        ],
        "groups": [
            {"label": group.label, "note": group.note, "rows": [_row(row) for row in group.rows]}
            for group in result.groups
        ],
        "scores": [_score(score) for score in result.scores],
        "gaps": [_gap(gap) for gap in result.gaps],
        "readings": [
            {
                "number": row.number,
                "question": row.question,
                "cites": _cites(row.clauses),
                "used": _outcome(row.used),
                "others": [_outcome(other) for other in row.others],
            }
            for row in readings
        ],
        "papers": [
            {"label": paper.label, "issuer": paper.issuer, "proves": "、".join(paper.proves)}
            for paper in result.papers
        ],
    }


_WARNINGS: Final = {
    Force.EXPIRED: "这份标准在评估日已经届满，不再按它受理；结论按文件条文计算，只供对照。",
    Force.NOT_YET: "这份标准在评估日尚未施行；结论按文件条文计算，只供对照。",
}


def _row(row: CriterionRow) -> dict[str, Any]:
    return {
        "label": row.label,
        "value": row.value,
        "limit": row.limit,
        "margin": row.margin,
        "note": row.note,
        "branch": row.branch,
        "cites": _cites(row.clauses),
        **_status(row.status),
    }


def _score(score: ScoreTable) -> dict[str, Any]:
    lines = [
        {
            "label": line.label,
            "points": line.points,
            "most": line.most,
            "least": line.least,
            "group": line.group,
            "status": line.status.value,
            "word": line.word,
        }
        for line in score.lines
    ]
    return {"label": score.label, "total": score.total, "cites": _cites(score.clauses), "lines": lines}


def _gap(gap: Gap) -> dict[str, Any]:
    return {"action": gap.action, "note": gap.note, "tag": gap.tag, "cites": _cites(gap.clauses)}


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "label": outcome.label,
        "differences": list(outcome.differences),
        **_status(outcome.status),
    }


def _status(status: Status) -> dict[str, str]:
    return {"status": status.value, "word": status.label}


def _cites(items: tuple[Clause, ...]) -> list[str]:
    return [item.label for item in items]
