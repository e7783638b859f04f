"""Declared interests: one's own, those that a security administrator enters, and the list of both for the auditor."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from tidu.accounts import queries
from tidu.accounts.actions.interests import (
    ask_to_end,
    declare_interest,
    end_interest,
    keep_interest,
    may_ask_to_end,
    may_end,
)
from tidu.accounts.confirmation import confirmed
from tidu.accounts.forms.dressing import posted
from tidu.accounts.forms.interests import InterestForm
from tidu.accounts.models import Ground, Interest, User
from tidu.core.components import Choice, Column, Crumb
from tidu.core.confirmation import Confirmation
from tidu.core.gates import for_roles
from tidu.core.listing import Filter, chosen, listing
from tidu.core.refusals import Refused
from tidu.core.requests import ActorRequest
from tidu.core.roles import Role

_FILTERS = (
    Filter("q", "姓名、企业", "text", hint="姓名、企业名称或代码"),
    Filter("ground", "情形", choices=tuple(Choice(*pair) for pair in Ground.choices)),
    Filter(
        "state",
        "状态",
        choices=(Choice("current", "有效"), Choice("asked", "待核对终止"), Choice("ended", "已终止")),
    ),
)


@require_http_methods(["GET", "POST"])
def own(request: ActorRequest) -> HttpResponse:
    """What one has declared, and what others have entered; the form for one more."""
    person = cast("User", request.user)
    form = InterestForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            interest = declare_interest(actor=request.actor, person=person, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"已申报：{interest}。这家企业的事项即时起不由您办理。")
            return redirect("accounts:interests")
    rows = Interest.objects.filter(person=person).select_related("declared_by", "ended_by")
    context = {
        "form": form,
        "rows": [(row, may_ask_to_end(request.actor, row)) for row in rows],
        "columns": (Column("企业"), Column("情形"), Column("说明"), Column("申报"), Column("状态")),
        "crumbs": (Crumb("我的账号", reverse("accounts:account")), Crumb("回避申报")),
    }
    return render(request, "accounts/interests.html", context)


@require_http_methods(["GET", "POST"])
def ask(request: ActorRequest, pk: int) -> HttpResponse:
    """Ask for the end of one of one's own."""
    interest = get_object_or_404(Interest.objects.visible_to(request.actor), pk=pk)
    if not may_ask_to_end(request.actor, interest):
        raise Http404
    asked = Confirmation(
        title=f"请求终止回避申报：{interest}",
        verb="请求终止",
        back=reverse("accounts:interests"),
        consequences=(
            "由安全管理员核对后终止，在此以前照常回避。",
            "终止以后，另有任职记录的仍须回避。",
            "申报、请求和答复都保留，安全管理员和审计岗看得到。",
        ),
        reason="终止的理由",
        hint="写明关系何时、怎样结束，例如股份已全部转让。",
        serious=False,
    )
    return asked.then(
        request,
        lambda: ask_to_end(actor=request.actor, interest=interest, reason=asked.given),
        "已请求终止，等待安全管理员核对。",
    )


@for_roles(Role.SECURITY_ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def end(request: ActorRequest, pk: int) -> HttpResponse:
    """End one of somebody else's, with a reason."""
    interest = _to_answer(request, pk)
    asked = Confirmation(
        title=f"终止{interest.person}的回避申报：{interest}",
        verb="终止回避",
        back=reverse("accounts:interests-register"),
        text=_request_of(interest),
        consequences=(
            "这家企业的事项即时起可以由本人办理；另有任职记录的，仍须回避。",
            "申报和终止的理由都保留，本人和审计岗看得到。",
        ),
        reason="核对的情况",
        hint="写明核对了什么，例如已查看股权转让登记。",
        seen=[interest.pk, interest.ending_reason],
    )
    return asked.then(
        request,
        lambda: end_interest(actor=request.actor, interest=interest, reason=asked.given),
        "回避申报已终止。",
    )


@for_roles(Role.SECURITY_ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def keep(request: ActorRequest, pk: int) -> HttpResponse:
    """Answer that the reason given does not do: it goes on counting."""
    interest = _to_answer(request, pk)
    if interest.ending_asked_at is None:
        raise Http404
    asked = Confirmation(
        title=f"不同意终止{interest.person}的回避申报：{interest}",
        verb="不同意终止",
        back=reverse("accounts:interests-register"),
        text=_request_of(interest),
        consequences=("照常回避。本人看得到理由，可以再次请求。",),
        reason="不同意的理由",
        serious=False,
    )
    return asked.then(
        request,
        lambda: keep_interest(actor=request.actor, interest=interest, reason=asked.given),
        "已答复，照常回避。",
    )


def _to_answer(request: ActorRequest, pk: int) -> Interest:
    found = Interest.objects.visible_to(request.actor).select_related("person")
    interest = get_object_or_404(found, pk=pk)
    if not may_end(request.actor, interest):
        raise Http404
    return interest


def _request_of(interest: Interest) -> str:
    if interest.ending_asked_at is None:
        return ""
    return f"本人 {timezone.localtime(interest.ending_asked_at):%Y-%m-%d} 请求终止：{interest.ending_reason}"


@for_roles(Role.SECURITY_ADMINISTRATOR, Role.AUDITOR)
@require_GET
def register(request: ActorRequest) -> HttpResponse:
    """Everything that the people of the place have declared, or that was entered about them."""
    rows = queries.interests(request.actor, **chosen(request.GET, _FILTERS))
    sorts = {"person": ("person__name", "pk"), "declared": ("declared_at", "pk")}
    found = listing(request, rows, filters=_FILTERS, sorts=sorts, default="-declared")
    context = {
        "list": found,
        "rows": [(row, may_end(request.actor, row)) for row in found.page],
        "columns": (
            Column("人员", sort="person"),
            Column("企业"),
            Column("情形"),
            Column("说明"),
            Column("申报", sort="declared"),
            Column("状态"),
        ),
        "keeps_rights": request.actor.has(Role.SECURITY_ADMINISTRATOR),
    }
    return render(request, "accounts/interests_register.html", context)


@for_roles(Role.SECURITY_ADMINISTRATOR)
@confirmed
@require_http_methods(["GET", "POST"])
def enter(request: ActorRequest, pk: int) -> HttpResponse:
    """Enter what has come to light about a person."""
    person = get_object_or_404(User.objects.visible_to(request.actor), pk=pk)
    page = reverse("accounts:person", args=[pk])
    form = InterestForm(posted(request), for_another=True)
    if request.method == "POST" and form.is_valid():
        try:
            interest = declare_interest(actor=request.actor, person=person, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"已为{person}登记回避：{interest}。本人会收到消息。")
            return redirect(page)
    context = {
        "form": form,
        "crumbs": (Crumb("人员", reverse("accounts:people")), Crumb(str(person), page), Crumb("登记回避")),
        "title": f"为{person}登记回避",
        "verb": "登记回避",
        "note": "本人没有申报而应当回避的，由安全管理员依据核查结果登记，也由安全管理员终止。本人看得到，会收到消息。",
    }
    return render(request, "accounts/form_page.html", context)
