"""What is done to a call beside writing it: approved, returned, extended, closed, withdrawn, renewed, thrown away."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tidu.accounts.forms.dressing import posted
from tidu.core.components import Crumb
from tidu.core.confirmation import Confirmation
from tidu.core.gates import for_roles
from tidu.core.moments import end
from tidu.core.quoting import quoted
from tidu.core.refusals import Refused, http_status
from tidu.core.requests import ActorRequest
from tidu.core.roles import Role
from tidu.recognition.actions.asked_changes import (
    ask_to_close,
    ask_to_renew,
    ask_to_reopen,
    ask_to_withdraw,
    confirm_change,
    return_change,
)
from tidu.recognition.actions.call_changes import extend_call
from tidu.recognition.actions.calls import approve_call, discard_call, mark_of, return_call
from tidu.recognition.forms.calls import CloseForm, ExtendForm
from tidu.recognition.models import AskedChange, Call, CallChange
from tidu.recognition.process.reopening import may_be_reopened
from tidu.recognition.queries.calls import people_called
from tidu.recognition.queries.campaigns import page_of
from tidu.recognition.views.calls import crumbs, seen

_METHODS: Final = ["GET", "HEAD", "POST"]
_RENEWED: Final = ("已经提交的申报和它的结论不变", "已有企业提交的，新版的程序和条件须与原来相同")
_Act = Callable[[ActorRequest, Call], HttpResponse]


def at(
    *states: Call.State, find: Callable[[ActorRequest, int], Call] = seen
) -> Callable[[_Act], Callable[[ActorRequest, int], HttpResponse]]:
    """Give the view the call, where it stands at one of these; from elsewhere it leads to the call's page."""

    def gate(view: _Act) -> Callable[[ActorRequest, int], HttpResponse]:
        @wraps(view)
        def gated(request: ActorRequest, pk: int) -> HttpResponse:
            call = find(request, pk)
            if call.state not in states:
                messages.warning(request, f"这份通知现在是“{call.get_state_display()}”，不能这样办理。")
                return redirect(page_of(call))
            return view(request, call)

        return gated

    return gate


@require_http_methods(_METHODS)
@for_roles(Role.CITY_OFFICER)
@at(Call.State.APPROVAL, Call.State.PUBLISHED)
def approve(request: ActorRequest, call: Call) -> HttpResponse:
    """Sign somebody else's call and publish it. Its writer is told so on its page, not after having confirmed."""
    if request.method != "POST" and call.written_by_id == request.actor.user_id:
        return redirect(page_of(call))
    asked = Confirmation(
        title=f"审签发布{quoted(call.title)}",
        verb="审签发布",
        back=page_of(call),
        text=f"{call.written_by}拟稿。发布以后只能延长、提前截止、撤销或改用新版政策包，每次都要写明理由。",
        consequences=(
            "政策包的当前版本和各环节时限随之固定",
            "通知编文号印发，并在门户公开",
            f"通知 {len(people_called(call))} 位区县审核人员和企业负责人",
        ),
        serious=False,
        crumbs=_crumbs(call, "审签"),
        seen=mark_of(call) if call.state == Call.State.APPROVAL else None,
    )
    return asked.then(
        request, lambda: approve_call(actor=request.actor, call=call), "通知已发布，并已编号印发。"
    )


@require_http_methods(_METHODS)
@for_roles(Role.CITY_OFFICER)
@at(Call.State.APPROVAL)
def send_back(request: ActorRequest, call: Call) -> HttpResponse:
    """Return a call to its writer, or take one's own back."""
    own = call.written_by_id == request.actor.user_id
    asked = Confirmation(
        title=f"{'收回' if own else '退回'}{quoted(call.title)}",
        verb="收回修改" if own else "退回拟稿人",
        back=page_of(call),
        text="收回以后可以继续修改，改好再送审。" if own else f"退回{call.written_by}修改，改好再送审。",
        reason="" if own else "退回理由",
        hint="写明哪里要改，拟稿人照着修改。",
        serious=False,
        crumbs=_crumbs(call, "收回" if own else "退回"),
    )
    return asked.then(
        request,
        lambda: return_call(actor=request.actor, call=call, reason=asked.given),
        "通知已收回。" if own else "通知已退回拟稿人。",
    )


