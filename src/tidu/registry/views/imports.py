"""Imports, for officers: upload, check, write, result; and names that look alike."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from tidu.core.components import Choice, Column, Crumb
from tidu.core.confirmation import Confirmation
from tidu.core.files.kinds import TABLE_KINDS, FileRefused, accepted_suffixes, kinds_in_words
from tidu.core.files.receiving import MEGABYTE, receive_file
from tidu.core.files.request_size import receives_files
from tidu.core.gates import for_roles
from tidu.core.jobs.showing import work_of
from tidu.core.listing import Filter, chosen, listing
from tidu.core.refusals import Refused, http_status
from tidu.core.requests import ActorRequest, whole_number
from tidu.core.roles import Role
from tidu.policy.errors import InputError, Problem
from tidu.registry.actions import imports as actions
from tidu.registry.importing import showing
from tidu.registry.importing.maps import LARGEST_MAP, known_maps, map_from_text
from tidu.registry.models import DuplicateProposal, Import
from tidu.registry.models.imports import ImportKind, ImportState
from tidu.registry.queries.imports import duplicates_for, imports_of, remark_counts, remarks_of, why_not_undo

OFFICERS: Final = (Role.CITY_OFFICER, Role.DISTRICT_OFFICER)
_PER_PAGE: Final = 20
_PREVIEWED: Final = 5
_RECENT: Final = 5
_LIST_COLUMNS: Final = (
    Column("文件"),
    Column("种类"),
    Column("行数", number=True),
    Column("结果"),
    Column("导入人"),
    Column("上传时间", sort="at"),
)
_KIND_FILTER: Final = Filter(
    "kind", "种类", choices=tuple(Choice(kind.value, kind.label) for kind in ImportKind)
)
_VERDICT_FILTER: Final = Filter(
    "verdict",
    "结论",
    choices=tuple(Choice(item.value, item.label) for item in DuplicateProposal.Verdict),
)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*OFFICERS)
@receives_files("IMPORT_BYTES", files=1)
def imports(request: ActorRequest) -> HttpResponseBase:
    """The imports of one's organisation, and the form that takes a new table."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        uploaded = _upload(request, errors)
        if uploaded is not None:
            return redirect("registry:import", pk=uploaded.pk)
    rows = imports_of(request.actor)
    on = chosen(request.GET, (_KIND_FILTER,))
    if "kind" in on:
        rows = rows.filter(kind=on["kind"])
    found = listing(request, rows, filters=(_KIND_FILTER,), sorts={"at": ("id",)}, default="-at")
    context = {
        "steps": (Crumb("工作台", reverse("desk:home")), Crumb("导入")),
        "list": found,
        "columns": _LIST_COLUMNS,
        "rows": [(batch, *showing.outcome_of(batch)) for batch in found.page],
        "kinds": tuple(ImportKind),
        "kind": request.POST.get("kind", ImportKind.ENTERPRISES.value),
        "maps": tuple(known_maps()),
        "chosen_map": request.POST.get("known", ""),
        "accept": accepted_suffixes(TABLE_KINDS),
        "limit": f"{kinds_in_words(TABLE_KINDS)}，不超过 {settings.IMPORT_BYTES // MEGABYTE} MB、20 万行。",
        "bytes": settings.IMPORT_BYTES,
        "errors": errors,
        "open_pairs": duplicates_for(request.actor).filter(verdict="open").count(),
    }
    return render(request, "registry/imports.html", context, status=http_status(errors))


def _upload(request: ActorRequest, errors: dict[str, str]) -> Import | None:
    """Receive the table and, if one came, the map; ``None`` with what is wrong by control."""
    kind, upload = request.POST.get("kind", ""), request.FILES.get("file")
    if kind not in ImportKind.values:
        errors["kind"] = "请选择导入的种类。"
        return None
    if not isinstance(upload, UploadedFile):
        errors["file"] = "还没有选择文件。"
        return None
    try:
        mapping, name = _mapping(request, ImportKind(kind))
    except InputError as error:
        errors["map"] = "；".join(str(problem) for problem in error.problems[:5])
        return None
    try:
        received = receive_file(
            actor=request.actor, upload=upload, allowed=TABLE_KINDS, most=settings.IMPORT_BYTES
        )
    except FileRefused as refused:
        errors["file"] = str(refused)
        return None
    return actions.upload_import(
        actor=request.actor, kind=ImportKind(kind), received=received, mapping=mapping, map_name=name
    )


def _mapping(request: ActorRequest, kind: ImportKind) -> tuple[str, str]:
    """Text and name of the map that came with the table, or of the known one that was chosen; checked."""
    known = next((item for item in known_maps() if item.file == request.POST.get("known")), None)
    upload = request.FILES.get("map")
    if isinstance(upload, UploadedFile) and upload.size:
        try:
            text, name = upload.read(LARGEST_MAP + 1).decode("utf-8"), str(upload.name)
        except UnicodeDecodeError:
            text, name = "", ""
        if not text or len(text) > LARGEST_MAP:
            raise InputError(
                Problem("对照文件读不出来", name or None, remedy="应为不超过 200 KB 的 UTF-8 文本")
            )
    elif known is not None:
        text, name = known.text, known.file
    else:
        return "", ""
    map_from_text(text, kind, name)
    return text, name[:120]


def _own(request: ActorRequest, pk: int) -> Import:
    return get_object_or_404(imports_of(request.actor), pk=pk)


