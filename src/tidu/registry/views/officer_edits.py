"""What an officer enters about an enterprise of their place. Who entered it, and why, stays on the record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tidu.accounts.forms.dressing import Dressed, posted
from tidu.accounts.ties import refuse_tied
from tidu.core.components import Crumb
from tidu.core.gates import for_roles
from tidu.core.refusals import Refused, http_status
from tidu.core.requests import ActorRequest
from tidu.core.roles import Role
from tidu.registry.actions.enterprises import change_status, set_clusters
from tidu.registry.actions.facts import NewFact, record_facts, year_fits
from tidu.registry.actions.standing import add_incident, enter_end, enter_title, settle_incident
from tidu.registry.fact_words import fact_label, fact_words
from tidu.registry.forms.officers import (
    ClustersForm,
    FactChoice,
    FactForm,
    IncidentForm,
    SettleForm,
    StatusForm,
    TitleEndForm,
    TitleForm,
)
from tidu.registry.models import ClusterTag, Enterprise, EnterpriseStatus, Fact, Incident, Source, Title
from tidu.registry.models.standing import IncidentField, Level, Severity, TitleState
from tidu.registry.views.profile import seen
from tidu.registry.vocabulary import is_recordable, vocabulary_in_view

EDITORS: Final = (Role.DISTRICT_OFFICER, Role.CITY_OFFICER)


def _answer(
    request: ActorRequest,
    enterprise: Enterprise,
    form: Dressed,
    *,
    title: str,
    verb: str,
    done: str,
    work: Callable[[dict[str, Any]], object],
    about: str = "",
    anchor: str = "",
) -> HttpResponse:
    """A form's page, and what happens when it is sent: the work is done, or its refusal stands beside the field."""
    try:
        refuse_tied(request.actor, enterprise)
    except Refused as refused:  # nobody fills in what will not be taken
        messages.error(request, refused.message)
        return redirect("registry:enterprise", pk=enterprise.pk)
    if request.method == "POST" and form.is_valid():
        try:
            work(form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, done)
            return redirect(f"{reverse('registry:enterprise', args=[enterprise.pk])}{anchor}")
    context = {
        "enterprise": enterprise,
        "form": form,
        "title": title,
        "verb": verb,
        "about": about,
        "crumbs": _crumbs(enterprise, title),
    }
    return render(request, "registry/enterprise_form.html", context, status=http_status(form.errors))


def _crumbs(enterprise: Enterprise, title: str) -> tuple[Crumb, ...]:
    return (
        Crumb("企业库", reverse("registry:enterprises")),
        Crumb(enterprise.name, reverse("registry:enterprise", args=[enterprise.pk])),
        Crumb(title),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*EDITORS)
def correct_fact(request: ActorRequest, pk: int) -> HttpResponse:
    """Correct a value: first which one, then what it is and why."""
    enterprise = seen(request, pk)
    if "indicator" not in request.GET:
        return _choose_fact(request, enterprise, FactChoice())
    choice = FactChoice(request.GET)
    if not choice.is_valid():
        return _choose_fact(request, enterprise, choice)
    indicator = vocabulary_in_view().indicators[choice.cleaned_data["indicator"]]
    year = int(choice.cleaned_data["year"] or 0) if indicator.per_year else 0
    if not is_recordable(indicator) or not year_fits(indicator, year):
        raise Http404
    known = Fact.objects.filter(enterprise=enterprise, indicator=indicator.id, year=year, chosen=True).first()
    now = (
        "现在没有记录" if known is None else f"现在采用：{fact_words(known)}（{Source(known.source).label}）"
    )

    def correct(cleaned: dict[str, Any]) -> None:
        fact = NewFact(
            indicator.id,
            cleaned["value"],
            year,
            basis=f"更正：{cleaned['reason']}"[:200],
            document_no=cleaned["document_no"],
            stated_on=cleaned["stated_on"],
        )
        record_facts(actor=request.actor, enterprise=enterprise, facts=[fact], source=Source.IMPORTED)

    return _answer(
        request,
        enterprise,
        FactForm(indicator, posted(request)),
        title=f"更正{' ' if year else ''}{fact_label(indicator.id, year)}",
        verb="保存更正",
        done=f"已记录“{fact_label(indicator.id, year)}”的更正。来源为“导入”，审计或部门确认的数据仍优先采用。",
        about=f"{now}。更正按来源“导入”记录，原有的值都保留；有审计或部门确认的数据时，仍采用它们。",
        work=correct,
    )


