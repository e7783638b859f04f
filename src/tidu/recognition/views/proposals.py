"""The list for the meeting: made, put before the meeting, handed in with its minutes, confirmed by a second officer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.core.citations import clauses
from tidu.core.components import Column, Crumb
from tidu.core.confirmation import Confirmation
from tidu.core.documents.serving import serve_docx, serve_pdf
from tidu.core.files.kinds import FileRefused
from tidu.core.files.receiving import Received, receive_file, upload_terms
from tidu.core.files.request_size import receives_files
from tidu.core.files.serving import download
from tidu.core.gates import for_roles
from tidu.core.listing import listing
from tidu.core.models import OfficialDocument
from tidu.core.refusals import Refused, http_status
from tidu.core.requests import ActorRequest, whole_number, whole_numbers
from tidu.core.roles import CITY_WIDE, Role
from tidu.policy.documents.pack import Pack
from tidu.recognition.actions.deciding import confirm_proposal
from tidu.recognition.actions.proposals import (
    MINUTES_FILES,
    Choice,
    add_arrived,
    clear_stale,
    drop_proposal,
    issue_material,
    open_proposal,
    propose,
    return_proposal,
    save_choices,
)
from tidu.recognition.models import Call, Proposal, ProposalItem
from tidu.recognition.process.handover import goes_on
from tidu.recognition.process.rules import pack_of, route_of_call
from tidu.recognition.queries.conditions import citable_of
from tidu.recognition.queries.consolidated import rows_of
from tidu.recognition.queries.proposals import OPEN, arrived_since, listed_in
from tidu.recognition.views.consolidated import call_seen

_COLUMNS: Final = (
    Column("次序", number=True),
    Column("企业"),
    Column("自动核对"),
    Column("区县与专家"),
    Column("是否列入"),
    Column("不列入的理由与条款"),
)
_PER_PAGE: Final = 50
_PILLS: Final = {
    Proposal.State.DRAFT: "future",
    Proposal.State.PROPOSED: "soon",
    Proposal.State.CONFIRMED: "met",
    Proposal.State.DROPPED: "expired",
}
FORMS: Final = {"pdf": serve_pdf, "docx": serve_docx}


@require_POST
@for_roles(Role.CITY_OFFICER)
def new(request: ActorRequest, pk: int) -> HttpResponse:
    """Begin a list of what waits for the decision, or go to the one that is open."""
    call = call_seen(request, pk)
    try:
        found = open_proposal(actor=request.actor, call=call)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("recognition:consolidated", pk=pk)
    return redirect("recognition:proposal", pk=found.pk)


def _seen(request: ActorRequest, pk: int) -> Proposal:
    rows = Proposal.objects.visible_to(request.actor)
    return get_object_or_404(
        rows.select_related("call__organisation", "proposed_by", "confirmed_by", "material", "minutes"),
        pk=pk,
    )


@require_safe
@for_roles(*CITY_WIDE)
def proposal(request: ActorRequest, pk: int) -> HttpResponse:
    """One list: to be made by its proposer, to be confirmed by a colleague, to be read by the others."""
    return _page(request, _seen(request, pk))


def _page(
    request: ActorRequest, found: Proposal, refused: Refused | None = None, *, part: str = ""
) -> HttpResponse:
    call, state = found.call, Proposal.State(found.state)
    items = found.items.select_related(
        "application__enterprise", "application__district", "application__recommendation"
    )
    shown = listing(
        request,
        items,
        sorts={"rank": ("-selected", "rank")},
        default="rank",
        per_page=_PER_PAGE,
    )
    officer = request.actor.has(Role.CITY_OFFICER)
    own = found.proposed_by_id == request.actor.user_id
    editing = (
        officer
        and state == Proposal.State.DRAFT
        and goes_on(request.actor, found.proposed_by_id, call.organisation_id)
    )
    posted = request.POST if refused else QueryDict()
    listed = listed_in(found)
    frozen = found.material is not None and found.material.state != OfficialDocument.State.DRAFT
    context = {
        "proposal": found,
        "call": call,
        "pill": _PILLS[state],
        "list": shown,
        "columns": _COLUMNS,
        "rows": _rows(shown.page, posted.dict() if refused and part == "list" else {}, pack_of(call)),
        "editing": editing,
        "conditions": citable_of(call),
        "selected": listed.selected,
        "total": listed.total,
        "over": call.quota is not None and listed.selected > call.quota,
        "stale": listed.stale,
        "may_clear": officer and state in OPEN,
        "arrived": arrived_since(found).count() if editing else 0,
        "material_frozen": frozen,
        "may_confirm": officer and not own and state == Proposal.State.PROPOSED,
        "own_proposed": officer and own and state == Proposal.State.PROPOSED,
        "may_drop": officer and state in OPEN,
        "given": {
            name: posted.get(name, "")
            or (getattr(found, name) if name != "meeting_on" else _iso(found.meeting_on))
            for name in ("meeting_no", "meeting_on", "over_quota")
        },
        "upload": upload_terms(MINUTES_FILES),
        "minutes_required": "" if found.minutes_id else "yes",
        "refused": refused,
        "part": part,
        "crumbs": (
            Crumb("工作台", reverse("desk:home")),
            Crumb(f"{call.called}总表", reverse("recognition:consolidated", args=[call.pk])),
            Crumb("认定方案"),
        ),
    }
    return render(request, "recognition/proposal.html", context, status=http_status(refused))


def _rows(page: Iterable[ProposalItem], posted: Mapping[str, str], pack: Pack) -> list[dict[str, Any]]:
    items = list(page)
    said = rows_of([item.application for item in items])
    rows = []
    for item, row in zip(items, said, strict=True):
        pk = item.application_id
        chosen = posted.get(f"selected-{pk}", "yes" if item.selected else "no")
        rows.append(
            {
                "item": item,
                "row": row,
                "selected": chosen == "yes",
                "rank": posted.get(f"rank-{pk}", str(item.rank)),
                "reason": posted.get(f"reason-{pk}", item.reason),
                "cite": posted.get(f"cite-{pk}", item.cite),
                "cited": clauses(pack, (item.cite,)),
            }
        )
    return rows


def _iso(day: dt.date | None) -> str:
    return "" if day is None else day.isoformat()


@require_POST
@for_roles(Role.CITY_OFFICER)
def save(request: ActorRequest, pk: int) -> HttpResponse:
    """Keep what was chosen on one page of the list."""
    found, posted = _seen(request, pk), request.POST
    try:
        choices = {number: _choice(posted, number) for number in whole_numbers(posted.getlist("item"))}
        changed = save_choices(actor=request.actor, proposal=found, choices=choices)
    except Refused as refused:
        return _page(request, _seen(request, pk), refused, part="list")
    messages.success(request, f"已保存，改动 {changed} 件。" if changed else "没有改动。")
    return redirect(f"{reverse('recognition:proposal', args=[pk])}?{request.GET.urlencode()}")


def _choice(posted: QueryDict, number: int) -> Choice:
    return Choice(
        posted.get(f"selected-{number}") == "yes",
        whole_number(posted.get(f"rank-{number}", "").strip(), digits=5) or 0,
        posted.get(f"reason-{number}", ""),
        posted.get(f"cite-{number}", ""),
    )


@require_POST
@for_roles(Role.CITY_OFFICER)
def arrived(request: ActorRequest, pk: int) -> HttpResponse:
    """Take in what has come to the decision since."""
    found = _seen(request, pk)
    return _done(
        request,
        found,
        lambda: add_arrived(actor=request.actor, proposal=found),
        lambda number: f"已补入 {number} 件。",
    )


@require_POST
@for_roles(Role.CITY_OFFICER)
def clear(request: ActorRequest, pk: int) -> HttpResponse:
    """Drop what was withdrawn meanwhile."""
    found = _seen(request, pk)
    return _done(
        request,
        found,
        lambda: clear_stale(actor=request.actor, proposal=found),
        lambda number: f"已移出 {number} 件。",
    )


@require_POST
@for_roles(Role.CITY_OFFICER)
def material(request: ActorRequest, pk: int) -> HttpResponse:
    """Freeze the material as it goes to the meeting."""
    found = _seen(request, pk)
    return _done(
        request,
        found,
        lambda: issue_material(actor=request.actor, proposal=found),
        lambda _document: "会议材料已定稿。会议研究后，按决定修改名单，再填写会议编号和日期提交。",
    )


def _done(
    request: ActorRequest, found: Proposal, act: Callable[[], Any], words: Callable[[Any], str]
) -> HttpResponse:
    try:
        outcome = act()
    except Refused as refused:
        return _page(request, _seen(request, found.pk), refused)
    messages.success(request, words(outcome))
    return redirect("recognition:proposal", pk=found.pk)


@require_safe
@for_roles(*CITY_WIDE)
def document(request: ActorRequest, pk: int, form: str) -> HttpResponseBase:
    """The material for the meeting, with a watermark until it is frozen."""
    found = _seen(request, pk)
    if form not in FORMS or found.material is None:
        raise Http404("还没有会议材料。")
    return FORMS[form](request, found.material)


@require_POST
@for_roles(Role.CITY_OFFICER)
@receives_files()
def propose_list(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Enter what the meeting decided, with its minutes."""
    found, posted = _seen(request, pk), request.POST
    try:
        propose(
            actor=request.actor,
            proposal=found,
            meeting_no=posted.get("meeting_no", ""),
            meeting_on=_day(posted.get("meeting_on", "")),
            minutes=_minutes(request),
            over_quota=posted.get("over_quota", ""),
        )
    except Refused as refused:
        return _page(request, _seen(request, pk), refused, part="meeting")
    messages.success(request, "方案已提交，请另一位同事确认。")
    return redirect("recognition:proposal", pk=pk)