@require_http_methods(_METHODS)
@for_roles(Role.CITY_OFFICER)
@at(Call.State.PUBLISHED)
def extend(request: ActorRequest, call: Call) -> HttpResponse:
    """Let a call close later, or ask for it to be opened again."""
    return later_end(request, call, _crumbs(call, "延长受理"))


def later_end(request: ActorRequest, call: Call, steps: tuple[Crumb, ...]) -> HttpResponse:
    """The later end of a call or a re-review. One that has closed is opened again by two."""
    form = ExtendForm(posted(request))
    if call.kind == Call.Kind.RE_REVIEW:
        form.fields["reason"].help_text = "企业看得到。"
    reopens = may_be_reopened(call)
    act = ask_to_reopen if reopens else extend_call
    about = (
        f"现在的截止时间是 {end(call.closes_at)}。"
        + ("最后一天平台中断，可以再受理；由另一位经办人审签以后才生效。" if reopens else "")
        + f"延长的时间和理由{'企业看得到' if call.kind == Call.Kind.RE_REVIEW else '在通知页和门户公开'}，"
        + "没有提交的企业和有关旗县区会收到消息。"
    )
    done = "已送另一位经办人审签。" if reopens else "已延长受理，并已通知有关企业和区县。"
    return _asked_time(
        request,
        call,
        form,
        verb="延长受理",
        about=about,
        act=lambda cleaned: act(actor=request.actor, call=call, **cleaned),
        done=done,
        steps=steps,
    )


@require_http_methods(_METHODS)
@for_roles(Role.CITY_OFFICER)
@at(Call.State.PUBLISHED)
def close(request: ActorRequest, call: Call) -> HttpResponse:
    """Let a call close earlier."""
    form = CloseForm(posted(request))
    about = (
        f"现在的截止时间是 {end(call.closes_at)}。截止后未提交的草稿失效，已提交的照常办理。"
        "提前截止会影响正在准备的企业，一般应留出合理的时间；由另一位经办人审签以后才生效。"
    )
    return _asked_time(
        request,
        call,
        form,
        verb="提前截止",
        about=about,
        act=lambda cleaned: ask_to_close(actor=request.actor, call=call, **cleaned),
        done="已送另一位经办人审签。",
        steps=_crumbs(call, "提前截止"),
    )


@require_http_methods(_METHODS)
@for_roles(Role.CITY_OFFICER)
@at(Call.State.PUBLISHED, Call.State.WITHDRAWN)
def withdraw(request: ActorRequest, call: Call) -> HttpResponse:
    """Take a published call back."""
    asked = Confirmation(
        title=f"撤销{quoted(call.title)}",
        verb="撤销通知",
        back=page_of(call),
        text="撤销以后不再受理，门户上标明已撤销，文号不再使用。",
        consequences=("由另一位经办人审签以后生效", "正在填报的草稿失效", "已有企业提交的不能撤销"),
        reason="撤销理由",
        hint="企业和公众看得到。",
        crumbs=_crumbs(call, "撤销"),
    )
    return asked.then(
        request,
        lambda: ask_to_withdraw(actor=request.actor, call=call, reason=asked.given),
        "已送另一位经办人审签。",
    )


@require_http_methods(_METHODS)
@for_roles(Role.CITY_OFFICER)
@at(*Call.PUBLIC_STATES)
def confirm(request: ActorRequest, call: Call) -> HttpResponse:
    """Sign a change that a colleague has asked for."""
    found = _asked(call)
    if found is None:
        return _nothing_asked(request, call)
    asked = Confirmation(
        title=f"审签{found.get_kind_display()}",
        verb=f"审签{found.get_kind_display()}",
        back=page_of(call),
        text=f"{found.asked_by}提出：{found.reason}",
        consequences=(*_consequences(call, found), "理由在通知页和门户公开，有关企业和区县收到消息"),
        crumbs=_crumbs(call, "审签变动"),
        seen=found.pk,
    )
    return asked.then(
        request,
        lambda: confirm_change(actor=request.actor, change=found),
        f"已审签：{found.get_kind_display()}。",
    )


