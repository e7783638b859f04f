"""What the pages of questions to departments show. Of an enterprise: its name, code and place, and the questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.urls import reverse

from tidu.accounts.ties import Ties, ties_of
from tidu.core.calendar import Due, current_calendar, due
from tidu.core.components import Column, Crumb
from tidu.core.requests import ActorRequest
from tidu.core.roles import Role
from tidu.core.workspace import Tab
from tidu.registry.confirmation_workbook import CellError, question_labels
from tidu.registry.models import ConfirmationItem, ConfirmationList
from tidu.registry.queries.confirmations import answered_of, items_of

PER_PAGE: Final = 20
#: How a list shows: state → key of ``components.STATES``.
PILLS: Final = {
    ConfirmationList.State.DRAFT: "future",
    ConfirmationList.State.SENT: "run",
    ConfirmationList.State.ANSWERED: "met",
    ConfirmationList.State.CLOSED: "expired",
    ConfirmationList.State.WITHDRAWN: "stop",
}
_WORDS: Final = {"yes": "是", "no": "否", "": "未答复"}


@dataclass(frozen=True, slots=True)
class AnswerCell:
    """One question about one enterprise: the answer as written, and whether it counts already."""

    item: int
    label: str
    answer: str
    word: str
    stated: bool


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One enterprise with its answers."""

    enterprise: int
    name: str
    uscc: str
    place: str
    cells: tuple[AnswerCell, ...]
    note: str
    avoided: str  # the ground on which whoever answers has to avoid it


def due_of(batch: ConfirmationList) -> Due | None:
    """How much of the time limit is left; nothing where there is none or it is over."""
    if batch.deadline is None or batch.state != ConfirmationList.State.SENT:
        return None
    return due(batch.deadline, calendar=current_calendar())


def answer_rows(
    batch: ConfirmationList, items: Sequence[ConfirmationItem], *, drafts: bool, avoids: Ties
) -> list[AnswerRow]:
    """The rows of a list, one for each enterprise. ``drafts``: as written, not only as submitted."""
    labels = question_labels(batch)
    by_enterprise: dict[int, list[ConfirmationItem]] = {}
    for item in items:
        by_enterprise.setdefault(item.enterprise_id, []).append(item)
    found = []
    for own in by_enterprise.values():
        enterprise = own[0].enterprise
        place = enterprise.district or enterprise.city
        by_question = {item.indicator: item for item in own}
        cells = tuple(
            AnswerCell(
                asked.pk,
                label,
                answer := asked.answer if drafts else asked.stated,
                _WORDS[answer],
                bool(answer) and answer == asked.stated,
            )
            for name, label in labels.items()
            if (asked := by_question.get(name)) is not None
        )
        note = next((item.note for item in own if item.note), "")
        found.append(
            AnswerRow(
                enterprise.pk,
                enterprise.name,
                enterprise.uscc,
                "" if place is None else place.name,
                cells,
                note,
                avoids.ground(enterprise),
            )
        )
    return found


def page_of_answers(
    request: ActorRequest, batch: ConfirmationList, *, drafts: bool
) -> tuple[Page[Any], list[AnswerRow], bool]:
    """One page of enterprises with their items, and whether only those are shown that are not answered."""
    open_only = request.GET.get("show") == "open"
    unanswered = {"answer" if drafts else "stated": ""}
    rows = batch.items.filter(**unanswered) if open_only else batch.items.all()
    keys = (
        rows.order_by("enterprise__name", "enterprise_id")
        .values_list("enterprise_id", "enterprise__name")
        .distinct()
    )
    page = Paginator(keys, PER_PAGE).get_page(request.GET.get("page", "1")[:6])
    shown = [key for key, _name in page]
    avoids = ties_of(request.actor) if drafts else Ties()
    return page, answer_rows(batch, items_of(batch, shown), drafts=drafts, avoids=avoids), open_only


def context_of(
    request: ActorRequest,
    batch: ConfirmationList,
    *,
    errors: Sequence[CellError] = (),
    refused: str = "",
    field: str = "",
    given: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Everything that the page of one list shows. Counts come with the list, see ``queries.lists_for``."""
    answers_here = request.actor.has(Role.DEPARTMENT_OFFICER)
    page, rows, open_only = page_of_answers(request, batch, drafts=answers_here)
    labels = question_labels(batch)
    tally = {name: (asked, unwritten, open_) for name, asked, unwritten, open_ in answered_of(batch)}
    asked, unwritten, unstated = (sum(column) for column in zip(*tally.values(), strict=True))
    written, stated = asked - unwritten, asked - unstated
    may_answer = answers_here and batch.state in {
        ConfirmationList.State.SENT,
        ConfirmationList.State.ANSWERED,
    }
    here = reverse("registry:confirmation", args=[batch.pk])
    return {
        "batch": batch,
        "pill": PILLS[ConfirmationList.State(batch.state)],
        "due": due_of(batch),
        "page": page,
        "rows": rows,
        "columns": (
            Column("企业"),
            Column("旗县区"),
            *(Column(label) for label in labels.values()),
            Column("说明"),
        ),
        "tabs": (
            Tab("全部", here, None, current=not open_only),
            Tab(
                "还没有填写" if answers_here else "还没有答复",
                f"{here}?show=open",
                unwritten if answers_here else unstated,
                current=open_only,
            ),
        ),
        "asked": asked,
        "written": written,
        "stated": stated,
        "unwritten": unwritten,
        "rest": [
            {"name": name, "label": labels[name], "number": tally[name][1]}
            for name in labels
            if tally.get(name, (0, 0, 0))[1]
        ],
        "may_answer": may_answer,
        "sees_enterprises": not answers_here,
        "may_withdraw": request.actor.has(Role.CITY_OFFICER)
        and batch.state == ConfirmationList.State.SENT
        and not stated,
        "may_close": request.actor.has(Role.CITY_OFFICER) and batch.state == ConfirmationList.State.ANSWERED,
        "errors": errors,
        "refused": refused,
        "refused_field": field,
        "given": given or {},
        "crumbs": (
            Crumb("工作台", reverse("desk:home")),
            Crumb("部门确认", reverse("registry:confirmations")),
            Crumb(batch.title),
        ),
    }