def _minutes(request: ActorRequest) -> Received | None:
    upload = request.FILES.get("minutes")
    if upload is None:
        return None
    try:
        return receive_file(actor=request.actor, upload=upload, allowed=MINUTES_FILES)
    except FileRefused as refused:
        raise Refused(refused.message, field="minutes") from refused


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.CITY_OFFICER)
def confirm(request: ActorRequest, pk: int) -> HttpResponse:
    """Confirm what the meeting decided, for every application of the list at once."""
    found = _seen(request, pk)
    selected = found.items.filter(selected=True).count()
    others = found.items.filter(selected=False).count()
    following = "等待公示" if _has_notice(found.call) else "等待认定"
    asked = Confirmation(
        title=f"确认认定方案：{found.call.batch_name}",
        verb="确认认定方案",
        back=reverse("recognition:proposal", args=[pk]),
        text=f"会议 {found.meeting_no}，{_iso(found.meeting_on)}。请先核对会议纪要。",
        consequences=(
            f"{selected} 家列入拟认定名单，{following}。",
            f"{others} 家不予认定，各收到一份写明理由和条款的告知书。",
            "确认后不能撤回。",
        ),
        serious=False,
        crumbs=_steps(found, "确认认定方案"),
        seen=(found.proposed_at,),
    )
    return asked.then(
        request,
        lambda: confirm_proposal(actor=request.actor, proposal=found),
        "认定方案已确认，结果已告知企业。",
    )


