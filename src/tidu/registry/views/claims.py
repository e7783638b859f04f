"""Checking claims: for the district's officer, and the city's where no district does."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tidu.accounts.ties import ties_of
from tidu.core.components import Choice, Column, Crumb
from tidu.core.confirmation import Confirmation
from tidu.core.files.previewing import Unshowable, page_count
from tidu.core.files.serving import download, picture
from tidu.core.gates import for_roles
from tidu.core.listing import Filter, chosen, listing
from tidu.core.personal.fields import masked
from tidu.core.refusals import Refused
from tidu.core.requests import ActorRequest
from tidu.core.roles import Role
from tidu.registry.actions.claims import accept_claim, refuse_claim
from tidu.registry.models import Claim, ClaimState
from tidu.registry.queries.claims import (
    CHECKERS,
    claims_seen,
    compared,
    may_check,
    other_accounts,
    other_claims,
    waiting,
)

_WAITING: Final = "waiting"
_STATES: Final = (
    Choice(_WAITING, "等待核实"),
    Choice("no-letter", "等待授权书"),
    *(Choice(state.value, state.label) for state in ClaimState if state != ClaimState.OPEN),
)
_COLUMNS: Final = (
    Column("所填企业名称"),
    Column("申请人"),
    Column("旗县区"),
    Column("提交时间", sort="created"),
    Column("状态"),
)
_REASONS: Final = (
    Choice("seal", "授权书没有盖章或签字"),
    Choice("person", "授权书上的人与注册人不一致"),
    Choice("code", "信用代码或企业名称与营业执照不一致"),
    Choice("unclear", "授权书看不清"),
    Choice("other", "其他"),
)


@require_GET
@for_roles(*CHECKERS, Role.AUDITOR)
def claims(request: ActorRequest) -> HttpResponse:
    """The claims of one's place."""
    filters = (Filter("state", "状态", choices=_STATES), Filter("q", "企业名称", "text"))
    on = chosen(request.GET, filters)
    rows = claims_seen(request.actor)
    match on.get("state"):
        case None:
            pass
        case "waiting":
            rows = waiting(rows)
        case "no-letter":
            rows = rows.filter(state=ClaimState.OPEN, letter=None)
        case state:
            rows = rows.filter(state=state)
    if on.get("q"):
        rows = rows.filter(stated_name__icontains=on["q"])
    shown = listing(request, rows, filters=filters, sorts={"created": ("created_at",)}, default="-created")
    context = {"list": shown, "columns": _COLUMNS, "crumbs": (Crumb("企业认领"),)}
    return render(request, "registry/claims.html", context)


@require_GET
@for_roles(*CHECKERS, Role.AUDITOR)
def claim(request: ActorRequest, pk: int) -> HttpResponse:
    """One claim: the letter, and what was stated beside what is on the books."""
    return _claim_page(request, _seen(request, pk))


def _seen(request: ActorRequest, pk: int) -> Claim:
    return get_object_or_404(
        claims_seen(request.actor).select_related("letter", "decided_by", "enterprise__organisation"), pk=pk
    )


def _claim_page(request: ActorRequest, found: Claim, *, error: str = "") -> HttpResponse:
    pages, fault = 0, ""
    if found.letter is not None:
        try:
            pages = page_count(found.letter)
        except Unshowable as unshowable:
            fault = str(unshowable)
    open_now = found.state == ClaimState.OPEN
    avoided = ties_of(request.actor).ground(found.enterprise)
    context = {
        "claim": found,
        "compared": compared(found),
        "accounts": other_accounts(found),
        "others": other_claims(found),
        "pages": range(1, min(pages, _SHOWN_PAGES) + 1),
        "page_count": pages,
        "fault": fault,
        "open": open_now,
        "may_decide": open_now and may_check(request.actor, found.enterprise) and not avoided,
        "avoided": avoided,
        "own": found.user_id == request.actor.user_id,
        "phone": masked(request, found, "phone"),
        "error": error,
        "crumbs": (Crumb("企业认领", reverse("registry:claims")), Crumb(found.stated_name)),
    }
    return render(
        request, "registry/claim.html", context, status=HTTPStatus.CONFLICT if error else HTTPStatus.OK
    )


_SHOWN_PAGES: Final = 5


@require_GET
@for_roles(*CHECKERS, Role.AUDITOR)
def letter(request: ActorRequest, pk: int) -> HttpResponseBase:
    """The letter as it was sent."""
    found = _seen(request, pk)
    if found.letter is None:
        raise Http404("还没有上传授权书。")
    return download(request, found.letter, enterprise_id=found.enterprise_id)


@require_GET
@for_roles(*CHECKERS, Role.AUDITOR)
def letter_page(request: ActorRequest, pk: int, page: int) -> HttpResponseBase:
    """A page of the letter as a picture."""
    found = _seen(request, pk)
    if found.letter is None:
        raise Http404("还没有上传授权书。")
    return picture(request, found.letter, page, enterprise_id=found.enterprise_id)


@require_POST
@for_roles(*CHECKERS)
def accept(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Let the claimant in."""
    found = _seen(request, pk)
    try:
        accept_claim(actor=request.actor, claim=found, letter=request.POST.get("letter", ""))
    except Refused as refused:
        return _claim_page(request, _seen(request, pk), error=refused.message)
    messages.success(request, f"已通过“{found.stated_name}”的认领，申请人重新登录后可以填报。")
    return redirect("registry:claim", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*CHECKERS)
def refuse(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Turn the claim down, with the reason."""
    found = _seen(request, pk)
    page = reverse("registry:claim", args=[pk])
    asked = Confirmation(
        title=f"不通过“{found.stated_name}”的认领",
        verb="不通过认领",
        back=page,
        reason="理由",
        choices=_REASONS,
        hint="写明哪里不对、怎样改正，申请人看得到。",
        consequences=("申请人会收到理由，可以改正后重新认领。",),
        crumbs=(
            Crumb("企业认领", reverse("registry:claims")),
            Crumb(found.stated_name, page),
            Crumb("不通过"),
        ),
    )
    if request.method == "POST" and asked.read(request.POST):
        picked = next(
            (item.label for item in _REASONS if item.value == asked.picked and item.value != "other"), ""
        )
        reason = "：".join(part for part in (picked, asked.given) if part)
        try:
            refuse_claim(actor=request.actor, claim=found, reason=reason)
        except Refused as refused:
            return _claim_page(request, _seen(request, pk), error=refused.message)
        messages.success(request, f"已退回“{found.stated_name}”的认领，理由已经发给申请人。")
        return redirect(page)
    return asked.answer(request)
