"""The page that shows one personal datum in full, after asking what for."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tidu.core.confirmation import Confirmation
from tidu.core.personal.fields import personal_field
from tidu.core.personal.revealing import PURPOSES, reveal
from tidu.core.requests import ActorRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: ActorRequest, model: str, pk: int, name: str) -> HttpResponse:
    """Ask what for; once that is said, show the value on a page that nobody keeps."""
    field = personal_field(model, name)
    row = field.row(request.actor, pk)
    if not getattr(row, name):
        raise Http404
    subject, own = field.subject(row), field.own(row, request.actor)
    back = _back(request)
    asked = Confirmation(
        title=f"查看{subject}的{field.label}",
        verb=f"查看{field.label}",
        back=back,
        text="这次查看会记入操作记录：谁、何时、以什么身份、为了什么。所涉企业看得到。",
        reason="" if own else "说明",
        required=False,
        choices=() if own else PURPOSES,
        serious=False,
    )
    if request.method != "POST" or not asked.read(request.POST):
        return asked.answer(request)
    value = reveal(actor=request.actor, field=field, row=row, purpose=asked.picked, reason=asked.given)
    shown = {"label": field.label, "subject": subject, "value": value, "back": back}
    return render(
        request, "core/_revealed.html" if request.headers.get("HX-Request") else "core/revealed.html", shown
    )


def _back(request: ActorRequest) -> str:
    """The page that the link stood on, if it is one of ours."""
    asked = request.GET.get("back", "")
    fine = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if fine else reverse("desk:home")