@require_http_methods(_METHODS)
@for_roles(Role.CITY_OFFICER)
@at(*Call.PUBLIC_STATES)
def refuse(request: ActorRequest, call: Call) -> HttpResponse:
    """Say no to what a colleague has asked for, or take one's own asking back."""
    found = _asked(call)
    if found is None:
        return _nothing_asked(request, call)
    own = found.asked_by_id == request.actor.user_id
    asked = Confirmation(
        title=f"{'收回' if own else '退回'}{found.get_kind_display()}",
        verb="收回" if own else "退回提出人",
        back=page_of(call),
        text="收回以后通知照原样办理。" if own else f"{found.asked_by}提出：{found.reason}",
        reason="" if own else "退回理由",
        hint="提出人看得到。",
        serious=False,
        crumbs=_crumbs(call, "收回" if own else "退回"),
    )
    return asked.then(
        request,
        lambda: return_change(actor=request.actor, change=found, reason=asked.given),
        "已收回。" if own else "已退回提出人。",
    )


@require_http_methods(_METHODS)
@for_roles(Role.CITY_OFFICER)
@at(Call.State.PUBLISHED)
def renew(request: ActorRequest, call: Call) -> HttpResponse:
    """Ask to go on under the newer version of the pack."""
    asked = Confirmation(
        title="改用新版政策包",
        verb="改用新版",
        back=page_of(call),
        text="本次申报改按政策库里现在的版本办理。正在填报的企业会收到消息，提交前看到结论的变化。",
        consequences=("由另一位经办人审签以后生效", *_RENEWED),
        reason="理由",
        hint="写明新版改了什么。企业和公众看得到。",
        crumbs=_crumbs(call, "改用新版政策包"),
    )
    return asked.then(
        request,
        lambda: ask_to_renew(actor=request.actor, call=call, reason=asked.given),
        "已送另一位经办人审签。",
    )


@require_http_methods(_METHODS)
@for_roles(Role.CITY_OFFICER)
@at(Call.State.DRAFT)
def discard(request: ActorRequest, call: Call) -> HttpResponse:
    """Throw a draft away."""
    asked = Confirmation(
        title=f"删除草稿{quoted(call.title)}",
        verb="删除草稿",
        back=reverse("recognition:calls"),
        text="草稿删除后不能恢复。删除会留下操作记录。",
        crumbs=_crumbs(call, "删除草稿"),
    )
    return asked.then(request, lambda: discard_call(actor=request.actor, call=call), "草稿已删除。")


def _asked_time(
    request: ActorRequest,
    call: Call,
    form: ExtendForm | CloseForm,
    *,
    verb: str,
    about: str,
    act: Callable[[dict[str, Any]], object],
    done: str,
    steps: tuple[Crumb, ...],
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, done)
            return redirect(page_of(call))
    context = {
        "call": call,
        "form": form,
        "verb": verb,
        "about": about,
        "back": page_of(call),
        "crumbs": steps,
    }
    return render(request, "recognition/call_time.html", context, status=http_status(form.errors))


def _asked(call: Call) -> AskedChange | None:
    rows = call.asked_changes.filter(state=AskedChange.State.ASKED)
    return rows.select_related("asked_by", "call", "version").first()


def _consequences(call: Call, asked: AskedChange) -> tuple[str, ...]:
    """What signing brings about."""
    lapsing = "正在填报、到时没有提交的草稿失效"
    if asked.kind == CallChange.Kind.WITHDRAWN:
        return "不再受理，门户上标明已撤销", lapsing
    if asked.kind == CallChange.Kind.RENEWED:
        return f"政策包版本改为 {(asked.version_id or '')[:12]}", *_RENEWED
    until = f"{end(asked.closes_at)}" if asked.closes_at else "审签的时刻"
    when = f"截止时间由 {end(call.closes_at)} 改为{' ' if asked.closes_at else ''}{until}。"
    return (when,) if asked.kind == CallChange.Kind.EXTENDED else (when, lapsing)


def _nothing_asked(request: ActorRequest, call: Call) -> HttpResponse:
    messages.info(request, "没有等待审签的变动。")
    return redirect(page_of(call))


def _crumbs(call: Call, last: str) -> tuple[Crumb, ...]:
    return crumbs(Crumb(call.batch_name or call.title, page_of(call)), Crumb(last))
