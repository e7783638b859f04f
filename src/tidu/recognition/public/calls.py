"""A published call as its public page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from tidu.core.citations import clauses, policy_url
from tidu.core.components import Clause
from tidu.core.models import OfficialDocument
from tidu.core.workspace import LogEntry
from tidu.policy.vocabulary.places import load_places
from tidu.recognition.calling.limits import LimitRow, limit_rows, limits_under
from tidu.recognition.calling.materials import AskedMaterials, asked_materials
from tidu.recognition.calling.notice_text import body_lines
from tidu.recognition.models import Call
from tidu.recognition.process.rules import pack_of, route_of_call, settings_of
from tidu.recognition.public.windows import Window, window_of_call


@dataclass(frozen=True, slots=True)
class StageLimit:
    """How long a stage may take."""

    row: LimitRow
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class CallPage:
    """Everything of the page."""

    call: Call
    window: Window
    title: str  # of the title that is applied for
    policy: str
    policy_label: str
    self_check: str
    conditions: int
    clauses: tuple[Clause, ...]
    districts: tuple[str, ...]
    materials: AskedMaterials
    limits: tuple[StageLimit, ...]
    changes: tuple[LogEntry, ...]
    paragraphs: tuple[tuple[str, bool], ...]  # a line of the text, and whether it is a heading

    @property
    def paper(self) -> OfficialDocument | None:
        """The notice as an official document, once issued."""
        found = self.call.document
        return found if found is not None and found.state == OfficialDocument.State.ISSUED else None


def call_page(call: Call) -> CallPage:
    """The page of a published call."""
    pack = pack_of(call)
    settings = settings_of(call)
    recognition = pack.recognition(call.tier)
    route = route_of_call(call)
    places = load_places().by_code
    rows = limit_rows(limits_under(recognition, route, call.limits), route)
    return CallPage(
        call=call,
        window=window_of_call(call),
        title=recognition.title,
        policy=policy_url(pack),
        policy_label=pack.document.short_title,
        self_check=reverse("portal:self-check-form", args=[pack.id, call.tier]),
        conditions=len(pack.criteria(call.tier, settings).criteria),
        clauses=clauses(pack, [recognition.valid_cite]),
        districts=tuple(places[code].name for code in call.districts if code in places),
        materials=asked_materials(call, pack),
        limits=tuple(StageLimit(row, clauses(pack, [row.cite or None])) for row in rows),
        changes=tuple(
            LogEntry(
                change.made_at,
                f"{change.get_kind_display()}：{change.before} → {change.after}"
                if change.before and change.after
                else change.get_kind_display(),
                note=change.reason,
            )
            for change in call.changes.order_by("-pk")
        ),
        paragraphs=tuple(body_lines(call.body)),
    )
