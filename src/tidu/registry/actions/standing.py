"""Titles, and incidents: added by officers, ended or settled with a reason, never deleted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from tidu.accounts.ties import refuse_tied
from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.refusals import Refused
from tidu.policy.dates import years_before
from tidu.registry.actions.columns import refresh_columns
from tidu.registry.actions.facts import NewFact, lock_enterprises, record_facts
from tidu.registry.models import Enterprise, Incident, Source, Title
from tidu.registry.models.standing import UNDECIDED, IncidentField, Level, Severity, TitleState
from tidu.registry.vocabulary import vocabulary_in_view

#: Fields in which the vocabulary's two questions about accidents ask: 安全、质量、环保.
ACCIDENT_FIELDS: Final = frozenset({IncidentField.SAFETY, IncidentField.QUALITY, IncidentField.ENVIRONMENT})
#: 较大及以上 answers the question about the last three years, 重大及以上 the one without a limit of time.
LARGER: Final = frozenset({Severity.SERIOUS, Severity.MAJOR, Severity.GRAVE})
MAJOR: Final = frozenset({Severity.MAJOR, Severity.GRAVE})
LARGER_INDICATOR: Final = "larger_incident_three_years"
MAJOR_INDICATOR: Final = "major_incident"
LARGER_COUNTS_YEARS: Final = 3
#: How the basis of such an answer begins.
INCIDENT_BASIS: Final = "事故与处罚登记："


@dataclass(frozen=True, slots=True)
class Procedure:
    """How titles are given and taken away here, which an entry of one officer does not stand in for.

    ``kept`` gives words for the officer by the number of those titles that only the procedure changes, ``since`` the
    day from which on a city gives a tier by it; none where it does not.
    """

    kept: Callable[[Collection[int]], Mapping[int, str]]
    since: Callable[[str, str], dt.date | None]


_PROCEDURES: Final[list[Procedure]] = []


def leave_to_procedure(procedure: Procedure) -> None:
    """Keep what a procedure gives and takes away from being entered."""
    _PROCEDURES.append(procedure)


def kept_from_entries(titles: Collection[int]) -> dict[int, str]:
    """Why an entry changes none of these titles, by the number of those of which that is so."""
    return {pk: words for procedure in _PROCEDURES for pk, words in procedure.kept(titles).items()}


def first_given(city: str, tier: str) -> dt.date | None:
    """From which day on a city gives a tier here; none where it does not."""
    found = [procedure.since(city, tier) for procedure in _PROCEDURES] if city and tier else []
    return min((day for day in found if day is not None), default=None)


def given_here(since: dt.date | None, on: dt.date) -> str:
    """Why a title of a day ``on`` is not entered where a procedure has given it ``since``; empty where it may be."""
    if since is None or on < since:
        return ""
    return (
        f"{since:%Y-%m-%d} 起，本市的这一称号由本平台认定，认定办结后自动登记，不能另行登记。"
        "以前认定的可以登记。"
    )


def enter_title(
    *,
    actor: Actor,
    enterprise: Enterprise,
    tier: str,
    recognised_on: dt.date,
    **said: Any,  # noqa: ANN401 - passed on
) -> Title:
    """:func:`add_title` as an officer enters what was given elsewhere or before.

    What is given here has its own way, and so has whatever comes beside a title that a procedure has given.
    """
    words = given_here(first_given(enterprise.city_id or "", tier), recognised_on)
    if not words and tier:
        there = enterprise.titles.filter(tier=tier, removed_at__isnull=True).values_list("pk", flat=True)
        words = next(iter(kept_from_entries(there).values()), "")
    if words:
        raise Refused(words, field="tier")
    return add_title(actor=actor, enterprise=enterprise, tier=tier, recognised_on=recognised_on, **said)


def add_title(
    *,
    actor: Actor,
    enterprise: Enterprise,
    name: str,
    level: Level,
    recognised_on: dt.date,
    tier: str = "",
    authority: str = "",
    document_no: str = "",
    batch_name: str = "",
    basis: str = Title.Basis.NEW,
    valid_until: dt.date | None = None,
) -> Title:
    """Record a title that was given. Raises :class:`Refused` for dates that cannot be and a title that is there.

    A term that a re-review renews may begin on a day to come: the day after the term that runs.
    """
    refuse_tied(actor, enterprise)
    if valid_until is not None and valid_until < recognised_on:
        raise Refused("有效期截止日早于认定日期，请核对两个日期。", field="valid_until")
    if recognised_on > timezone.localdate() and basis != Title.Basis.RE_REVIEW:
        raise Refused("认定日期晚于今天，请核对认定文件上的日期。", field="recognised_on")
    if tier and tier not in vocabulary_in_view().tiers:
        raise Refused("没有这一称号层级，请从列表中选择。", field="tier")
    with transaction.atomic():
        lock_enterprises([enterprise.pk])
        try:
            with transaction.atomic():
                title = Title.objects.create(
                    enterprise=enterprise,
                    tier=tier,
                    name=name.strip(),
                    level=level,
                    authority=authority.strip(),
                    document_no=document_no.strip(),
                    batch_name=batch_name.strip(),
                    basis=basis,
                    recognised_on=recognised_on,
                    valid_until=valid_until,
                )
        except IntegrityError:
            raise Refused(
                "这一天的这个称号已经登记过。要改有效期，请先取消原有的一条。", field="name"
            ) from None
        refresh_columns([enterprise.pk])
        record(
            actor=actor,
            action="registry.title.added",
            subject=title,
            enterprise_id=enterprise.pk,
            after={"tier": tier, "name": title.name, "from": recognised_on, "until": valid_until},
            detail={"tier": tier, "document_no": title.document_no},
        )
    return title


def end_title(*, actor: Actor, title: Title, state: TitleState, ended_on: dt.date, reason: str) -> None:
    """Take a title away, or mark it as succeeded by a higher one. Idempotent. Raises :class:`Refused`."""
    refuse_tied(actor, title.enterprise)
    reason = reason.strip()
    if not reason:
        raise Refused("没有写理由。取消称号要写明文件和原因。", field="reason")
    if ended_on < title.recognised_on:
        raise Refused("取消日期早于认定日期，请核对。", field="ended_on")
    with transaction.atomic():
        lock_enterprises([title.enterprise_id])
        held = Title.objects.select_for_update().get(pk=title.pk)
        if held.state != TitleState.HELD:
            return
        held.state, held.ended_on = state, ended_on
        held.save(update_fields=("state", "ended_on"))
        refresh_columns([held.enterprise_id])
        record(
            actor=actor,
            action="registry.title.ended",
            subject=held,
            enterprise_id=held.enterprise_id,
            before=TitleState.HELD.value,
            after=str(state),
            detail={"to": TitleState(state).label, "on": ended_on, "reason": reason[:300]},
        )


def enter_end(*, actor: Actor, title: Title, state: TitleState, ended_on: dt.date, reason: str) -> None:
    """:func:`end_title` as an officer enters what was decided elsewhere; what is decided here has its own way."""
    words = kept_from_entries([title.pk]).get(title.pk)
    if words and state == TitleState.REVOKED:
        raise Refused(words, field="state")
    if words and not _holds_higher(title):
        raise Refused("这家企业没有登记有效的上级称号，不能登记为接替。请先登记上级称号。", field="state")
    end_title(actor=actor, title=title, state=state, ended_on=ended_on, reason=reason)


def _holds_higher(title: Title) -> bool:
    """Whether the enterprise holds a title of a higher rung."""
    tiers = vocabulary_in_view().tiers
    rank = tiers[title.tier].rank if title.tier in tiers else 0
    higher = [item.id for item in tiers.values() if item.rank > rank]
    held = Title.objects.filter(enterprise=title.enterprise_id, tier__in=higher, removed_at__isnull=True)
    return held.filter(state=TitleState.HELD).exists()


def keep_during_review(*, actor: Actor, title: Title) -> None:
    """A re-review in time has begun: the title stays valid until that is decided. Idempotent.

    Raises :class:`Refused` for a title that is not held any more.
    """
    with transaction.atomic():
        lock_enterprises([title.enterprise_id])
        held = Title.objects.select_for_update().get(pk=title.pk)
        if held.state != TitleState.HELD:
            raise Refused("这个称号已经取消或由上级称号接替，不再复核。")
        if held.under_review:
            return
        held.kept_until = UNDECIDED
        held.save(update_fields=("kept_until",))
        refresh_columns([held.enterprise_id])
        record(
            actor=actor,
            action="registry.title.kept",
            subject=held,
            enterprise_id=held.enterprise_id,
            after={"until": held.valid_until},
            detail={"until": held.valid_until},
        )


def end_of_review(*, actor: Actor, title: Title, last_day: dt.date) -> None:
    """The re-review has been decided: ``last_day`` is the last one on which it kept the title. Idempotent."""
    with transaction.atomic():
        lock_enterprises([title.enterprise_id])
        held = Title.objects.select_for_update().get(pk=title.pk)
        if not held.under_review:
            return
        held.kept_until = max(last_day, held.recognised_on)
        held.save(update_fields=("kept_until",))
        refresh_columns([held.enterprise_id])
        record(
            actor=actor,
            action="registry.title.reviewed",
            subject=held,
            enterprise_id=held.enterprise_id,
            after={"kept_until": held.kept_until},
            detail={"kept_until": held.kept_until},
        )


def add_incident(
    *,
    actor: Actor,
    enterprise: Enterprise,
    field: IncidentField,
    severity: Severity,
    happened_on: dt.date,
    title: str,
    authority: str,
    document_no: str = "",
) -> Incident:
    """Record an incident; one that answers a question of the vocabulary states that answer as a fact.

    Raises :class:`Refused` for a day to come and an incident that is there.
    """
    refuse_tied(actor, enterprise)
    if happened_on > timezone.localdate():
        raise Refused("发生日期晚于今天，请核对。", field="happened_on")
    with transaction.atomic():
        lock_enterprises([enterprise.pk])
        try:
            with transaction.atomic():
                incident = Incident.objects.create(
                    enterprise=enterprise,
                    field=field,
                    severity=severity,
                    happened_on=happened_on,
                    title=title.strip(),
                    authority=authority.strip(),
                    document_no=document_no.strip(),
                )
        except IntegrityError:
            raise Refused("同一天同一事由已经登记过。", field="title") from None
        facts = facts_of_incident(incident, timezone.localdate())
        if facts:
            record_facts(actor=actor, enterprise=enterprise, facts=facts, source=Source.IMPORTED)
        record(
            actor=actor,
            action="registry.incident.added",
            subject=incident,
            enterprise_id=enterprise.pk,
            after={"field": field, "severity": severity, "on": happened_on, "title": incident.title},
            detail={"severity": Severity(severity).label, "facts": [fact.indicator for fact in facts]},
        )
    return incident


def facts_of_incident(incident: Incident, on: dt.date) -> list[NewFact]:
    """What an incident answers of the vocabulary's questions on a day. It only ever answers yes.

    After three years the answer to 近三年 is withdrawn by :func:`tidu.registry.actions.daily.expire_answers`.
    """
    if incident.field not in ACCIDENT_FIELDS:
        return []
    answered = []
    if incident.severity in MAJOR:
        answered.append(MAJOR_INDICATOR)
    if incident.severity in LARGER and incident.happened_on > years_before(on, LARGER_COUNTS_YEARS):
        answered.append(LARGER_INDICATOR)
    basis = f"{INCIDENT_BASIS}{incident.title}（{incident.authority}）"
    return [
        NewFact(
            indicator,
            value=True,
            basis=basis,
            document_no=incident.document_no,
            stated_on=incident.happened_on,
        )
        for indicator in answered
    ]


def settle_incident(*, actor: Actor, incident: Incident, settled_on: dt.date, note: str) -> None:
    """Record that the enterprise has put right what happened. Raises :class:`Refused`."""
    refuse_tied(actor, incident.enterprise)
    if not note.strip():
        raise Refused("没有写依据，例如信用修复决定书文号。", field="note")
    if settled_on < incident.happened_on:
        raise Refused("整改或修复日期早于发生日期，请核对。", field="settled_on")
    with transaction.atomic():
        held = Incident.objects.select_for_update().get(pk=incident.pk)
        before = held.settled_on
        if before == settled_on:
            return
        held.settled_on = settled_on
        held.save(update_fields=("settled_on",))
        record(
            actor=actor,
            action="registry.incident.settled",
            subject=held,
            enterprise_id=held.enterprise_id,
            before=before,
            after=settled_on,
            detail={"on": settled_on, "note": note.strip()[:300]},
        )
