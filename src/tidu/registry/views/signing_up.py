"""A company registers: one page for visitors, and the page on which the person waits for the district."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Final

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tidu.accounts.forms.dressing import posted
from tidu.accounts.models import User
from tidu.core.actor import Actor
from tidu.core.components import Crumb
from tidu.core.files.kinds import PAPER_KINDS, FileRefused
from tidu.core.files.receiving import receive_file, sent, upload_terms
from tidu.core.files.request_size import receives_files
from tidu.core.files.serving import download
from tidu.core.refusals import Refused, http_status
from tidu.core.requests import ActorRequest, client_address
from tidu.registry.actions.claims import add_letter, open_claim, sign_up, withdraw_claim
from tidu.registry.authority_letter import letter_template
from tidu.registry.claim_pages import claim_steps
from tidu.registry.forms.claims import ClaimForm, SignUpForm
from tidu.registry.models import Claim, ClaimState
from tidu.registry.queries.claims import own_claims

_RATE: Final = "sign_up"
_OFTEN: Final = "这个网络地址注册得太频繁，请一小时后再试，或联系所在地工信部门。"
#: Nobody has checked yet who sends a letter, and each is kept and opened here.
_LETTERS: Final = {"letter": "5/h/user,60/h/ip"}
_SECOND_CLICK: Final = dt.timedelta(minutes=2)


@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2", "phone")
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponseBase:
    """Make an account and claim the enterprise; signed in afterwards."""
    if request.user.is_authenticated:
        return redirect("registry:my-claim")
    if request.method != "POST":
        return render(request, "registry/sign_up.html", {"form": SignUpForm()})
    if not _is_patient(request):
        return _too_often(request)
    form = SignUpForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        visitor = Actor(user_id=0, name="访客", address=client_address(request))
        try:
            person, _ = sign_up(
                actor=visitor,
                username=said["username"],
                name=said["name"],
                phone=said["phone"],
                email=said["email"],
                password=said["password1"],
                uscc=said["uscc"],
                enterprise_name=said["enterprise_name"],
                place=said["place"],
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            get_adapter(request).login(request, person)
            return redirect("registry:my-claim")
    again = _just_registered(request, form)
    if again is not None:
        get_adapter(request).login(request, again)
        return redirect("registry:my-claim")
    return render(request, "registry/sign_up.html", {"form": form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _just_registered(request: HttpRequest, form: SignUpForm) -> User | None:
    """Whoever sent this very form a moment ago: a second click finds the account that the first has made."""
    if set(form.errors) != {"username"}:
        return None
    claim = (
        Claim.objects.filter(
            user__username__iexact=str(form.data.get("username", "")).strip(),
            enterprise__uscc=form.cleaned_data["uscc"],
            created_at__gte=timezone.now() - _SECOND_CLICK,
        )
        .select_related("user")
        .first()
    )
    if claim is None:
        return None
    # Through the backends, so that a wrong password counts against the lock like any other.
    found = authenticate(request, username=claim.user.username, password=form.cleaned_data["password1"])
    return found if isinstance(found, User) else None


def _is_patient(request: HttpRequest) -> bool:
    """Whether the address has registered or claimed less often than it may; counts this time."""
    rates = {_RATE: settings.SIGN_UP_RATE}
    return bool(ratelimit.consume(request, app="registry", action=_RATE, config=rates))


def _too_often(request: HttpRequest) -> HttpResponse:
    form = SignUpForm(request.POST)
    form.add_error(None, _OFTEN)
    return render(request, "registry/sign_up.html", {"form": form}, status=HTTPStatus.TOO_MANY_REQUESTS)


def _claimant_only(request: ActorRequest) -> None:
    """Staff claim no enterprise."""
    if request.actor.is_staff:
        raise Http404


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_claim(request: ActorRequest) -> HttpResponseBase:
    """Where one's claim stands and what to do next. A post claims anew, after a refusal or a withdrawal."""
    _claimant_only(request)
    claims = list(own_claims(request.actor))
    form = ClaimForm(posted(request), initial=_said_before(claims))
    if request.method == "POST" and not _is_patient(request):
        form.add_error(None, _OFTEN)
    elif request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            open_claim(
                actor=request.actor,
                uscc=said["uscc"],
                stated_name=said["enterprise_name"],
                place=said["place"],
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "已提交认领。请接着上传授权书。")
            return redirect("registry:my-claim")
    return _claim_page(request, claims, form=form)


def _claim_page(
    request: ActorRequest, claims: list[Claim], *, form: ClaimForm, error: str = ""
) -> HttpResponse:
    claim = claims[0] if claims else None
    context = {
        "claim": claim,
        "earlier": claims[1:],
        "open": claim is not None and claim.state == ClaimState.OPEN,
        "claim_again": claim is None or claim.state in {ClaimState.REFUSED, ClaimState.WITHDRAWN},
        "form": form,
        "steps": claim_steps(claim),
        "crumbs": (Crumb("企业认领"),),
        "error": error,
        "upload": upload_terms(PAPER_KINDS),
    }
    return render(request, "registry/my_claim.html", context, status=http_status(error or form.errors))


def _said_before(claims: list[Claim]) -> dict[str, str]:
    """What was typed the last time, so that a slip can be put right."""
    if not claims:
        return {}
    last = claims[0]
    return {
        "enterprise_name": last.stated_name,
        "place": last.stated_place_id or "",
        "uscc": last.enterprise.uscc,
    }


@require_POST
@receives_files()
def letter(request: ActorRequest) -> HttpResponseBase:
    """Take in the letter of authority for one's open claim."""
    _claimant_only(request)
    claim = get_object_or_404(own_claims(request.actor), state=ClaimState.OPEN)
    try:
        if not ratelimit.consume(request, app="registry", action="letter", config=_LETTERS):
            raise FileRefused("授权书传得太频繁，这一份没有收下。请一小时后再传。")
        received = receive_file(actor=request.actor, upload=sent(request, "letter"), allowed=PAPER_KINDS)
        add_letter(actor=request.actor, claim=claim, received=received)
    except Refused as refused:
        return _claim_page(request, list(own_claims(request.actor)), form=ClaimForm(), error=refused.message)
    messages.success(request, "授权书已经收下，等待核实。结果会在这里显示，也会发消息给您。")
    return redirect("registry:my-claim")


@require_GET
def own_letter(request: ActorRequest) -> HttpResponseBase:
    """The letter that one has sent."""
    _claimant_only(request)
    claim = own_claims(request.actor).filter(letter__isnull=False).first()
    if claim is None or claim.letter is None:
        raise Http404("没有上传过授权书。")
    return download(request, claim.letter, enterprise_id=claim.enterprise_id)


@require_POST
def withdraw(request: ActorRequest) -> HttpResponseBase:
    """Take one's open claim back."""
    _claimant_only(request)
    claim = own_claims(request.actor).first()
    if claim is None:
        raise Http404
    try:
        withdraw_claim(actor=request.actor, claim=claim)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已撤回认领。需要时可以重新提交。")
    return redirect("registry:my-claim")


@require_GET
def template(request: ActorRequest) -> HttpResponse:
    """The letter of authority to be printed, signed and stamped, filled in with what the person has stated."""
    _claimant_only(request)
    claim = own_claims(request.actor).select_related("user").first()
    if claim is None:
        raise Http404("还没有认领企业。")
    response = HttpResponse(letter_template(claim), content_type="application/pdf")
    response.headers["Content-Disposition"] = "attachment; filename*=utf-8''%E6%8E%88%E6%9D%83%E4%B9%A6.pdf"
    return response
