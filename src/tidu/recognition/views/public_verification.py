"""The check of a certificate: by the picture on it, or by its number and one more thing that stands on it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tidu.core.documents.serving import serve_pdf
from tidu.core.rates import parse_rate, wait_for
from tidu.core.requests import ActorRequest
from tidu.recognition.certificates.codes import LONGEST_NUMBER
from tidu.recognition.models import TitleCertificate
from tidu.recognition.public.verification import verdict_on
from tidu.recognition.queries.certificates import LONGEST_PROOF, certificate_by_code, certificate_by_proof

_PAGE: Final = "recognition/public/verify.html"
_WHAT: Final = "check"


@login_not_required
@never_cache
@require_safe
def form(request: HttpRequest) -> HttpResponse:
    """The form, and the answer to it: a plain GET, since nothing personal is asked."""
    number, proof = (request.GET.get(name, "").strip() for name in ("number", "proof"))
    context: dict[str, Any] = {"number": number[:LONGEST_NUMBER], "proof": proof[:LONGEST_PROOF]}
    if not number and not proof:
        return render(request, _PAGE, context)
    if not number or not proof:
        missing = "number" if not number else "proof"
        return render(request, _PAGE, {**context, "missing": missing}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if _too_often(request):
        return _wait(request, context)
    certificate, proved = certificate_by_proof(number, proof)
    return _answer(request, context, certificate, proved=proved)


@login_not_required
@never_cache
@require_safe
def check(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """The answer to the picture on a certificate."""
    context: dict[str, Any] = {"number": number[:LONGEST_NUMBER], "proof": ""}
    if _too_often(request):
        return _wait(request, context)
    return _answer(request, context, certificate_by_code(number, code), proved=True)


@login_not_required
@never_cache
@require_safe
def document(request: ActorRequest, number: str, code: str) -> HttpResponseBase:
    """The decision that a certificate rests on, as it was issued."""
    if _too_often(request):
        return _wait(request, {"number": number[:LONGEST_NUMBER], "proof": ""})
    certificate = certificate_by_code(number, code)
    found = None if certificate is None else verdict_on(certificate, proved=True).document
    if found is None:
        raise Http404("没有查到这张证书。")
    return serve_pdf(request, found)


def _answer(
    request: HttpRequest, context: dict[str, Any], certificate: TitleCertificate | None, *, proved: bool
) -> HttpResponse:
    """A wrong number, a wrong code and a wrong name are answered alike."""
    if certificate is None:
        return render(
            request, _PAGE, {**context, "unknown": True, "at": timezone.now()}, status=HTTPStatus.NOT_FOUND
        )
    return render(request, _PAGE, {**context, "verdict": verdict_on(certificate, proved=proved)})


def _too_often(request: HttpRequest) -> bool:
    return wait_for(request, _WHAT, parse_rate(settings.CHECK_RATE, "TIDU_CHECK_RATE")) is not None


def _wait(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    return render(request, _PAGE, {**context, "wait": True}, status=HTTPStatus.TOO_MANY_REQUESTS)
