"""What is done to a case: evidence, notice, statement, proposal, confirmation."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tidu.core.components import Crumb
from tidu.core.confirmation import Confirmation
from tidu.core.files.request_size import receives_files
from tidu.core.gates import for_roles
from tidu.core.refusals import Refused
from tidu.core.requests import ActorRequest
from tidu.core.roles import Role
from tidu.recognition.actions.cancellation_decisions import confirm, propose, return_proposal
from tidu.recognition.actions.cancellation_replies import record_reply, reply, withdraw_reply
from tidu.recognition.actions.cancellation_steps import MOST_FILES
from tidu.recognition.actions.cancellations import add_files, draft_notice, send_notice
from tidu.recognition.forms.life import ProposalForm, ReplyForm
from tidu.recognition.models import Cancellation
from tidu.recognition.views.cancellations import case_page, received_files, seen


@require_POST
@for_roles(Role.CITY_OFFICER)
@receives_files(files=MOST_FILES)
def evidence(request: ActorRequest, pk: int) -> HttpResponse:
    """Put evidence into the case."""
    found = seen(request, pk)
    return _done(
        request,
        found,
        lambda: add_files(actor=request.actor, case=found, files=received_files(request)),
        "证据已放入案件。",
    )


@require_POST
@for_roles(Role.CITY_OFFICER)
def draft(request: ActorRequest, pk: int) -> HttpResponse:
    """Write the notice as a draft."""
    found = seen(request, pk)
    return _done(
        request,
        found,
        lambda: draft_notice(actor=request.actor, case=found),
        "告知书草稿已拟好，请看过再发出。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(Role.CITY_OFFICER)
def notify(request: ActorRequest, pk: int) -> HttpResponse:
    """Issue the notice; the limit of reply begins."""
    found = seen(request, pk)
    if found.state != Cancellation.State.OPENED and request.method != "POST":
        raise Http404
    asked = Confirmation(
        title=f"向{found.enterprise.name}发出告知书",
        verb="发出告知书",
        back=_page(found),
        consequences=(
            "编发文号，内容不能再改。",
            "企业从明天起有陈述和申辩的期限。",
            "期满或者收到陈述以前，不能提出取消。",
        ),
        serious=False,
        crumbs=_crumbs(found, "发出告知书"),
    )
    return asked.then(
        request, lambda: send_notice(actor=request.actor, case=found), "告知书已发出，企业已收到通知。"
    )


@require_POST
@for_roles(Role.ENTERPRISE_MANAGER, Role.CITY_OFFICER)
@receives_files(files=MOST_FILES)
def state_reply(request: ActorRequest, pk: int) -> HttpResponse:
    """The enterprise's statement, or one on paper that an officer enters."""
    found = seen(request, pk)
    form = ReplyForm(request.POST)
    if form.is_valid():
        act = reply if request.actor.is_enterprise else record_reply
        try:
            act(
                actor=request.actor,
                case=found,
                text=form.cleaned_data["text"],
                files=received_files(request),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "陈述已提交。")
            return redirect("recognition:cancellation", pk=found.pk)
    return case_page(request, found, reply=form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(Role.ENTERPRISE_MANAGER)
def take_reply_back(request: ActorRequest, pk: int) -> HttpResponse:
    """Withdraw the statement."""
    found = seen(request, pk)
    asked = Confirmation(
        title="撤回陈述",
        verb="撤回陈述",
        back=_page(found),
        consequences=("原来的陈述和材料不再使用。", "陈述期限照常计算，期满没有再提交的，视为没有陈述。"),
        crumbs=_crumbs(found, "撤回陈述", own=True),
    )
    return asked.then(
        request, lambda: withdraw_reply(actor=request.actor, case=found), "陈述已撤回，期限内可以重新提交。"
    )


@require_POST
@for_roles(Role.CITY_OFFICER)
def put_proposal(request: ActorRequest, pk: int) -> HttpResponse:
    """Propose what is to be decided."""
    found = seen(request, pk)
    form = ProposalForm(request.POST)
    if form.is_valid():
        try:
            propose(
                actor=request.actor,
                case=found,
                cancels=form.cleaned_data["cancels"] == "yes",
                opinion=form.cleaned_data["opinion"],
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "处理意见已提出，请另一位经办人确认。")
            return redirect("recognition:cancellation", pk=found.pk)
    return case_page(request, found, proposal=form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(Role.CITY_OFFICER)
def confirm_proposal(request: ActorRequest, pk: int) -> HttpResponse:
    """Decide as proposed."""
    found = seen(request, pk)
    if found.cancels is None:
        raise Http404
    consequences = (
        ("决定编发文号并送达企业。", "称号从今天起取消，证书失效，公开名单随之更新。")
        if found.cancels
        else ("决定编发文号并送达企业。", "称号继续有效，案件办结。")
    )
    asked = Confirmation(
        title=f"确认{'取消' if found.cancels else '不予取消'}{found.enterprise.name}的称号",
        verb="确认取消称号" if found.cancels else "确认不予取消",
        back=_page(found),
        text=found.opinion,
        consequences=consequences,
        serious=bool(found.cancels),
        seen=(found.cancels, found.opinion),
        crumbs=_crumbs(found, "确认处理意见"),
    )
    return asked.then(request, lambda: confirm(actor=request.actor, case=found), "已确认，决定已印发。")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(Role.CITY_OFFICER)
def give_back(request: ActorRequest, pk: int) -> HttpResponse:
    """Return a proposal."""
    found = seen(request, pk)
    if found.cancels is None and request.method != "POST":
        raise Http404
    asked = Confirmation(
        title="退回处理意见",
        verb="退回处理意见",
        back=_page(found),
        reason="理由",
        serious=False,
        crumbs=_crumbs(found, "退回处理意见"),
    )
    return asked.then(
        request,
        lambda: return_proposal(actor=request.actor, case=found, reason=asked.given),
        "处理意见已退回。",
    )


def _done(request: ActorRequest, found: Cancellation, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except Refused as refused:
        return case_page(request, found, refused=refused.message)
    messages.success(request, done)
    return redirect("recognition:cancellation", pk=found.pk)


def _page(found: Cancellation) -> str:
    return reverse("recognition:cancellation", args=[found.pk])


def _crumbs(found: Cancellation, what: str, *, own: bool = False) -> tuple[Crumb, ...]:
    first = (
        Crumb("我的称号", reverse("recognition:own-titles"))
        if own
        else Crumb("取消称号", reverse("recognition:cancellations"))
    )
    return (first, Crumb(found.enterprise.name, _page(found)), Crumb(what))
