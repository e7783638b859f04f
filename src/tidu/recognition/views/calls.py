"""Calls: the list, a new one, writing it, and its page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.accounts.forms.dressing import posted
from tidu.core.calendar import current_calendar
from tidu.core.components import Choice, Column, Crumb, Fault
from tidu.core.documents.serving import serve_docx, serve_pdf
from tidu.core.gates import for_roles
from tidu.core.listing import Filter, chosen, listing
from tidu.core.models import Jurisdiction
from tidu.core.models.jurisdictions import PlaceLevel
from tidu.core.refusals import Refused, http_status
from tidu.core.requests import ActorRequest
from tidu.core.roles import TERRITORIAL, Role
from tidu.policy.errors import InputError
from tidu.recognition.actions.calls import mark_of, save_call, send_for_approval, start_call
from tidu.recognition.calling.checking import CallFault, faults_of, remarks_of
from tidu.recognition.calling.offers import callable_offers
from tidu.recognition.calling.pages import last_of, page_of, state_of, window_words
from tidu.recognition.forms.calls import CallForm, OfferForm
from tidu.recognition.models import AskedChange, Call
from tidu.recognition.process.handover import goes_on
from tidu.recognition.process.reopening import may_be_reopened
from tidu.recognition.process.rules import pack_of, route_of_call
from tidu.recognition.process.window import pack_state
from tidu.recognition.queries.calls import Tally, calls_for, tallies

_COLUMNS: Final = (
    Column("通知", sort="new"),
    Column("状态"),
    Column("受理时间", sort="closes"),
    Column("填报中", number=True),
    Column("已提交", number=True),
    Column("各环节"),
)
_NOBODY: Final = Tally()


def seen(request: ActorRequest, pk: int) -> Call:
    """A call that the actor works with, or 404."""
    return get_object_or_404(calls_for(request.actor), pk=pk)


def crumbs(*last: Crumb) -> tuple[Crumb, ...]:
    """The way to a page of calls."""
    return (Crumb("工作台", reverse("desk:home")), Crumb("申报通知", reverse("recognition:calls")), *last)


@require_safe
@for_roles(*TERRITORIAL)
def calls(request: ActorRequest) -> HttpResponse:
    """The calls of one's city."""
    states = [
        state for state in Call.State if request.actor.has(Role.CITY_OFFICER) or state in Call.PUBLIC_STATES
    ]
    filters = (
        Filter("q", "名称", "text"),
        Filter("state", "状态", choices=tuple(Choice(state.value, state.label) for state in states)),
        Filter("year", "年度", "text", hint="例如 2026"),
    )
    on = chosen(request.GET, filters)
    rows = calls_for(request.actor)
    if "state" in on:
        rows = rows.filter(state=on["state"])
    if "q" in on:
        rows = rows.filter(title__icontains=on["q"])
    if on.get("year", "").isdecimal() and len(on["year"]) == 4:  # noqa: PLR2004 - digits of a year
        rows = rows.filter(year=on["year"])
    found = listing(
        request, rows, filters=filters, sorts={"closes": ("closes_at",), "new": ("pk",)}, default="-new"
    )
    counted = tallies(found.page, request.actor)
    now = timezone.now()
    context = {
        "list": found,
        "columns": _COLUMNS,
        "rows": [(call, state_of(call, now), window_words(call), counted[call.pk]) for call in found.page],
        "may_write": request.actor.has(Role.CITY_OFFICER),
        "crumbs": (*crumbs()[:-1], Crumb("申报通知")),
    }
    return render(request, "recognition/calls.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.CITY_OFFICER)
def new(request: ActorRequest) -> HttpResponse:
    """Choose what is called for."""
    offers = callable_offers(request.actor.place, timezone.localdate())
    choices = [
        (f"{offer.pack.id}/{offer.tier}", f"{offer.recognition.title}（{offer.pack.document.short_title}）")
        for offer in offers
    ]
    form = OfferForm(choices, posted(request), initial={"offer": choices[0][0] if choices else ""})
    if request.method == "POST" and form.is_valid():
        pack, _, tier = form.cleaned_data["offer"].partition("/")
        try:
            call = start_call(actor=request.actor, pack=pack, tier=tier)
        except Refused as refused:
            form.add_error("offer", refused.message)
        else:
            messages.success(request, "草稿已建立，并按政策包填好了建议内容。请逐项核对。")
            return redirect("recognition:call-edit", pk=call.pk)
    context = {"form": form, "offers": offers, "crumbs": crumbs(Crumb("新建通知"))}
    return render(request, "recognition/call_new.html", context, status=http_status(form.errors))


@require_safe
@for_roles(*TERRITORIAL)
def call(request: ActorRequest, pk: int) -> HttpResponse:
    """One call: where it stands, what it rests on, what was changed."""
    found = seen(request, pk)
    return render(request, "recognition/call.html", call_context(request, found))


def call_context(request: ActorRequest, found: Call) -> dict[str, object]:
    """What the page of a call shows."""
    actor = request.actor
    officer = actor.has(Role.CITY_OFFICER)
    writer = officer and found.written_by_id == actor.user_id
    draft = found.state == Call.State.DRAFT
    may_edit = officer and draft and goes_on(actor, found.written_by_id, found.organisation_id)
    closed = found.state == Call.State.PUBLISHED and last_of(found) <= timezone.now()
    published = officer and found.state == Call.State.PUBLISHED
    context = page_of(found, actor, tallies([found], actor)[found.pk], current_calendar())
    asked = found.asked_changes.filter(state=AskedChange.State.ASKED).select_related("asked_by").first()
    return context | {
        "asked_change": asked if officer else None,
        "own_asking": asked is not None and asked.asked_by_id == actor.user_id,
        "may_edit": may_edit,
        "taking_over": may_edit and not writer,
        "may_take_back": writer and found.state == Call.State.APPROVAL,
        "may_approve": officer and not writer and found.state == Call.State.APPROVAL,
        "may_extend": published and (not closed or (asked is None and may_be_reopened(found))),
        "may_close": published and not closed and asked is None and found.opens_at < timezone.now(),
        "may_withdraw": published and asked is None and not context["tally"].handed_in,
        "may_renew": published and asked is None and _newer(found),
        "may_discard": may_edit,
        "crumbs": crumbs(Crumb(found.batch_name or found.title)),
    }


def _newer(found: Call) -> bool:
    try:
        return pack_state(found).newer
    except InputError:
        return False


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.CITY_OFFICER)
def edit(request: ActorRequest, pk: int) -> HttpResponse:
    """Write a draft. What can be read is kept, complete or not."""
    found = seen(request, pk)
    if found.state != Call.State.DRAFT or not goes_on(
        request.actor, found.written_by_id, found.organisation_id
    ):
        return redirect("recognition:call", pk=found.pk)
    try:
        form = _form(request, found)
    except InputError as error:
        messages.error(request, f"所依据的政策包现在不能使用：{error.problems[0].message}。")
        return redirect("recognition:call", pk=found.pk)
    if request.method != "POST":
        return _edit_page(request, found, form)
    form.is_valid()
    try:
        found = save_call(
            actor=request.actor,
            call=found,
            values=form.values(),
            seen=request.POST.get("seen", "")[:16],
            renew_text=bool(form.cleaned_data.get("renew_text")),
        )
        if form.errors:
            return _edit_page(request, found, _again(request, found))
        if request.POST.get("act") == "send":
            return _send(request, found)
    except Refused as refused:
        form.refuse(refused)
        return _edit_page(request, found, form, kept=False)
    messages.success(request, "草稿已保存。")
    return redirect("recognition:call-edit", pk=found.pk)