@require_safe
@for_roles(*OFFICERS)
def show(request: ActorRequest, pk: int) -> HttpResponse:
    """One import: being checked, to be decided, being written, or its result."""
    batch = _own(request, pk)
    kept = remark_counts(batch)
    tab = showing.shown_first(kept, request.GET.get("show", ""))
    asked = request.GET.get("page", "1")[:6]
    page = Paginator(remarks_of(batch, tab), _PER_PAGE).get_page(asked)
    changes = remarks_of(batch, "updated")[:_PREVIEWED] if tab in {"error", "warning"} else ()
    recent = imports_of(request.actor).exclude(pk=batch.pk)[:_RECENT]
    name = str(batch.summary.get("file", ""))
    context = {
        "batch": batch,
        "name": name,
        "crumbs": (
            Crumb("工作台", reverse("desk:home")),
            Crumb("导入", reverse("registry:imports")),
            Crumb(name),
        ),
        "title": showing.TITLES[ImportState(batch.state)],
        "state": batch.state,
        "states": ImportState,
        "picture": showing.steps_of(batch),
        "kpis": showing.kpis_of(batch),
        "tabs": showing.tabs_of(batch, tab, kept),
        "tab": tab,
        "page": page,
        "rows": [showing.change_row(item) for item in page] if tab == "updated" else list(page),
        "error_columns": showing.ERROR_COLUMNS,
        "change_columns": showing.CHANGE_COLUMNS,
        "created_columns": showing.CREATED_COLUMNS,
        "changes": [showing.change_row(item) for item in changes],
        "changes_total": kept.get("updated", 0),
        "work": replace(work_of(batch.job, request.actor), stop_label="停止并还原") if batch.job else None,
        "undoing": actions.is_being_undone(batch),
        "writable": batch.created + batch.updated,
        "recent": [(item, *showing.outcome_of(item)) for item in recent],
        "pairs": duplicates_for(request.actor).filter(batch=batch).count(),
        "not_to_undo": why_not_undo(request.actor, batch) if batch.state == ImportState.DONE else "",
        "unwritten": showing.is_before_writing(batch),
    }
    return render(request, "registry/import.html", context)


@require_POST
@for_roles(*OFFICERS)
def start(request: ActorRequest, pk: int) -> HttpResponse:
    """Write the table, skipping bad rows or not."""
    batch = _own(request, pk)
    try:
        actions.start_import(actor=request.actor, batch=batch, skip_bad=request.POST.get("way") == "skip")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("registry:import", pk=pk)


@require_POST
@for_roles(*OFFICERS)
def discard(request: ActorRequest, pk: int) -> HttpResponse:
    """Give a table up."""
    batch = _own(request, pk)
    try:
        actions.discard_import(actor=request.actor, batch=batch)
        messages.success(request, "已放弃这张表，没有写入任何数据。")
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("registry:import", pk=pk)
    return redirect("registry:imports")


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*OFFICERS)
def undo(request: ActorRequest, pk: int) -> HttpResponse:
    """Take a written import back, after asking."""
    batch = _own(request, pk)
    page = reverse("registry:import", kwargs={"pk": pk})
    asked = Confirmation(
        title="撤销这次导入",
        verb="撤销导入",
        back=page,
        text=f"{batch.summary.get('file', '')}，{batch.rows:,} 行。",
        consequences=(
            "这次写入的数据不再采用，被它替换的数据恢复采用；两者都留在历史里。",
            "之后别人又改过的数据不受影响。",
            "只由这次导入带来、没有其他数据的企业不再出现。",
        ),
    )
    if request.method == "POST" and asked.read(request.POST):
        try:
            actions.start_undo(actor=request.actor, batch=batch)
        except Refused as refused:
            messages.error(request, refused.message)
        return redirect(page)
    return asked.answer(request)


@require_GET
@for_roles(*OFFICERS)
def duplicates(request: ActorRequest) -> HttpResponse:
    """Pairs of near names, open ones first."""
    rows = duplicates_for(request.actor)
    on = chosen(request.GET, (_VERDICT_FILTER,))
    rows = rows.filter(verdict=on.get("verdict", DuplicateProposal.Verdict.OPEN))
    if batch := whole_number(request.GET.get("import", "")):
        rows = rows.filter(batch_id=batch)
    found = listing(request, rows, filters=(_VERDICT_FILTER,), sorts={"score": ("score",)}, default="-score")
    context = {
        "steps": (
            Crumb("工作台", reverse("desk:home")),
            Crumb("导入", reverse("registry:imports")),
            Crumb("疑似重复"),
        ),
        "list": found,
        "pairs": list(found.page),
    }
    return render(request, "registry/duplicates.html", context)


@require_POST
@for_roles(*OFFICERS)
def decide(request: ActorRequest, pk: int) -> HttpResponse:
    """Say what a pair is."""
    proposal = get_object_or_404(duplicates_for(request.actor), pk=pk)
    verdict = request.POST.get("verdict", "")
    if verdict not in DuplicateProposal.Verdict.values:
        raise Http404
    actions.decide_duplicate(
        actor=request.actor, proposal=proposal, verdict=DuplicateProposal.Verdict(verdict)
    )
    label = DuplicateProposal.Verdict(verdict).label
    messages.success(request, f"已记为“{label}”：{proposal.first.name}、{proposal.second.name}。")
    return redirect("registry:duplicates")
