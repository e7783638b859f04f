"""Everything that happened to an enterprise, newest first: from the record, its titles and its incidents."""

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
from tidu.registry.models import Enterprise, Fact
from tidu.registry.profile.known import Known
from tidu.registry.queries.facts import end_of
from tidu.registry.vocabulary import vocabulary_in_view

MOST: Final = 60
_MOST_NAMED: Final = 4
#: What was done with the enterprise's data. Who has merely looked stands in the record of access.
_PREFIX: Final = "registry."


def timeline(known: Known, *, named: bool) -> list[LogEntry]:
    """The newest entries. ``named``: officers are called by name; to an enterprise they are their organisation.

    Two queries.
    """
    entries = [
        *_recorded(known, named=named),
        *_imported(known.enterprise, end_of(known.on)),
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
    ).order_by("-number")[:MOST]
    for event in events:
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
    if facts := detail.get("facts"):
        parts.append(_facts(facts))
    if source := detail.get("source"):
        parts.append(f"来源：{source}")
    if "from" in detail and "to" in detail:
        parts.append(f"{detail['from']}改为{detail['to']}")
    if clusters := detail.get("clusters"):
        parts.append("、".join(map(str, clusters)))
    if reason := detail.get("reason"):
        parts.append(f"理由：{reason}")
    return "，".join(parts)


def _facts(facts: object) -> str:
    if not isinstance(facts, list):
        return f"{facts} 项"
    named = [_name(str(item)) for item in facts[:_MOST_NAMED]]
    more = f"等 {len(facts)} 项" if len(facts) > _MOST_NAMED else ""
    return "、".join(named) + more


def _name(flat: str) -> str:
    """The label of a flat name such as ``revenue_2025``."""
    stem, _, year = flat.rpartition("_")
    if year.isdigit() and stem in vocabulary_in_view().indicators:
        return fact_label(stem, int(year))
    return fact_label(flat)


def _imported(enterprise: Enterprise, moment: dt.datetime) -> Iterator[LogEntry]:
    """Imports that brought facts of this enterprise: the record keeps them whole, not once for each enterprise."""
    batches: dict[int, tuple[dt.datetime, str, int]] = {}
    facts = Fact.objects.filter(
        enterprise=enterprise, batch__isnull=False, recorded_at__lt=moment
    ).values_list("batch_id", "recorded_at", "recorded_by_organisation", "batch__kind")
    for batch_id, at, organisation, _kind in facts:
        if batch_id is not None:
            known = batches.get(batch_id, (at, organisation, 0))
            batches[batch_id] = (max(known[0], at), organisation, known[2] + 1)
    for at, organisation, number in batches.values():
        yield LogEntry(at, f"导入数据 {number} 项", organisation)


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
