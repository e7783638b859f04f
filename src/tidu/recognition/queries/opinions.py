"""What the experts say of an application: nothing to anybody until every sheet of the file is in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tidu.recognition.models import Application, Assignment, PanelOpinion

GONE = (Assignment.State.AVOIDED, Assignment.State.REPLACED)


@dataclass(frozen=True, slots=True)
class CriterionOpinion:
    """How the experts judged one criterion. ``notes`` are what those wrote who found it not met, in sheet order."""

    criterion: str
    met: int
    not_met: int
    notes: tuple[str, ...] = ()

    @property
    def divided(self) -> bool:
        """Whether they disagree."""
        return bool(self.met and self.not_met)


@dataclass(frozen=True, slots=True)
class Opinion:
    """The experts' opinion on one application.

    ``wanted`` sheets, of which ``submitted`` are in. While ``complete`` is false nothing else is filled in, whoever
    asks: experts judge independently. ``notes`` are the overall opinions in sheet order, without names. ``flagged``
    are sheets that count though their experts have come into conflict since.
    """

    wanted: int
    submitted: int
    complete: bool = False
    positive: int = 0
    negative: int = 0
    criteria: tuple[CriterionOpinion, ...] = ()
    notes: tuple[str, ...] = ()
    panel_positive: bool | None = None
    panel_opinion: str = ""
    missing: int = 0
    flagged: int = 0

    @property
    def divided(self) -> bool:
        """Whether they disagree on the whole."""
        return bool(self.positive and self.negative)

    @property
    def spread(self) -> int:
        """On how many criteria they disagree."""
        return sum(item.divided for item in self.criteria)

    @property
    def recommends(self) -> bool | None:
        """What the panel says, else the majority; ``None`` while sheets are out or where the experts are even."""
        if not self.complete:
            return None
        if self.panel_positive is not None:
            return self.panel_positive
        return None if self.positive == self.negative else self.positive > self.negative

    @property
    def words(self) -> str:
        """The opinion in the few words of a table: 建议认定 2，不建议 1."""
        if not self.wanted:
            return "没有专家意见"
        if not self.complete:
            return f"评审中，已交 {self.submitted}／{self.wanted}"
        return f"建议认定 {self.positive}，不建议 {self.negative}"


def opinion_of(application: Application) -> Opinion:
    """The experts' opinion on one application. Two queries."""
    return opinions_of([application.pk])[application.pk]


def opinions_of(applications: Iterable[int]) -> Mapping[int, Opinion]:
    """The experts' opinions on applications by their numbers, each of them present. Two queries for any number."""
    wanted = list(applications)
    sheets: dict[int, list[Assignment]] = {pk: [] for pk in wanted}
    rows = Assignment.objects.filter(application_id__in=wanted).exclude(state__in=GONE)
    for row in rows.select_related("panel").order_by("id"):
        sheets[row.application_id].append(row)
    said = {row.application_id: row for row in PanelOpinion.objects.filter(application_id__in=wanted)}
    return {pk: _opinion(found, said.get(pk)) for pk, found in sheets.items()}


def is_complete(sheets: Iterable[Assignment]) -> bool:
    """Whether every sheet that stands is in. None at all is not complete."""
    standing = [sheet for sheet in sheets if sheet.state not in GONE]
    return bool(standing) and all(sheet.state == Assignment.State.SUBMITTED for sheet in standing)


def _opinion(sheets: list[Assignment], said: PanelOpinion | None) -> Opinion:
    submitted = sum(sheet.state == Assignment.State.SUBMITTED for sheet in sheets)
    missing = max(sheets[0].panel.each - len(sheets), 0) if sheets else 0
    flagged = sum(bool(sheet.conflict) for sheet in sheets)
    if not is_complete(sheets):
        return Opinion(len(sheets), submitted, missing=missing, flagged=flagged)
    positive = sum(bool(sheet.positive) for sheet in sheets)
    return Opinion(
        len(sheets),
        submitted,
        complete=True,
        positive=positive,
        negative=len(sheets) - positive,
        criteria=_by_criterion(sheets),
        notes=tuple(sheet.opinion for sheet in sheets),
        panel_positive=None if said is None else said.positive,
        panel_opinion="" if said is None else said.opinion,
        missing=missing,
        flagged=flagged,
    )


def _by_criterion(sheets: list[Assignment]) -> tuple[CriterionOpinion, ...]:
    names = dict.fromkeys(name for sheet in sheets for name in sheet.judgements)
    found = []
    for name in names:
        judged = [sheet.judgements[name] for sheet in sheets if name in sheet.judgements]
        met = sum(item.get("finding") == "met" for item in judged)
        notes = tuple(
            item["note"] for item in judged if item.get("finding") == "not_met" and item.get("note")
        )
        found.append(CriterionOpinion(name, met, len(judged) - met, notes))
    return tuple(found)
