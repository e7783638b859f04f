"""Whether the record is whole: every event intact, none missing, none added, and the end where it is said to be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import Subquery

from tidu.core.audit import guard
from tidu.core.audit.chain import FIRST, Fault, Walk
from tidu.core.audit.exports import altered_list
from tidu.core.audit.reading import events_between
from tidu.core.models.audit import AuditEvent, AuditHead

_EVERY: Final = 1_000
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Verification:
    """What a walk along the record found. ``number`` and ``hash`` are those of the last event that is proved whole."""

    first: int
    checked: int
    number: int
    hash: str
    fault: Fault | None
    guards_missing: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong; triggers that somebody has removed are wrong too."""
        return self.fault is None and not self.guards_missing


def verify(
    *, start: int = 1, against: tuple[int, str] | None = None, progress: Progress | None = None
) -> Verification:
    """Walk the record from event ``start`` to its end, in constant memory.

    ``against`` is the number and hash of an event as somebody wrote them down elsewhere: the only proof against a
    person who rewrites the whole record with all its hashes. ``progress`` is told how many of how many are done. Events
    that are added meanwhile are walked as well.
    """
    walk = _beginning(start)
    first, fault = walk.number + 1, None
    while fault is None:
        end = _end()
        fault = walk.follow(
            _watched(events_between(walk.number + 1, end.number), first, end.number, progress)
        )
        if fault is None:
            fault = end.fault_at(walk)
        if fault is None and end.number == _end().number:
            break
    if fault is None and (number := altered_list(first, walk.number)) is not None:
        fault = Fault(number, "list", f"第 {number} 条操作记录所附的企业名单被改动：与它的摘要不符。")
    if fault is None and against is not None:
        fault = _differs(*against)
    return Verification(
        first, walk.number - first + 1, walk.number, walk.hash, fault, tuple(guard.missing(connection))
    )


@dataclass(frozen=True, slots=True)
class _End:
    """The end of the chain as its own row tells it, and the last event that there is, read in one statement."""

    number: int
    hash: str
    last: int

    def fault_at(self, walk: Walk) -> Fault | None:
        """What is wrong at the end of a walk that found nothing."""
        if walk.number < self.number:
            missing = walk.number + 1
            return Fault(missing, "cut", f"记录末尾被截去：应有 {self.number} 条，第 {missing} 条起缺失。")
        if self.last > self.number:
            extra = self.number + 1
            return Fault(extra, "added", f"第 {extra} 条操作记录不在链上：链尾停在第 {self.number} 条。")
        if walk.number == self.number and walk.hash and walk.hash != self.hash:
            return Fault(
                walk.number, "replaced", f"第 {walk.number} 条操作记录被整条替换：它的摘要与链尾所记不符。"
            )
        return None


def _end() -> _End:
    newest = AuditEvent.objects.order_by("-number").values("number")[:1]
    head = AuditHead.objects.annotate(last=Subquery(newest)).values_list("number", "hash", "last").first()
    number, hash_, last = head or (0, FIRST, newest.values_list("number", flat=True).first())
    return _End(number, hash_, last or 0)


def _beginning(start: int) -> Walk:
    if start <= 1:
        return Walk(0, FIRST)
    before = AuditEvent.objects.filter(number=start - 1).values_list("hash", flat=True).first()
    return Walk(start - 1, before or "")


def _watched(
    events: Iterator[dict[str, Any]], first: int, last: int, progress: Progress | None
) -> Iterator[dict[str, Any]]:
    for event in events:
        yield event
        done = event["number"] - first + 1
        if progress is not None and done % _EVERY == 0:
            progress(done, last - first + 1)


def _differs(number: int, hash_: str) -> Fault | None:
    found = AuditEvent.objects.filter(number=number).values_list("hash", flat=True).first()
    if found == hash_:
        return None
    there = "已不存在" if found is None else "的摘要与另行保存的不同"
    return Fault(number, "rewritten", f"第 {number} 条操作记录{there}：此条或之前的记录被整体改写。")
