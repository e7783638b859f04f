"""One file before its expert: evidence left, sheet right; saved while it is filled in, handed in for good."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from tidu.core.calendar import current_calendar, due
from tidu.core.components import Crumb
from tidu.core.confirmation import Confirmation
from tidu.core.files.serving import picture
from tidu.core.gates import for_roles
from tidu.core.refusals import Refused
from tidu.core.requests import ActorRequest, whole_number
from tidu.core.roles import Role
from tidu.recognition.actions.assignments import (
    answered,
    chair_of,
    faults_of,
    save_sheet,
    submit_sheet,
    values_of,
)
from tidu.recognition.models import Assignment
from tidu.recognition.process.rules import pack_of
from tidu.recognition.queries.frozen_files import file_numbered, frozen_files, stored_file
from tidu.recognition.queries.sheets import content_for, is_open, may_write, sheet_of
from tidu.recognition.review_page import open_paper
from tidu.recognition.sheet_page import machine_rows, sheet_form
from tidu.recognition.sheet_papers import sheet_pdf
from tidu.recognition.views.assignments import PILLS, crumbs, own_file, title_of
from tidu.registry.own.saving import shown_texts


@require_safe
@never_cache
@for_roles(Role.EXPERT)
def assignment(request: ActorRequest, pk: int) -> HttpResponseBase:
    """The file and its sheet. Nothing opens before the declaration; of a case that moved on the sheet is left."""
    found = own_file(request, pk)
    if found.declared_at is None:
        return redirect("recognition:assignment-declare", pk=pk)
    if "HX-Request" in request.headers and is_open(found):
        return render(request, "recognition/_assignment_papers.html", _papers(request, found))
    return _page(request, found)


def _page(
    request: ActorRequest,
    found: Assignment,
    *,
    typed: Mapping[str, str] | None = None,
    held_back: Mapping[str, str] | None = None,
) -> HttpResponse:
    """``typed`` is what a save could not take, which stays in its controls with the reason beside it."""
    call = found.panel.call
    sheet, pack, opened = sheet_of(call), pack_of(call), is_open(found)
    content = content_for(found) if opened else None
    files = frozen_files(content) if content is not None else ()
    standing = values_of(found, sheet)
    errors = dict(held_back or {})
    faults = faults_of(found, sheet) if "check" in request.GET and may_write(found) else []
    errors |= {fault.target.removeprefix("f-"): fault.text for fault in faults}
    kept = {name: text for name, text in (typed or {}).items() if name in errors}
    deadline = found.panel.deadline
    context = {
        "assignment": found,
        "title": title_of(found),
        "call": call,
        "content": content,
        "blind": found.panel.blind,
        "open": opened,
        "writes": may_write(found),
        "pill": PILLS[Assignment.State(found.state)],
        "form": sheet_form(sheet, pack, content, files, values={**standing, **kept}, errors=errors),
        "machine": [] if content is None else machine_rows(pack, content, sheet.judged),
        "shown": json.dumps(standing, ensure_ascii=False),
        "faults": faults,
        "conflicts": len(held_back or {}),
        "done": answered(found, sheet),
        "total": sheet.total,
        "due": None if deadline is None or found.submitted_at else due(deadline, current_calendar()),
        "chairs": chair_of(found.panel, found.application_id) == found.pk,
        "crumbs": crumbs(Crumb(found.label)),
        **(_papers(request, found) if opened else {}),
    }
    status = HTTPStatus.CONFLICT if held_back else HTTPStatus.OK
    return render(request, "recognition/assignment.html", context, status=status)


def _papers(request: ActorRequest, found: Assignment) -> dict[str, Any]:
    """The list of frozen files and the one that lies open."""
    files = frozen_files(content_for(found))
    number, page = (whole_number(request.GET.get(name, ""), digits=4) or 1 for name in ("file", "page"))
    wanted = file_numbered(files, number) or (files[0] if files else None)
    return {
        "assignment": found,
        "files": files,
        "viewer": open_paper(found.application, wanted, page),
        "evidence_hidden": found.panel.evidence_hidden,
        "blind": found.panel.blind,
    }


@require_GET
@never_cache
@for_roles(Role.EXPERT)
def page(request: ActorRequest, pk: int, number: int, page: int) -> HttpResponseBase:
    """One page of a frozen file as a picture. There is no way to the file itself."""
    found = own_file(request, pk)
    if not is_open(found):
        raise Http404("这件评审没有打开。")
    file = file_numbered(frozen_files(content_for(found)), number)
    stored = None if file is None else stored_file(found.application, file)
    if stored is None:
        raise Http404("没有这份材料。")
    return picture(request, stored, page, enterprise_id=found.application.enterprise_id)


@require_POST
@never_cache
@for_roles(Role.EXPERT)
def save(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Take in what was typed; scripts get JSON, everybody else the page again."""
    found = own_file(request, pk)
    scripted = request.headers.get("X-Requested-With") == "autosave"
    texts = {name: str(text) for name, text in request.POST.items()}
    try:
        saved = save_sheet(actor=request.actor, assignment=found, texts=texts, shown=shown_texts(texts))
    except Refused as refused:
        if scripted:
            return JsonResponse({"message": refused.message}, status=HTTPStatus.CONFLICT)
        messages.error(request, refused.message)
        return redirect("recognition:assignment", pk=pk)
    found = own_file(request, pk)
    if scripted:
        sheet = sheet_of(found.panel.call)
        return JsonResponse(
            {
                "saved_at": f"{saved.at:%H:%M:%S}",
                "done": answered(found, sheet),
                "total": sheet.total,
                "errors": saved.held_back,
                "shown": saved.shown,
                "missing": [fault.target.removeprefix("f-") for fault in faults_of(found, sheet)],
            }
        )
    if saved.held_back:
        return _page(request, found, typed=texts, held_back=saved.held_back)
    if texts.get("next") == "submit":
        return redirect("recognition:assignment-submit", pk=pk)
    messages.success(request, f"已保存 {saved.at:%H:%M:%S}")
    return redirect("recognition:assignment", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(Role.EXPERT)
def submit(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Hand the sheet in, once it is whole."""
    found = own_file(request, pk)
    sheet = sheet_of(found.panel.call)
    back = reverse("recognition:assignment", args=[pk])
    if not may_write(found):
        return redirect(back)
    if faults_of(found, sheet):
        return redirect(f"{back}?check=1")
    negative = [item.label for item in sheet.judged if _finding(found, item.id) == "not_met"]
    asked = Confirmation(
        title=f"提交{title_of(found)}的评审意见",
        verb="提交评审意见",
        back=back,
        consequences=(
            f"总体意见：{'建议认定' if found.positive else '不建议认定'}。",
            f"评为不符合的 {len(negative)} 项：{'、'.join(negative)}。" if negative else "各项均评为符合。",
            "提交后不能再改。全部专家提交之前，其他专家、组长和组织单位都看不到您的意见。",
        ),
        serious=False,
        crumbs=crumbs(Crumb(found.label, back), Crumb("提交")),
    )
    return asked.then(
        request,
        lambda: submit_sheet(actor=request.actor, assignment=found),
        f"已提交{found.label}的评审意见。",
    )


def _finding(found: Assignment, criterion: str) -> str:
    judged: Mapping[str, str] = found.judgements.get(criterion, {})
    return judged.get("finding", "")


@require_GET
@never_cache
@for_roles(Role.EXPERT)
def paper(request: ActorRequest, pk: int) -> HttpResponseBase:
    """The own sheet as a PDF to sign. Only what was handed in is on paper."""
    found = own_file(request, pk)
    if found.state != Assignment.State.SUBMITTED:
        raise Http404("评审意见还没有提交。")
    response = HttpResponse(sheet_pdf(found, named=not found.panel.blind), content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"专家评审表 {found.label}.pdf"
    )
    return response
