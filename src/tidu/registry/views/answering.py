"""Answering a list of questions: on the screen, by workbook, and submitting with document number and date."""

from __future__ import annotations

import datetime as dt
import tempfile
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tidu.core.gates import for_roles
from tidu.core.refusals import Refused
from tidu.core.requests import ActorRequest
from tidu.core.roles import Role
from tidu.policy.errors import InputError
from tidu.registry.actions.confirmations import save_answers, submit_answers
from tidu.registry.confirmation_pages import context_of
from tidu.registry.confirmation_workbook import Filled, read_workbook
from tidu.registry.models import ConfirmationList
from tidu.registry.queries.confirmations import items_of
from tidu.registry.views.confirmations import seen

_CHUNK: Final = 1 << 20
_MOST_ERRORS: Final = 100
_SENTENCE: Final = "；"


@require_POST
@for_roles(Role.DEPARTMENT_OFFICER)
def save(request: ActorRequest, pk: int) -> HttpResponse:
    """Keep the answers of a page, and one answer for whatever of a question is still open."""
    batch = seen(request, pk)
    answers, notes = _posted(request.POST, batch)
    try:
        changed = save_answers(
            actor=request.actor,
            batch=batch,
            answers=answers,
            notes=notes,
            rest={name: request.POST.get(f"rest-{name}", "") for name in batch.questions},
        )
        messages.success(request, f"已保存 {changed} 项答复，提交后生效。" if changed else "没有改动。")
    except Refused as refused:
        messages.error(request, refused.message)
    return _back(request, batch)


def _posted(posted: QueryDict, batch: ConfirmationList) -> tuple[dict[int, str], dict[int, str]]:
    """The answers by item, and the remark of each enterprise for all of its items."""
    answers: dict[int, str] = {}
    notes: dict[int, str] = {}
    remarks = {
        name.removeprefix("note-"): value for name, value in posted.items() if name.startswith("note-")
    }
    for item in batch.items.values("pk", "enterprise_id"):
        answer = posted.get(f"a-{item['pk']}")
        if answer is not None:
            answers[item["pk"]] = str(answer)
        note = remarks.get(str(item["enterprise_id"]))
        if note is not None:
            notes[item["pk"]] = str(note)
    return answers, notes


def _back(request: ActorRequest, batch: ConfirmationList) -> HttpResponse:
    query = request.GET.urlencode()
    address = reverse("registry:confirmation", args=[batch.pk])
    return redirect(f"{address}?{query}" if query else address)


@require_POST
@for_roles(Role.DEPARTMENT_OFFICER)
def submit(request: ActorRequest, pk: int) -> HttpResponse:
    """State the answers, under the document that they rest on."""
    batch = seen(request, pk)
    number, day = request.POST.get("document_no", ""), request.POST.get("stated_on", "")
    try:
        stated = submit_answers(actor=request.actor, batch=batch, document_no=number, stated_on=_day(day))
    except Refused as refused:
        context = context_of(
            request,
            seen(request, pk),
            refused=refused.message,
            field=refused.field,
            given={"document_no": number, "stated_on": day},
        )
        return render(request, "registry/confirmation.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, f"已提交 {stated} 项答复，并已通知发起单位。")
    return _back(request, batch)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text.strip().replace("/", "-"))
    except ValueError:
        return None


@require_POST
@for_roles(Role.DEPARTMENT_OFFICER)
def upload(request: ActorRequest, pk: int) -> HttpResponse:
    """Take in a filled workbook: what can be read is kept, what cannot is listed by row and column."""
    batch = seen(request, pk)
    try:
        filled = _read(request.FILES.get("file"), batch)
        changed = save_answers(actor=request.actor, batch=batch, answers=filled.answers, notes=filled.notes)
    except Refused as refused:
        return _upload_refused(request, pk, refused.message)
    except InputError as error:
        return _upload_refused(request, pk, _SENTENCE.join(str(problem) for problem in error.problems))
    said = f"读取 {filled.rows} 行，保存 {changed} 项改动。"
    if not filled.errors:
        messages.success(request, f"{said}提交后生效。")
        return _back(request, batch)
    messages.warning(request, f"{said}另有 {len(filled.errors)} 处不能读取，列在下面，改好后可以再次上传。")
    context = context_of(request, seen(request, pk), errors=filled.errors[:_MOST_ERRORS])
    return render(request, "registry/confirmation.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _upload_refused(request: ActorRequest, pk: int, message: str) -> HttpResponse:
    context = context_of(request, seen(request, pk), refused=message, field="file")
    return render(request, "registry/confirmation.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _read(upload: UploadedFile[Any] | None, batch: ConfirmationList) -> Filled:
    """The workbook, read from a copy that goes away with the request."""
    if upload is None or not upload.name:
        raise Refused("请选择填好的答复表。", field="file")
    if not upload.name.lower().endswith(".xlsx"):
        raise Refused("请上传 .xlsx 文件，用这份名单下载的答复表填写。", field="file")
    with tempfile.TemporaryDirectory(prefix="tidu-answers-") as folder:
        path = Path(folder) / "答复表.xlsx"
        with path.open("wb") as file:
            for chunk in upload.chunks(_CHUNK):
                file.write(chunk)
        return read_workbook(path, batch, items_of(batch))
