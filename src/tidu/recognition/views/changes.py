"""Change reports: the enterprise reports, the district looks into it, the city decides."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tidu.accounts.forms.dressing import posted
from tidu.core.calendar import current_calendar
from tidu.core.components import Choice, Column, Crumb
from tidu.core.confirmation import Confirmation
from tidu.core.documents.serving import serve_pdf
from tidu.core.files.serving import download
from tidu.core.gates import for_roles
from tidu.core.listing import Filter, chosen, listing
from tidu.core.quoting import quoted
from tidu.core.refusals import Refused, http_status
from tidu.core.requests import ActorRequest
from tidu.core.roles import ENTERPRISE_ROLES, TERRITORIAL, Role
from tidu.recognition.actions.changes import (
    decide_change,
    draft_decision,
    give_opinion,
    report_change,
    withdraw_change,
)
from tidu.recognition.forms.life import ChangeForm, DecisionForm, OpinionForm
from tidu.recognition.life.pages import (
    CHANGE_PILLS,
    change_steps,
    cited,
    due_of,
    log_of,
)
from tidu.recognition.models import ChangeReport
from tidu.recognition.process.changes import CHANGE_OPEN
from tidu.recognition.process.life_moving import may
from tidu.recognition.queries.avoidance import Avoided
from tidu.recognition.queries.title_lists import cases_narrowed, changes_seen, titles_seen
from tidu.recognition.queries.title_rules import CHANGE_NOT_REPORTED, TitleRule, rule_of
from tidu.registry.models.standing import TitleState
from tidu.registry.vocabulary import vocabulary_in_view

_COLUMNS: Final = (
    Column("企业"),
    Column("变化"),
    Column("发生日期", sort="happened"),
    Column("报告"),
    Column("期限", sort="due"),
    Column("状态"),
)
_FILTERS: Final = (
    Filter(
        "state",
        "状态",
        choices=(
            Choice("open", "未办结"),
            *(
                Choice(item.value, item.label)
                for item in ChangeReport.State
                if item != ChangeReport.State.WITHDRAWN
            ),
        ),
    ),
    Filter("kind", "变化", choices=tuple(Choice(item.value, item.label) for item in ChangeReport.Kind)),
    Filter("q", "企业名称", "text"),
)


@require_safe
@for_roles(*TERRITORIAL)
def changes(request: ActorRequest) -> HttpResponse:
    """The change reports of one's place."""
    on = chosen(request.GET, _FILTERS)
    found = listing(
        request,
        cases_narrowed(changes_seen(request.actor), on, open_states=CHANGE_OPEN),
        filters=_FILTERS,
        sorts={
            "due": (F("deadline__closed_at").asc(nulls_first=True), F("deadline__due_on").asc()),
            "happened": ("happened_on",),
        },
        default="due",
    )
    calendar = current_calendar()
    context = {
        "list": found,
        "avoided": Avoided(ChangeReport.objects.avoided_by(request.actor).count(), noun="变更报告"),
        "columns": _COLUMNS,
        "rows": [
            (
                item,
                CHANGE_PILLS[ChangeReport.State(item.state)],
                due_of(item.deadline, running=item.state in CHANGE_OPEN, calendar=calendar),
            )
            for item in found.page
        ],
        "crumbs": (Crumb("称号", reverse("recognition:titles")), Crumb("变更报告")),
    }
    return render(request, "recognition/changes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(Role.ENTERPRISE_MANAGER)
def new(request: ActorRequest, pk: int) -> HttpResponse:
    """Report a change of the enterprise that holds this title."""
    title = get_object_or_404(titles_seen(request.actor), pk=pk)
    rule = rule_of(title)
    if rule is None or not rule.own or title.state != TitleState.HELD:
        raise Http404
    form = ChangeForm(title, posted(request))
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            made = report_change(
                actor=request.actor,
                title=title,
                kind=ChangeReport.Kind(cleaned["kind"]),
                happened_on=cleaned["happened_on"],
                after=cleaned["after"],
                text=cleaned["text"],
                new_place=cleaned["place"],
                evidence=list(cleaned["evidence"]),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "变更已报告，由所在地工信部门核实。")
            return redirect("recognition:change", pk=made.pk)
    context = {
        "title": title,
        "form": form,
        "rule": rule,
        "clauses": cited(title, (rule.recognition.changes_cite or "",)),
        "crumbs": (Crumb("我的称号", reverse("recognition:own-titles")), Crumb("报告变更")),
    }
    return render(request, "recognition/change_new.html", context, status=http_status(form.errors))


@require_safe
@never_cache
@for_roles(*TERRITORIAL, *ENTERPRISE_ROLES)
def change(request: ActorRequest, pk: int) -> HttpResponse:
    """One report: what changed, its evidence, what was said and decided."""
    return _page(request, _seen(request, pk))


@require_http_methods(["POST"])
@for_roles(Role.DISTRICT_OFFICER, Role.CITY_OFFICER)
def opinion(request: ActorRequest, pk: int) -> HttpResponse:
    """The district's opinion."""
    found = _seen(request, pk)
    form = OpinionForm(request.POST)
    if form.is_valid():
        try:
            give_opinion(
                actor=request.actor,
                change=found,
                positive=form.cleaned_data["positive"] == "yes",
                opinion=form.cleaned_data["opinion"],
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "意见已提出，转市级审定。")
            return redirect("recognition:change", pk=found.pk)
    return _page(request, found, opinion_form=form)


@require_http_methods(["POST"])
@for_roles(Role.CITY_OFFICER)
def decide(request: ActorRequest, pk: int) -> HttpResponse:
    """The city's decision: its document is drafted, then issued with the decision."""
    found = _seen(request, pk)
    rule = rule_of(found.title)
    form = DecisionForm(rule, request.POST)
    if form.is_valid():
        accepted = form.cleaned_data["accepted"] == "yes"
        decision, cite = form.cleaned_data["decision"], form.cleaned_data["cite"]
        try:
            drafted = draft_decision(
                actor=request.actor, change=found, accepted=accepted, decision=decision, cite=cite
            )
            decided = decide_change(
                actor=request.actor, change=drafted, accepted=accepted, decision=decision, cite=cite
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            case = decided.cancellations.first()
            if case is not None:
                messages.success(request, "已审定。称号不再延续，已立案，请向企业发出告知书。")
                return redirect("recognition:cancellation", pk=case.pk)
            messages.success(request, "已审定，称号延续，企业已收到通知。")
            return redirect("recognition:change", pk=found.pk)
    return _page(request, found, decision_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(Role.ENTERPRISE_MANAGER)
def withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    """Take a report back."""
    found = _seen(request, pk)
    if found.state not in CHANGE_OPEN:
        raise Http404
    asked = Confirmation(
        title="撤回变更报告",
        verb="撤回变更报告",
        back=reverse("recognition:change", args=[found.pk]),
        consequences=("报告和材料保留备查，不再办理。", "按期报告的义务仍在；需要时请重新报告。"),
        crumbs=(Crumb("我的称号", reverse("recognition:own-titles")), Crumb("撤回变更报告")),
    )
    return asked.then(request, lambda: withdraw_change(actor=request.actor, change=found), "变更报告已撤回。")


@require_safe
@for_roles(*TERRITORIAL, *ENTERPRISE_ROLES)
def document(request: ActorRequest, pk: int) -> HttpResponseBase:
    """The decision as a document; the enterprise gets what is issued."""
    found = _seen(request, pk)
    if found.document is None or (request.actor.is_enterprise and not found.document.number):
        raise Http404
    return serve_pdf(request, found.document, enterprise_id=found.enterprise_id)


@require_safe
@for_roles(*TERRITORIAL, *ENTERPRISE_ROLES)
def paper(request: ActorRequest, pk: int, number: int) -> HttpResponseBase:
    """One piece of evidence of a report, even where it has been taken off the enterprise's list since."""
    found = _seen(request, pk)
    item = get_object_or_404(found.evidence.select_related("file"), pk=number)
    return download(request, item.file, enterprise_id=found.enterprise_id)


def _seen(request: ActorRequest, pk: int) -> ChangeReport:
    return get_object_or_404(changes_seen(request.actor), pk=pk)


def _page(
    request: ActorRequest,
    found: ChangeReport,
    *,
    opinion_form: OpinionForm | None = None,
    decision_form: DecisionForm | None = None,
) -> HttpResponse:
    rule = rule_of(found.title)
    state = ChangeReport.State(found.state)
    actor = request.actor
    labels = vocabulary_in_view().evidence
    context: dict[str, Any] = {
        "change": found,
        "pill": CHANGE_PILLS[state],
        "due": due_of(found.deadline, running=state in CHANGE_OPEN),
        "steps": change_steps(found),
        "log": log_of(found, actor),
        "papers": [
            (item, labels[item.kind].label if item.kind in labels else item.kind)
            for item in found.evidence.select_related("file")
        ],
        "clauses": cited(found.title, (found.cite,)),
        "rule": rule,
        "late_consequence": _late_consequence(found, rule),
        "late_clauses": _late_clauses(found, rule),
        "opinion_form": opinion_form or (OpinionForm() if may(actor, found, "opinion") else None),
        "decision_form": decision_form or (DecisionForm(rule) if may(actor, found, "accept") else None),
        "case": found.cancellations.first() if not actor.is_enterprise else None,
        "may_withdraw": may(actor, found, "withdraw"),
        "staff": not actor.is_enterprise,
        "crumbs": _crumbs(request, found),
    }
    bad = any(form is not None and form.errors for form in (opinion_form, decision_form))
    return render(request, "recognition/change.html", context, status=http_status(bad))


def _late_consequence(found: ChangeReport, rule: TitleRule | None) -> str:
    """What the document says of a late report."""
    if not found.late or rule is None:
        return ""
    ground = rule.ground(CHANGE_NOT_REPORTED)
    if ground is None:
        return "文件没有规定逾期报告的后果，由市级在审定时一并考虑。"
    return f"{quoted(ground.label)}是取消称号的情形之一，由市级在审定时决定。"


def _late_clauses(found: ChangeReport, rule: TitleRule | None) -> Any:  # noqa: ANN401 - chips
    ground = None if rule is None else rule.ground(CHANGE_NOT_REPORTED)
    return () if ground is None or not found.late else cited(found.title, (ground.cite,))


def _crumbs(request: ActorRequest, found: ChangeReport) -> tuple[Crumb, ...]:
    if request.actor.is_enterprise:
        return (Crumb("我的称号", reverse("recognition:own-titles")), Crumb("变更报告"))
    return (
        Crumb("称号", reverse("recognition:titles")),
        Crumb("变更报告", reverse("recognition:changes")),
        Crumb(found.enterprise.name),
    )
