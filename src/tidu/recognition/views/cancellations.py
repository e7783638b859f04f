"""Cancellations: the list, opening one, and the page of one for officers and for the enterprise."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tidu.accounts.forms.dressing import posted
from tidu.core.calendar import current_calendar
from tidu.core.components import Choice, Column, Crumb
from tidu.core.documents.serving import serve_pdf
from tidu.core.files.kinds import EVIDENCE_KINDS
from tidu.core.files.receiving import Received, receive_file, upload_terms
from tidu.core.files.request_size import receives_files
from tidu.core.files.serving import download
from tidu.core.gates import for_roles
from tidu.core.listing import Filter, chosen, listing
from tidu.core.models import OfficialDocument
from tidu.core.refusals import Refused, http_status
from tidu.core.requests import ActorRequest, whole_number
from tidu.core.roles import ENTERPRISE_ROLES, TERRITORIAL, Role
from tidu.recognition.actions.cancellation_steps import MOST_FILES, check_heard, reply_is_late
from tidu.recognition.actions.cancellations import open_cancellation
from tidu.recognition.afterwards import after_cancellation
from tidu.recognition.forms.life import CancellationForm, ProposalForm, ReplyForm
from tidu.recognition.life.pages import (
    CASE_PILLS,
    bar_words,
    case_steps,
    cited,
    due_of,
    limit_words,
    log_of,
)
from tidu.recognition.models import Cancellation
from tidu.recognition.process.life_moving import may
from tidu.recognition.queries.avoidance import Avoided
from tidu.recognition.queries.title_lists import cases_narrowed, cases_seen, titles_seen
from tidu.recognition.queries.title_rules import rule_of
from tidu.registry.models import Incident, Title
from tidu.registry.models.standing import TitleState

_State: Final = Cancellation.State
_COLUMNS: Final = (
    Column("企业"),
    Column("情形"),
    Column("来源"),
    Column("立案", sort="opened"),
    Column("陈述期限", sort="due"),
    Column("状态"),
)
_FILTERS: Final = (
    Filter(
        "state",
        "状态",
        choices=(Choice("open", "未办结"), *(Choice(item.value, item.label) for item in _State)),
    ),
    Filter("origin", "来源", choices=tuple(Choice(item.value, item.label) for item in Cancellation.Origin)),
    Filter("q", "企业名称", "text"),
)


@require_safe
@for_roles(*TERRITORIAL)
def cancellations(request: ActorRequest) -> HttpResponse:
    """The cases of one's place."""
    on = chosen(request.GET, _FILTERS)
    found = listing(
        request,
        cases_narrowed(cases_seen(request.actor), on, open_states=Cancellation.OPEN_STATES),
        filters=_FILTERS,
        sorts={
            "opened": ("opened_at",),
            "due": (F("decided_at").asc(nulls_first=True), F("deadline__due_on").asc(nulls_first=True)),
        },
        default="due",
    )
    calendar = current_calendar()
    context = {
        "list": found,
        "avoided": Avoided(Cancellation.objects.avoided_by(request.actor).count(), noun="案件"),
        "columns": _COLUMNS,
        "rows": [
            (
                item,
                CASE_PILLS[_State(item.state)],
                due_of(item.deadline, running=item.state == _State.NOTIFIED, calendar=calendar),
            )
            for item in found.page
        ],
        "opens": request.actor.has(Role.CITY_OFFICER),
        "crumbs": (Crumb("称号", reverse("recognition:titles")), Crumb("取消称号")),
    }
    return render(request, "recognition/cancellations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(Role.CITY_OFFICER)
@receives_files(files=MOST_FILES)
def new(request: ActorRequest) -> HttpResponse:
    """Open a case against ``?title=``, or against the title of the enterprise of ``?incident=``."""
    incident = _incident(request)
    title = _title_for(request, incident)
    if title is None:
        messages.warning(request, "请先选一个由本市认定、正在有效期内的称号。")
        return redirect("recognition:titles")
    rule = rule_of(title)
    if rule is None or not rule.own:
        raise Http404
    initial: dict[str, Any] = {"origin": Cancellation.Origin.REPORT}
    if incident is not None:
        document = f"（{incident.document_no}）" if incident.document_no else ""
        initial = {
            "origin": Cancellation.Origin.INCIDENT,
            "incident": incident.pk,
            "facts": f"{incident.happened_on.isoformat()}，{incident.title}。{incident.authority}认定{document}。",
        }
    form = CancellationForm(title, rule, posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            case = open_cancellation(
                actor=request.actor,
                title=title,
                origin=Cancellation.Origin(cleaned["origin"]),
                ground=cleaned["ground"],
                facts=cleaned["facts"],
                incident=cleaned["incident"],
                files=received_files(request),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "已立案。请拟制告知书，看过后发给企业。")
            return redirect("recognition:cancellation", pk=case.pk)
    context = {
        "title": title,
        "rule": rule,
        "form": form,
        "grounds": [(item, cited(title, (item.cite,))) for item in rule.grounds],
        "bar": bar_words(rule, rule.grounds[0].id, timezone.localdate()) if rule.grounds else "",
        "upload": upload_terms(EVIDENCE_KINDS, files=MOST_FILES),
        "crumbs": (
            Crumb("称号", reverse("recognition:titles")),
            Crumb(title.enterprise.name, reverse("recognition:title", args=[title.pk])),
            Crumb("立案"),
        ),
    }
    return render(request, "recognition/cancellation_new.html", context, status=http_status(form.errors))


@require_safe
@never_cache
@for_roles(*TERRITORIAL, *ENTERPRISE_ROLES)
def cancellation(request: ActorRequest, pk: int) -> HttpResponse:
    """One case."""
    return case_page(request, seen(request, pk))


@require_safe
@for_roles(*TERRITORIAL, *ENTERPRISE_ROLES)
def paper(request: ActorRequest, pk: int, which: str) -> HttpResponseBase:
    """The notice or the decision. The enterprise gets what has been issued."""
    found = seen(request, pk)
    document: OfficialDocument | None = {"notice": found.notice, "decision": found.decision}.get(which)
    if document is None or (request.actor.is_enterprise and not document.number):
        raise Http404
    return serve_pdf(request, document, enterprise_id=found.enterprise_id)


@require_safe
@for_roles(*TERRITORIAL, *ENTERPRISE_ROLES)
def file(request: ActorRequest, pk: int, key: uuid.UUID) -> HttpResponseBase:
    """A file of the case. The enterprise gets those of its own statement: evidence may tell who reported."""
    found = seen(request, pk)
    if own := found.reply_files.filter(pk=key).first():
        return download(request, own, enterprise_id=found.enterprise_id)
    if request.actor.is_enterprise:
        raise Http404
    # Recorded without the enterprise: it reads who looked at its data, and would read the file's name there.
    return download(request, get_object_or_404(found.files, pk=key), enterprise_id=None)


def seen(request: ActorRequest, pk: int) -> Cancellation:
    """A case that the actor may see, or 404."""
    return get_object_or_404(cases_seen(request.actor), pk=pk)


def case_page(
    request: ActorRequest,
    found: Cancellation,
    *,
    proposal: ProposalForm | None = None,
    reply: ReplyForm | None = None,
    refused: str = "",
) -> HttpResponse:
    """The page of a case, with the form that was sent and could not be taken."""
    actor, state = request.actor, _State(found.state)
    rule = rule_of(found.title)
    officer = actor.has(Role.CITY_OFFICER) and actor.organisation_id == found.organisation_id
    limit, limit_clauses, limit_declared = limit_words(rule)
    replies = may(actor, found, "reply") or (
        may(actor, found, "record_reply") and found.enterprise.organisation_id is None
    )
    heard = state == _State.PROPOSED and found.replied_at is not None
    drafts, proposes, confirms = (may(actor, found, act) for act in ("notify", "propose", "cancel"))
    own = found.proposed_by_id == actor.user_id
    context = {
        "case": found,
        "pill": CASE_PILLS[state],
        "due": due_of(found.deadline, running=state == _State.NOTIFIED),
        "steps": case_steps(found, named=not actor.is_enterprise),
        "log": log_of(found, actor),
        "clauses": cited(found.title, (found.cite,)),
        "files": [] if actor.is_enterprise else list(found.files.all()),
        "reply_files": list(found.reply_files.all()),
        "late": reply_is_late(found),
        "limit": limit,
        "limit_clauses": limit_clauses,
        "limit_declared": limit_declared,
        "bar": bar_words(rule, found.ground, timezone.localdate()),
        "officer": officer,
        "staff": not actor.is_enterprise,
        "afterwards": tuple(after_cancellation(found))
        if actor.is_enterprise and state == _State.CANCELLED
        else (),
        "may_draft": drafts,
        "may_send": drafts and found.notice is not None,
        "reply_form": (reply or ReplyForm(initial={"text": found.reply})) if replies and not heard else None,
        "may_withdraw_reply": may(actor, found, "withdraw_reply"),
        "proposal_form": (proposal or ProposalForm()) if proposes else None,
        "not_yet": _not_yet(found) if proposes else "",
        "may_confirm": confirms and not own,
        "own_proposal": confirms and own,
        "refused": refused,
        "upload": upload_terms(EVIDENCE_KINDS, files=MOST_FILES),
        "crumbs": _crumbs(request, found),
    }
    bad = refused or any(form is not None and form.errors for form in (proposal, reply))
    return render(request, "recognition/cancellation.html", context, status=http_status(bad))


def received_files(request: ActorRequest, name: str = "files") -> list[Received]:
    """The files of a form, checked and stored. Raises :class:`Refused`."""
    uploads = request.FILES.getlist(name)
    if len(uploads) > MOST_FILES:
        raise Refused(f"一次最多上传 {MOST_FILES} 个文件。", field=name)
    return [receive_file(actor=request.actor, upload=item, allowed=EVIDENCE_KINDS) for item in uploads]


def _not_yet(found: Cancellation) -> str:
    try:
        check_heard(found)
    except Refused as refused:
        return refused.message
    return ""


def _incident(request: ActorRequest) -> Incident | None:
    number = request.GET.get("incident", "")
    if not number:
        return None
    rows = Incident.objects.visible_to(request.actor).filter(removed_at__isnull=True)
    return get_object_or_404(rows.select_related("enterprise"), pk=whole_number(number))


def _title_for(request: ActorRequest, incident: Incident | None) -> Title | None:
    """The title of the address; without one, the first that the city gave to the enterprise of the incident."""
    rows = titles_seen(request.actor).filter(state=TitleState.HELD)
    if incident is not None:
        rows = rows.filter(enterprise=incident.enterprise)
    if number := request.GET.get("title", ""):
        return get_object_or_404(rows, pk=whole_number(number))
    if incident is None:
        return None
    return next((row for row in rows[:50] if (rule := rule_of(row)) is not None and rule.own), None)


def _crumbs(request: ActorRequest, found: Cancellation) -> tuple[Crumb, ...]:
    if request.actor.is_enterprise:
        return (Crumb("我的称号", reverse("recognition:own-titles")), Crumb("拟取消称号"))
    return (
        Crumb("称号", reverse("recognition:titles")),
        Crumb("取消称号", reverse("recognition:cancellations")),
        Crumb(found.enterprise.name),
    )
