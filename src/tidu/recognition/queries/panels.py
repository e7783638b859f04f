"""Panels as those who organise them read them: what waits, who was drawn, how far each file is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from tidu.accounts.models import Membership
from tidu.core.actor import Actor
from tidu.recognition.models import Application, Assignment, Call, Panel, Status
from tidu.recognition.models.applications import ApplicationQuerySet
from tidu.recognition.process.drawing import draw, draw_replacement
from tidu.recognition.queries.conflicts import REASONS
from tidu.recognition.queries.opinions import GONE, Opinion, opinions_of


@dataclass(frozen=True, slots=True)
class PanelFile:
    """One file of a panel: its assignments, those given back included, and what came of them."""

    application: Application
    assignments: tuple[Assignment, ...]
    opinion: Opinion

    @property
    def standing(self) -> tuple[Assignment, ...]:
        """The assignments that count."""
        return tuple(item for item in self.assignments if item.state not in GONE)

    @property
    def given_back(self) -> tuple[Assignment, ...]:
        """Those that were avoided or replaced."""
        return tuple(item for item in self.assignments if item.state in GONE)

    @property
    def waits(self) -> bool:
        """Whether the case is still with the experts."""
        return self.application.status == Status.EXPERTS


@dataclass(frozen=True, slots=True)
class Excluded:
    """Why an expert was kept from a file."""

    expert: str
    reasons: str


def waiting_for_experts(actor: Actor, call: Call) -> ApplicationQuerySet:
    """Applications that have come to the experts' stage and that no panel has, as far as the actor may see them."""
    given = Assignment.objects.filter(application=OuterRef("pk")).exclude(state__in=GONE)
    rows = Application.objects.visible_to(actor).filter(~Exists(given), call=call, status=Status.EXPERTS)
    return rows.filter(~Q(assignments__panel__state=Panel.State.OPEN))


def files_of(panel: Panel, applications: Iterable[int]) -> list[PanelFile]:
    """The files of a page, in the order given. Four queries for any number."""
    wanted = list(applications)
    found = Application.objects.filter(pk__in=wanted).select_related("enterprise", "district").in_bulk()
    rows: dict[int, list[Assignment]] = {pk: [] for pk in wanted}
    assignments = Assignment.objects.filter(panel=panel, application_id__in=wanted)
    for item in assignments.select_related("expert__user", "expert__organisation").order_by("pk"):
        rows[item.application_id].append(item)
    opinions = opinions_of(wanted)
    return [PanelFile(found[pk], tuple(rows[pk]), opinions[pk]) for pk in wanted]


def applications_of(actor: Actor, panel: Panel) -> ApplicationQuerySet:
    """The files of a panel that the actor may see, each once."""
    return all_of(panel).visible_to(actor)


def all_of(panel: Panel) -> ApplicationQuerySet:
    """Every file of a panel, each once, for what concerns the panel as a whole; nothing of it is shown."""
    return Application.objects.filter(
        Exists(Assignment.objects.filter(panel=panel, application=OuterRef("pk")))
    )


def excluded_of(panel: Panel, file: int, names: Mapping[int, str]) -> list[Excluded]:
    """Who was kept from a file by the draw, and why."""
    kept: Mapping[str, list[str]] = panel.drawing["files"].get(str(file), {}).get("excluded", {})
    return [
        Excluded(
            names.get(int(expert), f"编号 {expert}"), "；".join(REASONS.get(item, item) for item in reasons)
        )
        for expert, reasons in kept.items()
    ]


def names_in(panel: Panel) -> dict[int, str]:
    """The names of everybody whom the record of a draw mentions. One query."""
    return {
        item.pk: str(item.user)
        for item in Membership.objects.filter(pk__in=panel.drawing.get("pool", ())).select_related("user")
    }


def is_reproducible(panel: Panel) -> bool:
    """Whether the draw, done again from its record, comes out as it was: nobody has changed one of them."""
    record: Mapping[str, Any] = panel.drawing
    pool = set(record["pool"])
    files = record["files"]
    eligible = {
        int(file): sorted(pool - {int(expert) for expert in found["excluded"]})
        for file, found in files.items()
    }
    load = {int(expert): held for expert, held in record["load"].items()}
    drawn = draw(seed=panel.seed, eligible=eligible, each=panel.each, load=load)
    if any(files[str(file)]["drawn"] != experts for file, experts in drawn.items()):
        return False
    return all(
        item["drawn"]
        == draw_replacement(
            seed=panel.seed,
            number=item["number"],
            eligible=item["eligible"],
            load={int(expert): held for expert, held in item["load"].items()},
        )
        for item in record["replacements"]
    )
