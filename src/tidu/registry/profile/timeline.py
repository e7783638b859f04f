"""Everything that happened to an enterprise, newest first: from its facts, titles and incidents, and the record."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any, Final

from django.utils import timezone

from tidu.core.audit.actions import ACTIONS
from tidu.core.models import AuditEvent
from tidu.core.models.audit import AuditResult
from tidu.core.workspace import LogEntry
from tidu.registry.fact_words import fact_label
from tidu.registry.models import Enterprise, Fact, Source
from tidu.registry.profile.known import Known
from tidu.registry.queries.facts import end_of

MOST: Final = 60
_MOST_NAMED: Final = 4
#: What was done with the enterprise's data. Who has merely looked stands in the record of access.
_PREFIX: Final = "registry."
_TOLD_BY_FACTS: Final = "registry.facts.recorded"
_VERBS: Final = {
    Source.DECLARED: "填报",
    Source.IMPORTED: "导入",
    Source.AUDITED: "按审计报告记录",
    Source.CONFIRMED: "部门确认",
}


def timeline(known: Known, *, named: bool) -> list[LogEntry]:
    """The newest entries. ``named``: officers are called by name; to an enterprise they are their organisation.

    Two queries.
    """
    entries = [
        *_recorded(known, named=named),
        *_stated(known.enterprise, end_of(known.on)),
        *_milestones(known),
    ]
    return sorted(entries, key=_moment, reverse=True)[:MOST]


def _moment(entry: LogEntry) -> dt.datetime:
    if isinstance(entry.at, dt.datetime):
        return entry.at
    return timezone.make_aware(dt.datetime.combine(entry.at, dt.time.min))


def _recorded(known: Known, *, named: bool) -> Iterator[LogEntry]:
    events = AuditEvent.objects.filter(
        enterprise_id=known.enterprise.pk,
        result=AuditResult.DONE,
        action__startswith=_PREFIX,
        at__lt=end_of(known.on),
    ).exclude(action=_TOLD_BY_FACTS)
    for event in events.order_by("-number")[:MOST]:
        who = event.organisation_name or event.user_name
        by = f"{who}　{event.user_name}" if named and event.organisation_name else who
        yield LogEntry(event.at, ACTIONS.get(event.action, event.action), by, _note(event))


def _note(event: AuditEvent) -> str:
    """What an event says of itself, in words."""
    try:
        detail: dict[str, Any] = json.loads(event.detail) if event.detail else {}
    except json.JSONDecodeError:
        return ""
    parts: list[str] = []
    if isinstance(facts := detail.get("facts"), int):
        parts.append(f"{facts} 项")
    if source := detail.get("source"):
        parts.append(f"来源：{source}")
    if "from" in detail and "to" in detail:
        parts.append(f"{detail['from']}改为{detail['to']}")
    if clusters := detail.get("clusters"):
        parts.append("、".join(map(str, clusters)))
    if reason := detail.get("reason"):
        parts.append(f"理由：{reason}")
    return "，".join(parts)


def _stated(enterprise: Enterprise, moment: dt.datetime) -> Iterator[LogEntry]:
    """What was recorded at one moment from one source, however many values. The record of a bulk names nobody."""
    found: dict[tuple[dt.datetime, int, str], list[str]] = {}
    facts = Fact.objects.filter(enterprise=enterprise, recorded_at__lt=moment).order_by("-recorded_at", "pk")
    rows = facts.values_list(
        "recorded_at", "source", "recorded_by_organisation", "indicator", "year", "basis"
    )
    bases: dict[tuple[dt.datetime, int, str], str] = {}
    for at, source, organisation, indicator, year, basis in rows:
        key = (at, source, organisation)
        found.setdefault(key, []).append(fact_label(indicator, year))
        bases.setdefault(key, basis)
    for (at, source, organisation), labels in list(found.items())[:MOST]:
        named = "、".join(labels[:_MOST_NAMED])
        more = f"等 {len(labels)} 项" if len(labels) > _MOST_NAMED else ""
        words = f"{_VERBS[Source(source)]}{named}{more}"
        yield LogEntry(at, words, organisation or "系统", bases[at, source, organisation])


def _milestones(known: Known) -> Iterator[LogEntry]:
    enterprise = known.enterprise
    if enterprise.registered_on is not None:
        yield LogEntry(enterprise.registered_on, "企业注册成立")
    for title in known.titles:
        note = "，".join(part for part in (title.authority, title.document_no) if part)
        yield LogEntry(title.recognised_on, f"取得{title.name}", note=note, mine=True)
        if title.ended_on is not None:
            yield LogEntry(title.ended_on, f"{title.name}：{title.get_state_display()}")
    for incident in known.incidents:
        words = f"{incident.get_field_display()}（{incident.get_severity_display()}）：{incident.title}"
        yield LogEntry(incident.happened_on, words, note=incident.authority)
        if incident.settled_on is not None:
            yield LogEntry(incident.settled_on, f"整改或修复：{incident.title}")
