"""The pages about one enterprise, the same for officers and for its own people; views decide who sees which.

Officers see everybody by name; the enterprise sees the organisations that acted, and what it can fill in itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from tidu.accounts.ties import ties_of
from tidu.core.assessment_result import shown_result
from tidu.core.components import Column, Crumb
from tidu.core.personal.fields import Masked, masked
from tidu.core.requests import ActorRequest
from tidu.core.roles import Role
from tidu.policy.assess.assessment import Assessment, assess
from tidu.policy.documents.library import NATION, load_library
from tidu.policy.errors import InputError
from tidu.policy.vocabulary.sectors import load_sectors
from tidu.registry.fact_words import fact_label, fact_words
from tidu.registry.models import Enterprise, Evidence, Fact, Source
from tidu.registry.profile.day import KnownDay, known_day
from tidu.registry.profile.known import Known, known_of
from tidu.registry.profile.page import profile_of
from tidu.registry.profile.timeline import timeline
from tidu.registry.queries.facts import history_of
from tidu.registry.vocabulary import is_recordable, vocabulary_in_view

_EDITORS = (Role.DISTRICT_OFFICER, Role.CITY_OFFICER)
_HISTORY_COLUMNS = (
    Column("记录时间"),
    Column("数值", number=True),
    Column("来源"),
    Column("依据"),
    Column("记录机构"),
    Column("现状"),
)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the pages about an enterprise lie for the audience."""

    profile: str
    match: Callable[[str, str], str]
    history: Callable[[str, int], str]
    crumbs: tuple[Crumb, ...]
    called: str  # the profile, in the trail of the pages below it
    own: bool

    def with_day(self, url: str, day: KnownDay) -> str:
        """``url`` under the same day."""
        return f"{url}?known={day.typed}" if day.on else url


def officer_addresses(enterprise: Enterprise) -> Addresses:
    """The pages as officers and auditors reach them."""
    pk = enterprise.pk
    return Addresses(
        profile=reverse("registry:enterprise", args=[pk]),
        match=lambda pack, tier: reverse("registry:enterprise-match", args=[pk, pack, tier]),
        history=lambda indicator, year: reverse("registry:enterprise-fact", args=[pk, indicator, year]),
        crumbs=(Crumb("企业库", reverse("registry:enterprises")),),
        called=enterprise.name,
        own=False,
    )


def own_addresses() -> Addresses:
    """The pages as the enterprise's own people reach them."""
    return Addresses(
        profile=reverse("registry:own-profile"),
        match=lambda pack, tier: reverse("registry:own-match", args=[pack, tier]),
        history=lambda indicator, year: reverse("registry:own-fact", args=[indicator, year]),
        crumbs=(Crumb("工作台", reverse("desk:home")),),
        called="企业画像",
        own=True,
    )


def profile_page(request: ActorRequest, enterprise: Enterprise, addresses: Addresses) -> HttpResponse:
    """The whole page, on the day of the address."""
    day = known_day(request)
    known = known_of(enterprise, day.on)

    def address(assessment: Assessment) -> str:
        return addresses.with_day(addresses.match(assessment.pack.id, assessment.tier), day)

    clusters = vocabulary_in_view().clusters
    avoided = ties_of(request.actor).ground(enterprise)
    context = {
        "profile": profile_of(known, address, addresses.history),
        "enterprise": enterprise,
        "day": day,
        "addresses": addresses,
        "log": timeline(known, named=not addresses.own),
        "clusters": [clusters[name].label for name in known.clusters if name in clusters],
        "contacts": _contacts(request, known),
        "evidence": _evidence(known),
        "may_edit": request.actor.has(*_EDITORS) and not known.past and not avoided,
        "avoided": avoided,
        "fill_url": reverse("registry:own") if addresses.own else "",
        "now": timezone.localtime(),
        "industry": _industry(known),
        "crumbs": (*addresses.crumbs, Crumb(addresses.called)),
    }
    return render(request, "registry/profile.html", context)


def _industry(known: Known) -> str:
    code = known.value("industry_code")
    sector = load_sectors().get(code) if isinstance(code, str) else None
    return "" if sector is None else f"{sector.code} {sector.name}"


