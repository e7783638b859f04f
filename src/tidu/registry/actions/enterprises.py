"""Enterprises come onto the books, change their status there, and are counted in clusters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Final

from django.db import transaction

from tidu.accounts.models import Organisation
from tidu.accounts.ties import refuse_tied
from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.refusals import Refused
from tidu.core.uscc import check_uscc
from tidu.registry.actions.facts import NewFact, check_source, record_facts
from tidu.registry.models import ClusterTag, Enterprise, EnterpriseStatus, Fact, Import, Source
from tidu.registry.naming import name_columns, tidied
from tidu.registry.projection import places_of
from tidu.registry.vocabulary import vocabulary_in_view

#: What an officer may make of an enterprise's status by hand, and what must be said for it.
STATUS_CHANGES: Final[dict[str, frozenset[str]]] = {
    EnterpriseStatus.PENDING: frozenset({EnterpriseStatus.ACTIVE, EnterpriseStatus.CLOSED}),
    EnterpriseStatus.ACTIVE: frozenset({EnterpriseStatus.CLOSED, EnterpriseStatus.MOVED}),
    EnterpriseStatus.CLOSED: frozenset({EnterpriseStatus.ACTIVE}),
    EnterpriseStatus.MOVED: frozenset({EnterpriseStatus.ACTIVE}),
}


def register_enterprise(
    *,
    actor: Actor,
    uscc: str,
    name: str,
    place: str | None = None,
    source: Source,
    status: EnterpriseStatus = EnterpriseStatus.ACTIVE,
    facts: Collection[NewFact] = (),
    basis: str = "",
    batch: Import | None = None,
) -> tuple[Enterprise, bool]:
    """The enterprise of this credit code, newly made where none was known, and whether it was.

    ``place`` is the six-digit code of its registration. Name, place and ``facts`` are recorded as facts of ``source``.
    An enterprise that is known already is handed back untouched: what the caller knows of it is recorded by
    :func:`record_facts`, if the actor may. Raises :class:`Refused` for a code that cannot be or a name that is blank.
    """
    check_source(actor, source)
    checked = check_uscc(uscc)
    if not checked.valid:
        raise Refused(checked.errors[0], field="uscc")
    name = tidied(name)
    if not name:
        raise Refused("没有填企业名称。请填与营业执照一致的全称。", field="name")
    with transaction.atomic():
        where = places_of(place or "")
        columns = name_columns(name)
        enterprise, created = Enterprise.objects.get_or_create(
            uscc=checked.code,
            defaults={
                "name": columns.name,
                "core_name": columns.core_name,
                "city_id": where.city,
                "district_id": where.district,
                "status": status,
            },
        )
        if created:
            stated = [NewFact("name", name, basis=basis)]
            if place:
                stated.append(NewFact("registered_area", place, basis=basis))
            record_facts(
                actor=actor, enterprise=enterprise, facts=[*stated, *facts], source=source, batch=batch
            )
            enterprise.refresh_from_db()
            record(
                actor=actor,
                action="registry.enterprise.registered",
                subject=enterprise,
                enterprise_id=enterprise.pk,
                after={"uscc": enterprise.uscc, "name": name, "place": place, "status": status},
                detail={"status": EnterpriseStatus(status).label, "source": source.label},
            )
    return enterprise, created


def change_status(*, actor: Actor, enterprise: Enterprise, status: EnterpriseStatus, reason: str) -> None:
    """Put an enterprise into another status of our books. Raises :class:`Refused` without a reason or way."""
    refuse_tied(actor, enterprise)
    reason = reason.strip()
    if not reason:
        raise Refused("没有写理由。更改企业状态要写明依据，例如登记机关的公示。", field="reason")
    with transaction.atomic():
        held = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
        before = held.status
        if status == before:
            return
        if status not in STATUS_CHANGES[before]:
            raise Refused(f"企业现为“{held.get_status_display()}”，不能改为“{status.label}”。")
        held.status = status
        held.save(update_fields=("status", "changed_at"))
        enterprise.status = status
        record(
            actor=actor,
            action="registry.enterprise.status_changed",
            subject=held,
            enterprise_id=held.pk,
            before=before,
            after=str(status),
            detail={"from": EnterpriseStatus(before).label, "to": status.label, "reason": reason[:300]},
        )


def rename_enterprise(
    *,
    actor: Actor,
    enterprise: Enterprise,
    name: str,
    basis: str,
    document_no: str = "",
    stated_on: dt.date | None = None,
) -> None:
    """Record that an enterprise bears another name now; the former ones stay as facts. The same name changes nothing.

    Raises :class:`Refused` for a blank name, and where a department has confirmed another one.
    """
    name = tidied(name)
    if not name:
        raise Refused("没有填企业名称。请填与营业执照一致的全称。", field="name")
    fact = NewFact("name", name, basis=basis[:200], document_no=document_no, stated_on=stated_on)
    _restate(actor, enterprise, fact, "registry.enterprise.renamed")
    if enterprise.organisation_id is not None:
        Organisation.objects.filter(pk=enterprise.organisation_id).update(name=enterprise.name)


def move_enterprise(
    *,
    actor: Actor,
    enterprise: Enterprise,
    place: str,
    basis: str,
    document_no: str = "",
    stated_on: dt.date | None = None,
) -> None:
    """Record that an enterprise is registered elsewhere now: ``place`` is the code. Raises :class:`Refused`."""
    fact = NewFact("registered_area", place, basis=basis[:200], document_no=document_no, stated_on=stated_on)
    _restate(actor, enterprise, fact, "registry.enterprise.moved")


def _restate(actor: Actor, enterprise: Enterprise, fact: NewFact, action: str) -> None:
    """State one fact as checked by an officer, so that it prevails over what the enterprise and imports say."""
    with transaction.atomic():
        held = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
        before = {"name": held.name, "place": held.district_id or held.city_id}
        record_facts(actor=actor, enterprise=held, facts=[fact], source=Source.AUDITED)
        chosen = Fact.objects.get(enterprise=held, indicator=fact.indicator, year=0, chosen=True)
        if chosen.value != str(fact.value):
            raise Refused(
                f"“{chosen.value}”已由部门确认（{chosen.document_no or chosen.basis}），与变更后的不一致。"
                "请先请该部门更正。"
            )
        held.refresh_from_db()
        enterprise.refresh_from_db()
        record(
            actor=actor,
            action=action,
            subject=held,
            enterprise_id=held.pk,
            before=before,
            after={"name": held.name, "place": held.district_id or held.city_id},
            detail={"from": before["name"], "to": held.name}
            if fact.indicator == "name"
            else {"to": fact.value},
        )


def set_clusters(*, actor: Actor, enterprise: Enterprise, clusters: Collection[str]) -> None:
    """Count the enterprise in exactly these clusters. Raises :class:`Refused` for one of another city."""
    refuse_tied(actor, enterprise)
    known = vocabulary_in_view().clusters
    for cluster in clusters:
        if cluster not in known:
            raise Refused(f"没有名为“{cluster}”的产业集群。请从列表中选择。")
        if enterprise.city_id is not None and known[cluster].area[:4] != enterprise.city_id[:4]:
            raise Refused(f"“{known[cluster].label}”是别的城市的产业集群，这家企业不在那里。")
    with transaction.atomic():
        Enterprise.objects.select_for_update().get(pk=enterprise.pk)
        before = set(ClusterTag.objects.filter(enterprise=enterprise).values_list("cluster", flat=True))
        wanted = set(clusters)
        if before == wanted:
            return
        ClusterTag.objects.filter(enterprise=enterprise, cluster__in=before - wanted).delete()
        ClusterTag.objects.bulk_create(
            ClusterTag(enterprise=enterprise, cluster=cluster) for cluster in sorted(wanted - before)
        )
        record(
            actor=actor,
            action="registry.enterprise.clusters_changed",
            subject=enterprise,
            enterprise_id=enterprise.pk,
            before=sorted(before),
            after=sorted(wanted),
            detail={"clusters": [known[cluster].label for cluster in sorted(wanted)]},
        )
