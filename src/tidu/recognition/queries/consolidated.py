"""The city's table of one call: what the machine, the district and the experts say of each application."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT

from tidu.core.actor import Actor
from tidu.core.components import Choice
from tidu.core.listing import Filter
from tidu.core.roles import CITY_WIDE
from tidu.policy.status import Status as Verdict
from tidu.recognition.models import Application, Call, Objection, Status, Submission
from tidu.recognition.models.applications import HANDED_IN, ApplicationQuerySet
from tidu.recognition.queries.opinions import Opinion, opinions_of

SORTS: Final = {
    "name": ("enterprise__name",),
    "district": ("district__code", "enterprise__name"),
    "number": ("number",),
    "status": ("status", "enterprise__name"),
}
_VERDICT: Final = "content__verdict__status"
_CHUNK: Final = 500
#: The counts in the sentence that a submission keeps: 19 项条件中，15 项符合，4 项待人工评判。
_COUNT: Final = re.compile(r"(\d+) 项(?!条件)(\w+)")


@dataclass(frozen=True, slots=True)
class Row:
    """One application. ``verdict`` is the machine's as it was frozen, none where nothing was kept of it."""

    application: Application
    verdict: Verdict | None
    counts: str
    recommended: bool | None
    opinion: str
    document_no: str
    experts: Opinion
    objections: int
    open_objections: int

    @property
    def brief(self) -> str:
        """The counts as a cell has room for: ``符合 15，待人工评判 4``."""
        return "，".join(f"{word} {number}" for number, word in _COUNT.findall(self.counts)) or self.counts


def applications_of(actor: Actor, call: Call) -> ApplicationQuerySet:
    """The applications of a call that have been handed in, as far as the actor sees them."""
    seen = Application.objects.visible_to(actor).filter(call=call)
    return seen if actor.role in CITY_WIDE else seen.none()


def filters_of(actor: Actor, call: Call) -> tuple[Filter, ...]:
    """What the table can be narrowed by. One query."""
    places = (
        applications_of(actor, call)
        .order_by("district__code")
        .values_list("district__code", "district__name")
        .distinct()
    )
    return (
        Filter("q", "企业或受理号", "text"),
        Filter("place", "旗县区", choices=tuple(Choice(code, name) for code, name in places)),
        Filter(
            "status",
            "状态",
            "many",
            tuple(Choice(found, found.label) for found in Status if found in HANDED_IN),
        ),
        Filter("verdict", "自动核对", choices=tuple(Choice(item.value, item.label) for item in Verdict)),
        Filter(
            "recommended",
            "旗县区意见",
            choices=(Choice("yes", "推荐"), Choice("no", "不予推荐"), Choice("none", "尚无意见")),
        ),
        Filter("objection", "异议", choices=(Choice("open", "有未办结的异议"), Choice("any", "收到过异议"))),
    )


def narrowed(rows: ApplicationQuerySet, on: Mapping[str, Any]) -> ApplicationQuerySet:
    """The rows that the filters leave."""
    if text := on.get("q"):
        rows = rows.filter(
            Q(enterprise__name__icontains=text)
            | Q(enterprise__uscc__istartswith=text)
            | Q(number__icontains=text)
        )
    if place := on.get("place"):
        rows = rows.filter(district_id=place)
    if states := on.get("status"):
        rows = rows.filter(status__in=states)
    if verdict := on.get("verdict"):
        rows = rows.annotate(verdict=Subquery(_last_submission().values(found=KT(_VERDICT))[:1])).filter(
            verdict=verdict
        )
    match on.get("recommended"):
        case "yes":
            rows = rows.filter(recommendation__positive=True)
        case "no":
            rows = rows.filter(recommendation__positive=False)
        case "none":
            rows = rows.filter(recommendation__isnull=True)
    match on.get("objection"):
        case "open":
            rows = rows.filter(Exists(Objection.objects.open().filter(item__application=OuterRef("pk"))))
        case "any":
            rows = rows.filter(Exists(Objection.objects.filter(item__application=OuterRef("pk"))))
    return rows


def rows_of(page: Iterable[Application]) -> list[Row]:
    """What the table says of these applications (from :func:`with_their_words`). Five queries for any number."""
    found = list(page)
    numbers = [item.pk for item in found]
    verdicts = verdicts_of(numbers)
    experts = opinions_of(numbers)
    objections = {
        pk: (total, waiting)
        for pk, total, waiting in Objection.objects.filter(item__application__in=numbers)
        .order_by()
        .values_list("item__application_id")
        .annotate(total=Count("pk"), waiting=Count("pk", filter=Q(state__in=_OPEN)))
    }
    rows = []
    for item in found:
        said = getattr(item, "recommendation", None)
        verdict, counts = verdicts.get(item.pk, (None, ""))
        total, waiting = objections.get(item.pk, (0, 0))
        rows.append(
            Row(
                item,
                verdict,
                counts,
                None if said is None else said.positive,
                "" if said is None else said.opinion,
                "" if said is None else said.document_no,
                experts[item.pk],
                total,
                waiting,
            )
        )
    return rows


_OPEN: Final = (Objection.State.RECEIVED, Objection.State.ASSIGNED, Objection.State.PROPOSED)


def with_their_words(rows: ApplicationQuerySet) -> ApplicationQuerySet:
    """The rows with everything of their own that the table shows."""
    return rows.select_related("enterprise", "district", "recommendation")


def all_rows(rows: ApplicationQuerySet) -> Iterator[Row]:
    """Every row, read and joined in pieces, in the order of the queryset."""
    reading = with_their_words(rows).iterator(chunk_size=_CHUNK)
    while piece := list(islice(reading, _CHUNK)):
        yield from rows_of(piece)


def verdicts_of(applications: Iterable[int]) -> dict[int, tuple[Verdict | None, str]]:
    """The machine's verdict on each, with its counts in words, from the last submission alone. One query."""
    rows = (
        Submission.objects.filter(application__in=list(applications))
        .annotate(verdict=KT(_VERDICT), counts=KT("content__verdict__counts"))
        .order_by("application_id", "number")
        .values_list("application_id", "verdict", "counts")
    )
    known = {item.value: item for item in Verdict}
    return {pk: (known.get(verdict or ""), counts or "") for pk, verdict, counts in rows}


def counts_of(actor: Actor, call: Call) -> Counter[Status]:
    """How many applications of the call stand where. One query."""
    counted = applications_of(actor, call).order_by().values_list("status").annotate(number=Count("pk"))
    return Counter({Status(status): number for status, number in counted})


def _last_submission() -> QuerySet[Submission]:
    return Submission.objects.filter(application=OuterRef("pk")).order_by("-number")
