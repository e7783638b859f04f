"""Reading the record in order, a batch at a time: however long it has become, it takes the same memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tidu.core.models.audit import AuditEvent

COLUMNS: Final = tuple(field.attname for field in AuditEvent._meta.concrete_fields)
_BATCH: Final = 2_000


def events_between(first: int, last: int) -> Iterator[dict[str, Any]]:
    """The events from number ``first`` to ``last`` as plain values, in order.

    An event whose content cannot even be read, because somebody has written nonsense into a column, comes with the
    nonsense as text; its hash tells.
    """
    after = first - 1
    while after < last:
        batch = _batch(after, last)
        if not batch:
            return
        yield from batch
        after = batch[-1]["number"]


def _batch(after: int, last: int) -> list[dict[str, Any]]:
    rows = AuditEvent.objects.filter(number__gt=after, number__lte=last).order_by("number").values(*COLUMNS)
    try:
        return list(rows[:_BATCH])
    except ValueError:
        return [_one(number) for number in rows.values_list("number", flat=True)[:_BATCH]]


def _one(number: int) -> dict[str, Any]:
    try:
        return dict(AuditEvent.objects.values(*COLUMNS).get(number=number))
    except ValueError as error:
        return dict.fromkeys(COLUMNS, "") | {"number": number, "detail": str(error), "hash": "unreadable"}
