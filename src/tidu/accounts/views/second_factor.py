"""A person's own second factor: enrolling, replacing, recovery codes."""

from __future__ import annotations

from typing import Any, Final, cast

from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from tidu.accounts import second_factor
from tidu.accounts.actions.second_factor import enrol, renew_recovery_codes
from tidu.accounts.confirmation import has_confirmed
from tidu.accounts.middleware import IdentifiedRequest
from tidu.accounts.models import User
from tidu.accounts.sign_in_records import as_themselves
from tidu.core.crypto.sealing import seal, unseal
from tidu.core.refusals import Refused

_SECRET: Final = "second_factor_secret"  # noqa: S105 - where the session keeps it, sealed
_CODES: Final = "second_factor_codes"


@require_http_methods(["GET", "POST"])
def set_up(request: IdentifiedRequest) -> HttpResponse:
    """Show a QR code, take the first code, go on to the recovery codes. Who is enrolled replaces the telephone."""
    user = cast("User", request.user)
    replacing = second_factor.is_enrolled(user)
    if replacing and not second_factor.has_passed(request, user):
        raise Http404  # only the second factor itself leads past this point
    if not has_confirmed(request, user):
        raise ReauthenticationRequired
    error = ""
    stored = request.session.get(_SECRET)
    secret = unseal(stored) if stored else second_factor.new_secret()
    if request.method == "POST" and stored:
        try:
            actor = as_themselves(user, request) if request.pending else request.actor
            codes = enrol(actor=actor, person=user, secret=secret, code=request.POST.get("code", ""))
        except Refused as refusal:
            error = refusal.message
        else:
            del request.session[_SECRET]
            _keep_to_show(request, codes)
            record_authentication(request, user, "mfa", type="totp")
            messages.success(request, "动态码已启用。请保存恢复码，手机不在身边时用它登录。")
            return redirect("accounts:recovery-codes")
    request.session[_SECRET] = seal(secret)
    side, path = second_factor.picture_of(second_factor.address_of(user, secret))
    context: dict[str, Any] = {
        "replacing": replacing,
        "required": bool(request.pending),
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "side": side,
        "path": path,
        "error": error,
    }
    return render(request, "accounts/enrol.html", context)


@require_http_methods(["GET", "POST"])
def recovery_codes(request: IdentifiedRequest) -> HttpResponse:
    """How many are left; new ones on demand; those just made, until the person says that they are kept."""
    user = cast("User", request.user)
    if not second_factor.is_enrolled(user):
        raise Http404
    if request.method == "POST":
        if request.POST.get("kept"):
            request.session.pop(_CODES, None)
            return redirect("desk:home")
        if not has_confirmed(request, user):
            raise ReauthenticationRequired
        _keep_to_show(request, renew_recovery_codes(actor=request.actor, person=user))
        return redirect("accounts:recovery-codes")
    context = {"codes": _to_show(request), "left": second_factor.recovery_codes_left(user)}
    return render(request, "accounts/recovery_codes.html", context)


@require_GET
def download_recovery_codes(request: IdentifiedRequest) -> HttpResponse:
    """The codes just made, as a text file."""
    codes = _to_show(request)
    if not codes:
        raise Http404
    lines = ["恢复码：手机不在身边时，用其中一个代替动态码登录。每个只能用一次。", "", *codes, ""]
    return HttpResponse(
        "\r\n".join(lines),
        content_type="text/plain; charset=utf-8",
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=True, filename="恢复码.txt")
        },
    )


def _keep_to_show(request: HttpRequest, codes: list[str]) -> None:
    request.session[_CODES] = seal(" ".join(codes))


def _to_show(request: HttpRequest) -> list[str]:
    stored = request.session.get(_CODES)
    return unseal(stored).split() if stored else []
