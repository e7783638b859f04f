"""Who has seen or changed an enterprise's data, as the enterprise itself may know it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q

from tidu.core.audit.naming import action_label, role_label
from tidu.core.models.audit import AuditEvent, AuditEventSet, AuditResult
from tidu.core.personal.revealing import PURPOSES
from tidu.core.roles import Role
from tidu.registry.models import Enterprise

#: What is about the enterprise's own data. Refusals and the work of the platform are not.
_SHOWN: Final = Q(action__startswith="registry.") | Q(
    action__in=(
        "core.file.stored",
        "core.file.downloaded",
        "core.file.previewed",
        "core.personal.revealed",
        "core.export.made",
    )
)
_PURPOSES: Final = {choice.value: choice.label for choice in PURPOSES}


@dataclass(frozen=True, slots=True)
class Look:
    """One event in the words that the enterprise may read: body and role, never the name of an officer or expert."""

    event: AuditEvent
    action: str
    who: str
    what: str
    own: bool


def looks_at(enterprise: Enterprise, *, own: bool = False) -> AuditEventSet:
    """The events about ``enterprise`` alone; those of its own people only where ``own`` is wanted.

    Lists in which it was exported with others are found by :func:`tidu.core.audit.exports.exports_with`.
    """
    rows = AuditEvent.objects.filter(_SHOWN, enterprise_id=enterprise.pk, result=AuditResult.DONE)
    if not own:
        rows = rows.exclude(organisation_id=enterprise.organisation_id).exclude(organisation_id__isnull=True)
    return rows.order_by("-number")


def looks_shown(events: Iterable[AuditEvent], enterprise: Enterprise) -> list[Look]:
    """The events in words."""
    return [_look(event, enterprise) for event in events]


def _look(event: AuditEvent, enterprise: Enterprise) -> Look:
    own = event.organisation_id is not None and event.organisation_id == enterprise.organisation_id
    role = role_label(event.role)
    if own:
        who = f"{event.user_name}（{role}）"
    elif event.role == Role.EXPERT:
        who = role  # who reviews is not for the enterprise to know
    elif event.organisation_id is None:
        who = event.user_name if event.user_id is None else "平台"
    else:
        who = f"{event.organisation_name} · {role}"
    return Look(event, action_label(event.action), who, _what(event), own)


def _what(event: AuditEvent) -> str:
    """The datum and what for; of a file its name; of a list how long it was. What else it is about stays out.

    A list may be of what is not decided yet, and other subjects may name people.
    """
    if event.action.startswith("core.file."):
        return event.subject_label
    detail: dict[str, Any] = json.loads(event.detail or "{}")
    if event.action == "core.export.made" and event.enterprise_id is None:
        return f"含本企业的名单，共 {detail['rows']:,} 行" if "rows" in detail else "含本企业的名单"
    if event.action != "core.personal.revealed":
        return ""
    purpose = _PURPOSES.get(str(detail.get("purpose", "")), "")
    return "，".join(filter(None, (str(detail.get("label", "")), purpose)))
