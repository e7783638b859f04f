"""Objections by anybody: the form, the receipt, and what became of one."""

from __future__ import annotations

import re
import secrets
import time
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tidu.core.components import Crumb
from tidu.core.crypto.sealing import seal, unseal
from tidu.core.files.kinds import FileRefused, accepted_suffixes, kinds_in_words
from tidu.core.files.receiving import MEGABYTE
from tidu.core.files.request_size import receives_files
from tidu.core.rates import Rate, parse_rate, wait_for
from tidu.core.refusals import Refused
from tidu.core.requests import client_address
from tidu.recognition.actions.objections import MOST_FILES, OBJECTION_FILES, receive_objection
from tidu.recognition.forms.objecting import ObjectionForm
from tidu.recognition.models import Notice, NoticeItem, Objection
from tidu.recognition.public.notices import notice_page
from tidu.recognition.queries.objections import objection_by_code

_ONCE: Final = re.compile(r"[A-Za-z0-9_-]{22}")
_SECOND_CLICK: Final = 120  # seconds for which a second click finds the receipt of the first
_WAITS, _WAIT = 20, 0.25
_OFTEN: Final = (
    "这个网络地址提交得太频繁，这次没有收下。请过一小时再提交，或者直接联系公示上的单位；已填的内容还在下面。"
)
#: What the sender of an objection is told: its result, never who is looking into it or has proposed what.
_WORDS: Final = {
    Objection.State.RECEIVED: ("run", "已收到，等待核查"),
    Objection.State.ASSIGNED: ("run", "正在核查"),
    Objection.State.PROPOSED: ("run", "正在核查"),
    Objection.State.UPHELD: ("met", "已办结：异议成立"),
    Objection.State.DISMISSED: ("expired", "已办结：异议不成立"),
}


def form_context(notice: Notice, form: ObjectionForm, *, file_error: str = "") -> dict[str, Any]:
    """What the form needs, on the page of the notice and on its own."""
    return {
        "form": form,
        "action": reverse("recognition:objection-new", args=[notice.pk]),
        "once": secrets.token_urlsafe(16),
        "accept": accepted_suffixes(OBJECTION_FILES),
        "limit": f"{kinds_in_words(OBJECTION_FILES)}，最多 {MOST_FILES} 个，合计不超过 "
        f"{settings.OBJECTION_BYTES // MEGABYTE} MB。",
        "bytes": settings.OBJECTION_BYTES,
        "file_error": file_error,
    }


@login_not_required
@never_cache
@sensitive_post_parameters("text", "name", "phone")
@require_http_methods(["GET", "HEAD", "POST"])
@receives_files("OBJECTION_BYTES", visitors="OBJECTION_RATE")
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """The form by itself. What is sent gives a receipt whose code is shown once."""
    notice = get_object_or_404(
        Notice.objects.public().select_related("call__organisation", "document"), pk=pk
    )
    if request.method != "POST":
        return _page(request, notice, ObjectionForm(notice=notice))
    once = request.POST.get("once", "")
    known = f"objection:{once}" if _ONCE.fullmatch(once) else ""
    if known and not cache.add(known, "", _SECOND_CLICK):
        return _second_click(request, notice, known)
    form = ObjectionForm(request.POST, notice=notice)
    answer = _sent(request, notice, form)
    if isinstance(answer, HttpResponse):
        if known:
            cache.delete(known)
        return answer
    if known:
        cache.set(known, seal(answer), _SECOND_CLICK)
    return _receipt(request, notice, answer)


def _sent(request: HttpRequest, notice: Notice, form: ObjectionForm) -> HttpResponse | str:
    """The code of what was taken in, or the page that says why it was not."""
    if not form.is_valid():
        return _page(request, notice, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if (
        wait_for(request, "objection", _rate()) is not None
    ):  # an attempt counts, whatever becomes of its files
        return _page(request, notice, form, too_often=True)
    said = form.cleaned_data
    item = get_object_or_404(
        NoticeItem.objects.select_related("notice__call"), pk=said["item"], notice=notice
    )
    try:
        return receive_objection(
            item=item,
            text=said["text"],
            named=form.named,
            name=said["name"],
            phone=said["phone"],
            files=request.FILES.getlist("files"),
            address=client_address(request),
        )
    except FileRefused as refused:
        form.add_error(None, "材料没有收下，见下面“证据”一栏。")
        return _page(request, notice, form, file_error=str(refused), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except Refused as refused:
        form.refuse(refused)
        return _page(request, notice, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _second_click(request: HttpRequest, notice: Notice, known: str) -> HttpResponse:
    """The receipt of the first click, waited for; one address makes others wait as seldom as it objects."""
    if wait_for(request, "objection-again", _rate()) is not None:
        return _page(request, notice, ObjectionForm(request.POST, notice=notice), too_often=True)
    return _receipt(request, notice, _code_of_first_click(known))


def _code_of_first_click(known: str) -> str:
    """The code that the first of two clicks is given; empty where it takes too long, or was long ago."""
    for _ in range(_WAITS):
        sealed = cache.get(known)
        if sealed or sealed is None:
            return unseal(sealed) if sealed else ""
        time.sleep(_WAIT)
    return ""


def _rate() -> Rate:
    return parse_rate(settings.OBJECTION_RATE, "TIDU_OBJECTION_RATE")


def _page(
    request: HttpRequest,
    notice: Notice,
    form: ObjectionForm,
    *,
    file_error: str = "",
    too_often: bool = False,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    if too_often:
        form.add_error(None, _OFTEN)
        status = HTTPStatus.TOO_MANY_REQUESTS
    chosen = bool(request.FILES) if request.method == "POST" else False
    context = {
        "notice": notice,
        "shown": notice_page(notice),
        "steps": _steps(notice),
        "again": chosen and form.is_bound,
        **form_context(notice, form, file_error=file_error),
    }
    return render(request, "recognition/public/objection_new.html", context, status=status)


def _receipt(request: HttpRequest, notice: Notice, code: str) -> HttpResponse:
    context = {"notice": notice, "shown": notice_page(notice), "steps": _steps(notice), "code": code}
    return render(request, "recognition/public/objection_receipt.html", context)


def _steps(notice: Notice) -> tuple[Crumb, ...]:
    return (
        Crumb("首页", reverse("portal:home")),
        Crumb("公示公告", reverse("recognition:notices")),
        Crumb(notice.title, reverse("recognition:notice", args=[notice.pk])),
        Crumb("提出异议"),
    )


@login_not_required
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    """What became of an objection, for whoever holds its code. The code is posted and stands in no address."""
    context: dict[str, Any] = {
        "steps": (
            Crumb("首页", reverse("portal:home")),
            Crumb("公示公告", reverse("recognition:notices")),
            Crumb("异议办理情况"),
        )
    }
    page = "recognition/public/objection_status.html"
    if request.method != "POST":
        return render(request, page, context)
    if wait_for(request, "check", parse_rate(settings.CHECK_RATE, "TIDU_CHECK_RATE")) is not None:
        return render(request, page, {**context, "wait": True}, status=HTTPStatus.TOO_MANY_REQUESTS)
    typed = request.POST.get("code", "").strip()
    found = objection_by_code(typed) if typed else None
    if found is None:
        return render(request, page, {**context, "unknown": True}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    badge, word = _WORDS[Objection.State(found.state)]
    return render(request, page, {**context, "found": found, "badge": badge, "word": word})
