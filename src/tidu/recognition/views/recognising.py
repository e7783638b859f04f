"""Recognition: what can be recognised now, the draft of its document, issuing it, and the letter of a result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tidu.core.audit.exports import record_export
from tidu.core.calendar import current_calendar, due
from tidu.core.citations import clauses
from tidu.core.components import Column, Crumb
from tidu.core.confirmation import Confirmation
from tidu.core.exporting import Cell, workbook
from tidu.core.gates import for_roles
from tidu.core.models import OfficialDocument
from tidu.core.quoting import quoted
from tidu.core.refusals import Refused, http_status
from tidu.core.requests import ActorRequest
from tidu.core.roles import CITY_WIDE, ENTERPRISE_ROLES, TERRITORIAL, Role
from tidu.recognition.actions.recognising import (
    draft_recognition,
    drop_recognition,
    issue_recognition,
    term_of,
)
from tidu.recognition.call_pages import steps_of, todos_before_notice
from tidu.recognition.decision_papers import title_of
from tidu.recognition.models import Application, Call, RecognitionDocument
from tidu.recognition.process.rules import pack_of, recognition_of
from tidu.recognition.public.windows import window_of_notice
from tidu.recognition.queries.avoidance import avoided_of
from tidu.recognition.queries.call_work import work_of
from tidu.recognition.queries.recognising import (
    drafts_of,
    objections_in_the_way,
    ready,
    running_notices,
)
from tidu.recognition.views.consolidated import XLSX, call_seen
from tidu.recognition.views.proposals import FORMS

_COLUMNS: Final = (
    Column("企业名称"),
    Column("统一社会信用代码"),
    Column("旗县区"),
    Column("有效期"),
)
_PLAQUES: Final = (
    "序号",
    "企业名称",
    "称号",
    "批次",
    "认定日期",
    "有效期至",
    "证书编号",
    "认定文号",
    "统一社会信用代码",
    "旗县区",
)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*CITY_WIDE)
def recognise(request: ActorRequest, pk: int) -> HttpResponse:
    """What can be recognised now and what holds the others back; drafting the document."""
    call, refused = call_seen(request, pk), None
    if request.method == "POST":
        if not request.actor.has(Role.CITY_OFFICER):
            raise Http404
        try:
            draft_recognition(actor=request.actor, call=call)
        except Refused as error:
            refused = error
        else:
            messages.success(request, "认定文件已拟定，请另一位同事审核印发。")
            return redirect("recognition:recognise", pk=pk)
    documents = list(drafts_of(call).prefetch_related("applications__enterprise", "applications__district"))
    standing = next((item for item in documents if item.issued_at is None), None)
    seen = RecognitionDocument.objects.visible_to(request.actor)
    draft = standing if standing is not None and seen.filter(pk=standing.pk).exists() else None
    today, officer = timezone.localdate(), request.actor.has(Role.CITY_OFFICER)
    waiting = ready(call) if standing is None else standing.applications.all()
    waiting = waiting.filter(pk__in=Application.objects.visible_to(request.actor))
    rows = waiting.select_related("enterprise", "district", "reviewed_title").order_by("pk")
    for row in rows:
        row.call = call
    recognition, work, calendar = recognition_of(call), work_of(request.actor, call), current_calendar()
    context = {
        "call": call,
        "rows": [(row, *term_of(row, today)) for row in rows],
        "columns": _COLUMNS,
        "draft": draft,
        "kept_away": draft is None and standing is not None,
        "avoided": avoided_of(request.actor, call=call),
        "issued": [item for item in documents if item.issued_at is not None],
        "running": [(item, window_of_notice(item)) for item in running_notices(call)],
        "objections": [
            (item, due(item.deadline, calendar) if item.deadline else None)
            for item in objections_in_the_way(request.actor, call)
        ],
        "earlier": todos_before_notice(work),
        "steps": steps_of(work),
        "has_notice": "notice" in work.route.stages,
        "officer": officer,
        "may_issue": officer and draft is not None and draft.made_by_id != request.actor.user_id,
        "own_draft": officer and draft is not None and draft.made_by_id == request.actor.user_id,
        "title_name": recognition.title,
        "cited": clauses(
            pack_of(call),
            (work.route.stop("recognition").step.cite, recognition.valid_cite),
        ),
        "refused": refused,
        "crumbs": (
            Crumb("工作台", reverse("desk:home")),
            Crumb(f"{call.called}总表", reverse("recognition:consolidated", args=[call.pk])),
            Crumb("认定"),
        ),
    }
    return render(request, "recognition/recognise.html", context, status=http_status(refused))


def _seen(request: ActorRequest, pk: int) -> RecognitionDocument:
    rows = RecognitionDocument.objects.visible_to(request.actor)
    return get_object_or_404(rows.select_related("call__organisation", "document"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.CITY_OFFICER)
def issue(request: ActorRequest, pk: int) -> HttpResponse:
    """Issue the document: from this moment the enterprises are recognised."""
    found = _seen(request, pk)
    asked = Confirmation(
        title=f"印发认定文件：{found.call.batch_name}",
        verb="印发认定文件",
        back=reverse("recognition:recognise", args=[found.call_id]),
        text=f"{found.document.title}，共 {found.applications.count()} 家。",
        consequences=(
            "文件按本单位发文字号编号，不能再改。",
            f"每家企业登记{quoted(title_of(found.call))}称号，写入有效期，并生成证书。",
            "企业收到认定的消息。",
        ),
        serious=False,
        crumbs=_steps(found.call, "印发认定文件"),
    )
    return asked.then(
        request,
        lambda: issue_recognition(actor=request.actor, recognition=found),
        "认定文件已印发，称号已登记，证书正在生成。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.CITY_OFFICER)
def drop(request: ActorRequest, pk: int) -> HttpResponse:
    """Give a draft up."""
    found = _seen(request, pk)
    asked = Confirmation(
        title=f"作废认定文件草稿：{found.call.batch_name}",
        verb="作废草稿",
        back=reverse("recognition:recognise", args=[found.call_id]),
        text="作废后可以重新拟定。企业的状态不变。",
        reason="理由",
        crumbs=_steps(found.call, "作废草稿"),
    )
    return asked.then(
        request,
        lambda: drop_recognition(actor=request.actor, recognition=found, reason=asked.given),
        "草稿已作废。",
    )


def _steps(call: Call, last: str) -> tuple[Crumb, ...]:
    return (
        Crumb(f"{call.called}总表", reverse("recognition:consolidated", args=[call.pk])),
        Crumb("认定", reverse("recognition:recognise", args=[call.pk])),
        Crumb(last),
    )


@require_safe
@for_roles(*CITY_WIDE)
def document(request: ActorRequest, pk: int, form: str) -> HttpResponseBase:
    """The recognition document, with a watermark until it is issued."""
    if form not in FORMS:
        raise Http404
    return FORMS[form](request, _seen(request, pk).document)


@require_safe
@for_roles(*CITY_WIDE)
def plaques(request: ActorRequest, pk: int) -> HttpResponseBase:
    """What is to be engraved on the plaques of a batch, as a workbook."""
    found = _seen(request, pk)
    if found.issued_at is None:
        raise Http404("认定文件还没有印发。")
    record_export(
        actor=request.actor,
        enterprises=found.applications.order_by().values_list("enterprise_id", flat=True),
        subject=found,
        detail={"format": "xlsx", "what": "牌匾制作清单"},
    )
    file = workbook("牌匾制作清单", _PLAQUES, _plaque_rows(found))
    name = f"{found.call.batch_name}牌匾制作清单.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _plaque_rows(found: RecognitionDocument) -> Iterator[list[Cell]]:
    rows = (
        found.applications.filter(title__isnull=False)
        .select_related("title", "enterprise", "district")
        .prefetch_related("title__certificates")
        .order_by("pk")
    )
    for number, item in enumerate(rows, 1):
        title = item.title
        if title is None:
            continue
        standing = next((one for one in title.certificates.all() if one.replaced_at is None), None)
        yield [
            number,
            item.enterprise.name,
            title.name,
            title.batch_name,
            title.recognised_on,
            title.valid_until,
            "" if standing is None else standing.number,
            title.document_no,
            item.enterprise.uscc,
            item.district.name,
        ]


@require_safe
@for_roles(*TERRITORIAL, *ENTERPRISE_ROLES)
def result_letter(request: ActorRequest, pk: int) -> HttpResponseBase:
    """The letter that tells an applicant why it was not recognised."""
    rows = Application.objects.visible_to(request.actor).select_related("result")
    found = get_object_or_404(rows, pk=pk)
    if found.result is None or found.result.state != OfficialDocument.State.ISSUED:
        raise Http404("这一件没有结果告知书。")
    return FORMS["pdf"](request, found.result, found.enterprise_id)