def _contacts(request: ActorRequest, known: Known) -> list[tuple[str, str, Masked]]:
    """Name, post and masked phone of those to call."""
    if request.actor.has(Role.AUDITOR):
        return []
    return [(person.name, person.post, masked(request, person, "phone")) for person in known.contacts]


def _evidence(known: Known) -> list[tuple[str, Evidence, str]]:
    """What each document is called, the document, and where it is shown."""
    kinds = vocabulary_in_view().evidence
    return [
        (
            kinds[item.kind].label if item.kind in kinds else item.kind,
            item,
            reverse("registry:evidence", args=[item.pk]),
        )
        for item in known.evidence
    ]


def match_page(
    request: ActorRequest, enterprise: Enterprise, addresses: Addresses, *, pack: str, tier: str
) -> HttpResponse:
    """One rule, criterion by criterion. 404 for a rule that does not bind the place."""
    day = known_day(request)
    known = known_of(enterprise, day.on)
    assessment = assessment_of(known, pack, tier)

    def field(key: str) -> str:
        stem, _, year = key.rpartition("_")
        indicators = vocabulary_in_view().indicators
        name, number = (stem, int(year)) if year.isdigit() and stem in indicators else (key, 0)
        found = indicators.get(name)
        if found is None or not is_recordable(found):
            return ""
        if addresses.own:
            return f"{reverse('registry:own-section', args=[found.section])}#q-{name}"
        return addresses.history(name, number)

    context = {
        "enterprise": enterprise,
        "result": shown_result(assessment, field),
        "pack": assessment.pack,
        "digest": assessment.pack.digest[:12],
        "day": day,
        "known": known,
        "addresses": addresses,
        "now": timezone.localtime(),
        "crumbs": (
            *addresses.crumbs,
            Crumb(addresses.called, addresses.with_day(addresses.profile, day)),
            Crumb(assessment.title),
        ),
    }
    return render(request, "registry/match.html", context)


def assessment_of(known: Known, pack: str, tier: str) -> Assessment:
    """The enterprise under one rule that binds its place. Raises :class:`Http404`."""
    library = load_library()
    found = library.packs.get(pack)
    if found is None or found not in library.of_place(known.area or NATION) or tier not in found.tiers:
        raise Http404
    try:
        return assess(found, known.engine, tier=tier, as_of=known.on, base_year=known.base_year)
    except InputError as error:
        raise Http404 from error


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One recorded value in words."""

    fact: Fact
    value: str
    source: str
    source_label: str
    by: str
    state: str
    word: str


def history_page(
    request: ActorRequest, enterprise: Enterprise, addresses: Addresses, *, indicator: str, year: int
) -> HttpResponse:
    """Everything that was ever recorded of one value."""
    described = vocabulary_in_view().indicators.get(indicator)
    if described is None:
        raise Http404
    rows = [_history_row(fact, own=addresses.own) for fact in history_of(enterprise, indicator, year)]
    context = {
        "enterprise": enterprise,
        "label": fact_label(indicator, year),
        "help": described.help,
        "rows": rows,
        "columns": _HISTORY_COLUMNS,
        "indicator": indicator,
        "year": year,
        "addresses": addresses,
        "may_edit": request.actor.has(*_EDITORS) and not ties_of(request.actor).ground(enterprise),
        "crumbs": (
            *addresses.crumbs,
            Crumb(addresses.called, addresses.profile),
            Crumb(fact_label(indicator, year)),
        ),
    }
    return render(request, "registry/fact_history.html", context)


def _history_row(fact: Fact, *, own: bool) -> HistoryRow:
    source = Source(fact.source)
    person = "" if own or fact.recorded_by is None else fact.recorded_by.name
    if fact.chosen:
        state, word = "met", "采用"
    elif fact.ended_at is None:
        state, word = "stop", "并存，未采用"
    else:
        state, word = "expired", "已被更新" if fact.superseded_by_id else "已撤回"
    by = "　".join(part for part in (fact.recorded_by_organisation or "系统", person) if part)
    return HistoryRow(fact, fact_words(fact), source.key, source.label, by, state, word)