def _has_notice(call: Call) -> bool:
    return "notice" in route_of_call(call).stages


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.CITY_OFFICER)
def send_back(request: ActorRequest, pk: int) -> HttpResponse:
    """Send the list back to its proposer."""
    found = _seen(request, pk)
    asked = Confirmation(
        title=f"退回认定方案：{found.call.batch_name}",
        verb="退回认定方案",
        back=reverse("recognition:proposal", args=[pk]),
        reason="理由",
        hint="写明哪里要改，拟定人看得到。",
        serious=False,
        crumbs=_steps(found, "退回认定方案"),
    )
    return asked.then(
        request,
        lambda: return_proposal(actor=request.actor, proposal=found, reason=asked.given),
        "方案已退回拟定人。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.CITY_OFFICER)
def drop(request: ActorRequest, pk: int) -> HttpResponse:
    """Give the list up."""
    found = _seen(request, pk)
    asked = Confirmation(
        title=f"作废认定方案：{found.call.batch_name}",
        verb="作废认定方案",
        back=reverse("recognition:consolidated", args=[found.call_id]),
        text="作废后，名单里的企业回到“等待研究决定”，可以另拟方案。",
        reason="理由",
        crumbs=_steps(found, "作废认定方案"),
    )
    return asked.then(
        request,
        lambda: drop_proposal(actor=request.actor, proposal=found, reason=asked.given),
        "方案已作废。",
    )


def _steps(found: Proposal, last: str) -> tuple[Crumb, ...]:
    return (
        Crumb(f"{found.call.called}总表", reverse("recognition:consolidated", args=[found.call_id])),
        Crumb("认定方案", reverse("recognition:proposal", args=[found.pk])),
        Crumb(last),
    )


@require_safe
@for_roles(*CITY_WIDE)
def minutes(request: ActorRequest, pk: int) -> HttpResponseBase:
    """The minutes of the meeting."""
    found = _seen(request, pk)
    if found.minutes is None:
        raise Http404("还没有上传会议纪要。")
    return download(request, found.minutes, enterprise_id=None)
