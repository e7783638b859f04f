"""The result of a self-check, as a page and as a PDF."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tidu.core.components import Column, Crumb
from tidu.policy.documents.library import load_library
from tidu.portal.next_rung import next_rung
from tidu.portal.self_check_draft import days_kept, draft_of
from tidu.portal.self_check_pdf import result_pdf
from tidu.portal.self_check_questions import NAME
from tidu.portal.self_check_readings import reading_rows
from tidu.portal.self_check_result import result_of
from tidu.portal.standing import standing
from tidu.portal.views.self_check import opened, steps

_SCORE_COLUMNS: Final = (
    Column("指标"),
    Column("得分", number=True),
    Column("满分", number=True),
    Column("底线", number=True),
    Column("状态"),
)
_READING_COLUMNS: Final = (Column("哪里存疑"), Column("采用的读法"), Column("另一种读法"), Column("改"))
DIGEST_SHOWN: Final = 12  # characters that tell two versions of a pack apart


@login_not_required
@never_cache
@require_safe
def show(request: HttpRequest, pack_id: str, tier: str) -> HttpResponse:
    """The verdict, what it rests on, and what would change it."""
    library = load_library()
    check = opened(library, pack_id, tier, draft_of(request))
    assessment = check.assess()
    view = check.view()
    context: dict[str, Any] = {
        "check": check,
        "result": result_of(assessment, check.address()),
        "readings": reading_rows(assessment, check.form.readings, check.address()),
        "next": next_rung(library, assessment),
        "name": check.answers.facts.values.get(NAME, ""),
        "faults": len(view.faults),
        "warned": [entry for entry in view.entries if entry.warning],
        "standing": standing(check.pack, check.answers.as_of),
        "force": assessment.force,
        "period": check.pack.period(tier, check.settings),
        "digest": check.pack.digest[:DIGEST_SHOWN],
        "now": timezone.localtime(),
        "days_kept": days_kept(),
        "steps": steps(Crumb(check.form.title, check.address()), Crumb("结果")),
        "score_columns": _SCORE_COLUMNS,
        "reading_columns": _READING_COLUMNS,
    }
    return render(request, "portal/self_check_result.html", context)


@login_not_required
@never_cache
@require_safe
def pdf(request: HttpRequest, pack_id: str, tier: str) -> HttpResponse:
    """The same result on paper."""
    check = opened(load_library(), pack_id, tier, draft_of(request))
    assessment = check.assess()
    data = result_pdf(
        result_of(assessment, check.address()),
        reading_rows(assessment, check.form.readings, check.address()),
        name=str(check.answers.facts.values.get(NAME, "")),
        made_at=timezone.localtime(),
    )
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="tidu-{pack_id}-{tier}.pdf"'
    return response