def _send(request: ActorRequest, found: Call) -> HttpResponse:
    faults = faults_of(found)
    if faults:
        return _edit_page(request, found, _form(request, found, fresh=True), faults=faults)
    send_for_approval(actor=request.actor, call=found)
    messages.success(request, "已送审。请另一位经办人审签，审签后发布。")
    return redirect("recognition:call", pk=found.pk)


def _again(request: ActorRequest, found: Call) -> CallForm:
    """The form as it was sent, with the text as it stands now: it may have followed what could be kept."""
    data = request.POST.copy()
    data["body"] = found.body
    form = CallForm(
        data, call=found, pack=pack_of(found), route=route_of_call(found), places=places_of(found.place_id)
    )
    form.is_valid()
    return form


def _form(request: ActorRequest, found: Call, *, fresh: bool = False) -> CallForm:
    data = None if fresh else posted(request)
    return CallForm(
        data, call=found, pack=pack_of(found), route=route_of_call(found), places=places_of(found.place_id)
    )


def places_of(city: str) -> list[Jurisdiction]:
    """The districts and zones of a city."""
    return list(
        Jurisdiction.objects.filter(
            parent_id=city, level__in=(PlaceLevel.DISTRICT, PlaceLevel.ZONE)
        ).order_by("level", "code")
    )


def _edit_page(
    request: ActorRequest,
    found: Call,
    form: CallForm,
    *,
    faults: list[CallFault] | None = None,
    kept: bool = True,
) -> HttpResponse:
    context = page_of(found, request.actor, _NOBODY, current_calendar())
    summary = form.faults or _pointed_at(form, faults or ())
    words = f"有 {len(summary)} 处需要改，其余已保存" if kept else "这次的改动没有保存"
    context |= {
        "form": form,
        "mark": mark_of(found),
        "summary": summary,
        "early": () if summary else _pointed_at(form, faults_of(found)),
        "summary_title": f"还有 {len(summary)} 处没有完成，草稿已保存，没有送审" if faults else words,
        "remarks": remarks_of(found, current_calendar()),
        "crumbs": crumbs(
            Crumb(found.batch_name or found.title, reverse("recognition:call", args=[found.pk])),
            Crumb("修改"),
        ),
    }
    return render(request, "recognition/call_edit.html", context, status=http_status(summary))


def _pointed_at(form: CallForm, faults: Iterable[CallFault]) -> tuple[Fault, ...]:
    return tuple(Fault(_target(form, fault), fault.text) for fault in faults)


def _target(form: CallForm, fault: CallFault) -> str:
    if fault.field in form.fields:
        return form[fault.field].id_for_label or f"id_{fault.field}"
    return {"materials": "materials", "pack": "basis"}.get(fault.field, "errors")


@require_safe
@for_roles(*TERRITORIAL)
def document(request: ActorRequest, pk: int, form: str) -> HttpResponseBase:
    """The call as an official document: PDF or Word. A draft carries a watermark."""
    found = seen(request, pk)
    if found.document is None:
        return redirect("recognition:call", pk=found.pk)
    return (serve_docx if form == "docx" else serve_pdf)(request, found.document)


@require_POST
@for_roles(Role.CITY_OFFICER)
def send(request: ActorRequest, pk: int) -> HttpResponse:
    """Put a draft before a second officer."""
    found = seen(request, pk)
    try:
        send_for_approval(actor=request.actor, call=found)
        messages.success(request, "已送审。请另一位经办人审签，审签后发布。")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("recognition:call", pk=found.pk)
