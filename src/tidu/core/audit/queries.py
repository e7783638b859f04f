"""Searching the record: by person, action, subject, enterprise, days and result, newest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils import timezone

from tidu.core import entry
from tidu.core.actor import SYSTEM, Actor
from tidu.core.audit.actions import ACTIONS
from tidu.core.audit.directory import enterprises
from tidu.core.components import Choice
from tidu.core.listing import Filter
from tidu.core.models.audit import AuditEvent, AuditEventSet, AuditResult, ExportedBlock

PER_PAGE: Final = 50
_MOST_PEOPLE: Final = 50
#: The parts of the platform whose actions stand together in the long list of them.
_AREAS: Final[Mapping[str, str]] = {
    "accounts": "账号、机构和授权",
    "core": "平台和文件",
    "recognition": "申报、认定和称号",
    "registry": "企业和数据",
}
#: Clocks of several machines differ by seconds, so this many events on either side of a day are searched as well.
_SLACK: Final = 1_000
#: A day before any event; the first of all days has no moment that a database can hold.
_BEFORE_ALL: Final = dt.date(2000, 1, 1)


def filters() -> tuple[Filter, ...]:
    """The controls of the search. Actions are those that the applications have declared by now."""
    actions = sorted(ACTIONS.items(), key=lambda item: (item[0].split(".")[0], item[1]))
    return (
        Filter("person", "人员", "text", hint="姓名"),
        Filter(
            "action",
            "动作",
            choices=tuple(
                Choice(name, label, group=_AREAS.get(name.partition(".")[0], "其他"))
                for name, label in actions
            ),
        ),
        Filter("subject", "对象", "text", hint="名称的一部分"),
        Filter("enterprise", "所涉企业", "text", hint="名称或信用代码"),
        Filter("since", "自", "date"),
        Filter("until", "至", "date"),
        Filter("result", "结果", choices=tuple(Choice(item.value, item.label) for item in AuditResult)),
    )


def search(actor: Actor, on: Mapping[str, Any]) -> AuditEventSet:
    """The events that ``actor`` may read and that the filters leave, newest first."""
    rows = AuditEvent.objects.visible_to(actor)
    if person := on.get("person"):
        rows = rows.filter(_of_person(person))
    if action := on.get("action"):
        rows = rows.filter(action=action)
    if subject := on.get("subject"):
        rows = rows.filter(subject_label__icontains=subject)
    if enterprise := on.get("enterprise"):
        rows = rows.filter(enterprise_id__in=enterprises().find(enterprise))
    if result := on.get("result"):
        rows = rows.filter(result=result)
    return _of_days(rows, day(on.get("since")), day(on.get("until"))).order_by("-number")


def day(text: str | None) -> dt.date | None:
    """A day that somebody has typed in any usual way; nothing where it is none."""
    try:
        return entry.day(text or "")
    except entry.Unreadable:
        return None


def no_days(on: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What was typed where a day belongs and is none, with the label of its filter."""
    for item in filters():
        if item.kind == "date" and item.name in on and day(on[item.name]) is None:
            yield item.label, on[item.name]


def _of_person(name: str) -> Q:
    """By the number of the persons who bear the name now, which an index finds, and by the name they bore then."""
    if name == SYSTEM.name:
        return Q(user_id__isnull=True)
    people = get_user_model()._default_manager.filter(Q(name__contains=name) | Q(username__iexact=name))
    found = list(people.values_list("pk", flat=True)[:_MOST_PEOPLE])
    return Q(user_id__in=found) if found else Q(user_name=name)


def _of_days(rows: AuditEventSet, since: dt.date | None, until: dt.date | None) -> AuditEventSet:
    """Bounded by time, and by number as well: numbers rise with time, and the list is in their order."""
    if since is not None and since > _BEFORE_ALL:
        start = timezone.make_aware(dt.datetime.combine(since, dt.time()))
        first = (
            AuditEvent.objects.filter(at__gte=start).order_by("at").values_list("number", flat=True).first()
        )
        if first is None:
            return rows.none()
        rows = rows.filter(at__gte=start, number__gte=first - _SLACK)
    if until is not None and until <= _BEFORE_ALL:
        return rows.none()
    if until is not None and until < dt.date.max:
        end = timezone.make_aware(dt.datetime.combine(until + dt.timedelta(days=1), dt.time()))
        last = AuditEvent.objects.filter(at__lt=end).order_by("-at").values_list("number", flat=True).first()
        if last is None:
            return rows.none()
        rows = rows.filter(at__lt=end, number__lte=last + _SLACK)
    return rows


@dataclass(frozen=True, slots=True)
class EventPage:
    """One page of events; ``newer`` and ``older`` are numbers to go on from, nothing at the ends."""

    events: Sequence[AuditEvent]
    newer: int | None
    older: int | None


def page(
    rows: AuditEventSet,
    *,
    before: int | None = None,
    after: int | None = None,
    exports: QuerySet[ExportedBlock] | None = None,
) -> EventPage:
    """The events before a number, or those right after one: as quick on the last page as on the first.

    With those of ``exports`` among them, which are found by an index of their own.
    """
    if after is not None:
        found = _nearest(rows.filter(number__gt=after), exports, Q(event__gt=after), newest_first=False)
        more, found = len(found) > PER_PAGE, found[:PER_PAGE][::-1]
        newer, older = more, bool(found)
    else:
        earlier = Q() if before is None else Q(event__lt=before)
        bounded = rows if before is None else rows.filter(number__lt=before)
        found = _nearest(bounded, exports, earlier, newest_first=True)
        more, found = len(found) > PER_PAGE, found[:PER_PAGE]
        newer, older = before is not None, more
    if not found:
        return EventPage((), None, None)
    return EventPage(found, found[0].number if newer else None, found[-1].number if older else None)


def _nearest(
    rows: AuditEventSet, exports: QuerySet[ExportedBlock] | None, bound: Q, *, newest_first: bool
) -> list[AuditEvent]:
    """One more than a page holds, of both kinds together."""
    most, sign = PER_PAGE + 1, "-" if newest_first else ""
    found = {event.number: event for event in rows.order_by(f"{sign}number")[:most]}
    if exports is not None:
        numbers = exports.filter(bound).order_by(f"{sign}event").values_list("event", flat=True)[:most]
        found |= AuditEvent.objects.in_bulk(list(numbers))
    return [found[number] for number in sorted(found, reverse=newest_first)[:most]]
