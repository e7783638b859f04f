"""Messages, and how they are told."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.accounts.models import User
from tidu.core.components import Crumb
from tidu.core.refusals import http_status
from tidu.core.requests import ActorRequest, whole_number
from tidu.core.workspace import Tab
from tidu.desk import actions, queries
from tidu.desk.models import MailPace, Notification, Preference

_SIZE = 20


@require_safe
def show(request: ActorRequest) -> HttpResponse:
    """The messages of the person, newest first, read page by page from a fixed point."""
    unread = request.GET.get("unread") == "1"
    items, newer, older = queries.notifications(
        request.actor,
        unread=unread,
        before=whole_number(request.GET.get("before", "")) or 0,
        after=whole_number(request.GET.get("after", "")) or 0,
        size=_SIZE,
    )
    kept = {"unread": "1"} if unread else {}
    here = reverse("desk:notifications")
    context = {
        "items": items,
        "newer": f"?{urlencode({**kept, 'after': items[0].pk})}" if items and newer else "",
        "older": f"?{urlencode({**kept, 'before': items[-1].pk})}" if items and older else "",
        "unread": unread,
        "tabs": (Tab("全部", here, current=not unread), Tab("未读", f"{here}?unread=1", current=unread)),
        "crumbs": (Crumb("工作台", reverse("desk:home")), Crumb("消息")),
    }
    return render(request, "desk/notifications.html", context)


@require_POST
def read(request: ActorRequest, number: int) -> HttpResponse:
    """Mark a message as read and go where it leads."""
    item = get_object_or_404(Notification.objects.visible_to(request.actor), pk=number)
    actions.mark_read(actor=request.actor, notification=item)
    inside = item.url and url_has_allowed_host_and_scheme(item.url, {request.get_host()})
    return redirect(item.url if inside else "desk:notifications")


@require_POST
def read_all(request: ActorRequest) -> HttpResponse:
    """Mark everything as read."""
    number = actions.mark_read(actor=request.actor)
    messages.success(request, f"{number} 条消息已标为已读。")
    return redirect("desk:notifications")


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: ActorRequest) -> HttpResponse:
    """How often messages leave by e-mail."""
    user = cast("User", request.user)
    if request.method == "POST" and (pace := request.POST.get("mail", "")) in MailPace.values:
        actions.set_pace(actor=request.actor, user=user, pace=MailPace(pace))
        messages.success(request, f"邮件已设为“{MailPace(pace).label}”。")
        return redirect("desk:preferences")
    chosen = Preference.objects.filter(pk=user.pk).values_list("mail", flat=True).first()
    context = {
        "paces": [(pace.value, pace.label, _EXPLAINED[pace]) for pace in MailPace],
        "chosen": chosen or MailPace.DAILY.value,
        "email": user.email,
        "wrong": request.method == "POST",
        "crumbs": (
            Crumb("工作台", reverse("desk:home")),
            Crumb("消息", reverse("desk:notifications")),
            Crumb("消息设置"),
        ),
    }
    return render(request, "desk/preferences.html", context, status=http_status(context["wrong"]))


_EXPLAINED = {
    MailPace.AT_ONCE: "每有一条消息就发一封，适合时限紧的岗位。",
    MailPace.DAILY: "每天八点以后，把还没有读的消息汇总成一封。",
    MailPace.NEVER: "只在平台里提醒。",
}
