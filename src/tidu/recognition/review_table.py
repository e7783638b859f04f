"""The worklist of reviews as a table: its tabs, filters, columns, and what a row says on the page and in a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from tidu.core.actor import Actor
from tidu.core.calendar import Calendar, Due, due
from tidu.core.components import STATES, Choice, Column
from tidu.core.exporting import Cell
from tidu.core.listing import By, Filter
from tidu.core.models import Jurisdiction
from tidu.core.roles import Role
from tidu.recognition.models import Application, Call, Status
from tidu.recognition.queries.reviewing import BY_DEADLINE

SORTS: Final[Mapping[str, tuple[By, ...]]] = {
    "deadline": BY_DEADLINE,
    "submitted": ("submitted_at",),
    "name": ("enterprise__name",),
}
DEFAULT_SORT: Final = "deadline"
EXPORTED: Final = (
    "企业名称",
    "统一社会信用代码",
    "受理号",
    "批次",
    "旗县区",
    "机器预判",
    "状态",
    "首次提交",
    "截止日",
    "时限",
)
_MOST_CALLS: Final = 50


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One case as the list shows it. ``verdict`` is the key of a status, or empty."""

    pk: int
    name: str
    uscc: str
    number: str
    batch: str
    kind: str
    district: str
    verdict: str
    state: str
    submitted_on: dt.datetime | None
    left: Due | None
    correction: bool

    @property
    def cells(self) -> list[Cell]:
        """The row in a file: what the page shows, column by column."""
        return [
            self.name,
            self.uscc,
            self.number,
            self.batch,
            self.district,
            STATES[self.verdict].word if self.verdict in STATES else "",
            self.state,
            None if self.submitted_on is None else self.submitted_on.date(),
            None if self.left is None else self.left.on,
            "" if self.left is None else self.left.text,
        ]


def columns_for(actor: Actor) -> tuple[Column, ...]:
    """The columns; a district's officer sees one place only and needs no column for it."""
    place = () if actor.has(Role.DISTRICT_OFFICER) else (Column("旗县区"),)
    return (
        Column("企业与受理号", sort="name"),
        *place,
        Column("机器预判"),
        Column("状态"),
        Column("首次提交", sort="submitted"),
        Column("截止", sort="deadline"),
    )


def filters_for(actor: Actor) -> tuple[Filter, ...]:
    """The filters: call, status, name, and the two questions that matter. Two queries at most."""
    calls = Call.objects.visible_to(actor).filter(state__in=Call.PUBLIC_STATES)
    offered = calls.values_list("pk", "batch_name", "kind")[:_MOST_CALLS]
    statuses = tuple(Choice(item.value, item.label) for item in Status if item != Status.DRAFT)
    place: tuple[Filter, ...] = ()
    if actor.has(Role.CITY_OFFICER) and actor.place:
        below = Jurisdiction.objects.filter(parent_id=actor.place, valid_to__isnull=True).order_by("code")
        choices = tuple(Choice(code, name) for code, name in below.values_list("code", "name"))
        place = (Filter("place", "旗县区", choices=choices),)
    return (
        Filter("q", "企业", "text", hint="名称、受理号或信用代码"),
        Filter(
            "call",
            "批次",
            choices=tuple(
                Choice(str(pk), f"{batch}{'（复核）' if kind == Call.Kind.RE_REVIEW else ''}")
                for pk, batch, kind in offered
            ),
        ),
        *place,
        Filter("status", "状态", choices=statuses),
        Filter(
            "only", "只看", choices=(Choice("overdue", "已逾期的"), Choice("changed", "补正后重新提交的"))
        ),
    )


def rows_of(
    applications: Iterable[Application], verdicts: Mapping[int, str], calendar: Calendar, today: dt.date
) -> list[ReviewRow]:
    """The rows of one page, or of a file."""
    return [row_of(item, verdicts.get(item.pk, ""), calendar, today) for item in applications]


def row_of(item: Application, verdict: str, calendar: Calendar, today: dt.date) -> ReviewRow:
    """One row."""
    returned = item.status == Status.RETURNED
    limit = item.correction if returned else item.deadline
    return ReviewRow(
        item.pk,
        item.enterprise.name,
        item.enterprise.uscc,
        item.number or "",
        item.call.batch_name,
        "复核" if item.call.kind == Call.Kind.RE_REVIEW else "认定审核",
        item.district.name,
        verdict if verdict in STATES else "",
        state_words(item, getattr(item, "submitted", None) or 1),
        item.submitted_at,
        None if limit is None or item.ended_at is not None else due(limit, calendar, today=today),
        returned,
    )


def state_words(item: Application, submissions: int) -> str:
    """Where a case stands, in the words of whoever reviews it."""
    if item.status != Status.DISTRICT:
        return item.get_status_display()
    if item.deadline is not None and item.deadline.stopped_on is not None:
        return "等待企业答复"
    return "补正后重审" if submissions > 1 else "首次审核"