def _choose_fact(request: ActorRequest, enterprise: Enterprise, form: FactChoice) -> HttpResponse:
    title = "更正数据"
    context = {
        "enterprise": enterprise,
        "form": form,
        "title": title,
        "verb": "填写更正",
        "method": "get",
        "about": "先选要更正的一项。原有的值都保留，更正人和依据会记录下来。",
        "crumbs": _crumbs(enterprise, title),
    }
    return render(request, "registry/enterprise_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*EDITORS)
def add_a_title(request: ActorRequest, pk: int) -> HttpResponse:
    """Record a title."""
    enterprise = seen(request, pk)

    def add(cleaned: dict[str, Any]) -> None:
        enter_title(
            actor=request.actor,
            enterprise=enterprise,
            **{**cleaned, "level": Level(cleaned["level"] or Level.OTHER)},
        )

    return _answer(
        request,
        enterprise,
        TitleForm(posted(request)),
        title="登记称号",
        verb="登记称号",
        done="已登记称号。",
        work=add,
        anchor="#titles",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*EDITORS)
def end_a_title(request: ActorRequest, pk: int, title: int) -> HttpResponse:
    """Take a title away."""
    enterprise = seen(request, pk)
    held = get_object_or_404(Title.objects.visible_to(request.actor), pk=title, enterprise=enterprise)

    def end(cleaned: dict[str, Any]) -> None:
        enter_end(
            actor=request.actor,
            title=held,
            state=TitleState(cleaned["state"]),
            ended_on=cleaned["ended_on"],
            reason=cleaned["reason"],
        )

    return _answer(
        request,
        enterprise,
        TitleEndForm(posted(request)),
        title=f"登记取消或接替：{held.name}",
        verb="登记",
        done=f"已登记：{held.name}。",
        about="只登记已经作出的决定，登记以后称号不再有效。",
        work=end,
        anchor="#titles",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*EDITORS)
def add_an_incident(request: ActorRequest, pk: int) -> HttpResponse:
    """Record an incident."""
    enterprise = seen(request, pk)

    def add(cleaned: dict[str, Any]) -> None:
        add_incident(
            actor=request.actor,
            enterprise=enterprise,
            **{
                **cleaned,
                "field": IncidentField(cleaned["field"]),
                "severity": Severity(cleaned["severity"]),
            },
        )

    return _answer(
        request,
        enterprise,
        IncidentForm(posted(request)),
        title="登记事故与处罚",
        verb="登记事故与处罚",
        done="已登记事故与处罚。",
        work=add,
        anchor="#incidents",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*EDITORS)
def settle_an_incident(request: ActorRequest, pk: int, incident: int) -> HttpResponse:
    """Record that an incident was put right."""
    enterprise = seen(request, pk)
    found = get_object_or_404(
        Incident.objects.visible_to(request.actor),
        pk=incident,
        enterprise=enterprise,
        removed_at__isnull=True,
    )
    return _answer(
        request,
        enterprise,
        SettleForm(posted(request)),
        title="登记整改或修复",
        verb="登记整改或修复",
        done="已登记整改或修复。",
        about=f"{found.title}（{found.happened_on:%Y-%m-%d}，{found.authority}）",
        work=lambda cleaned: settle_incident(actor=request.actor, incident=found, **cleaned),
        anchor="#incidents",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*EDITORS)
def clusters(request: ActorRequest, pk: int) -> HttpResponse:
    """Count the enterprise in clusters."""
    enterprise = seen(request, pk)
    tagged = list(ClusterTag.objects.filter(enterprise=enterprise).values_list("cluster", flat=True))
    return _answer(
        request,
        enterprise,
        ClustersForm(enterprise, posted(request), initial={"clusters": tagged}),
        title="产业集群标签",
        verb="保存标签",
        done="已更改产业集群标签。",
        work=lambda cleaned: set_clusters(actor=request.actor, enterprise=enterprise, **cleaned),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*EDITORS)
def status(request: ActorRequest, pk: int) -> HttpResponse:
    """Change the status on our books."""
    enterprise = seen(request, pk)

    def change(cleaned: dict[str, Any]) -> None:
        change_status(
            actor=request.actor,
            enterprise=enterprise,
            status=EnterpriseStatus(cleaned["status"]),
            reason=cleaned["reason"],
        )

    return _answer(
        request,
        enterprise,
        StatusForm(enterprise, posted(request)),
        title="更改企业状态",
        verb="更改状态",
        done="已更改企业状态。",
        about=f"现为“{enterprise.get_status_display()}”。",
        work=change,
    )
