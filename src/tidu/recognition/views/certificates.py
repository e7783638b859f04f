"""A certificate for those whom it concerns: what it says, how others check it, and the paper."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tidu.core.components import Crumb
from tidu.core.files.serving import download
from tidu.core.requests import ActorRequest
from tidu.recognition.certificates.codes import check_url, shown_code
from tidu.recognition.certificates.papers import stored_paper
from tidu.recognition.models import TitleCertificate
from tidu.recognition.public.verification import verdict_on


def _certificate(request: ActorRequest, pk: int) -> TitleCertificate:
    return get_object_or_404(
        TitleCertificate.objects.visible_to(request.actor).select_related(
            "title__enterprise", "organisation", "document__pdf", "file"
        ),
        pk=pk,
    )


@require_safe
def show(request: ActorRequest, pk: int) -> HttpResponse:
    """The certificate, its state, and all that were issued of the title."""
    certificate = _certificate(request, pk)
    context = {
        "steps": (Crumb("证书"), Crumb(certificate.number)),
        "certificate": certificate,
        "verdict": verdict_on(certificate, proved=True),
        "code": shown_code(certificate),
        "address": check_url(certificate),
        "others": list(certificate.title.certificates.exclude(pk=certificate.pk)),
        "paper": reverse("recognition:certificate-paper", args=[certificate.pk]),
    }
    return render(request, "recognition/certificate.html", context)


@require_safe
def paper(request: ActorRequest, pk: int) -> HttpResponseBase:
    """The PDF/A, made now if the job has not."""
    certificate = _certificate(request, pk)
    stored = stored_paper(certificate, actor=request.actor)
    return download(request, stored, enterprise_id=certificate.title.enterprise_id)
