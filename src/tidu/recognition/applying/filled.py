"""An application as it is filled in at a moment: facts, statements, documents, and how the machine sees it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import timezone

from tidu.policy.assess.assessment import Assessment, assess
from tidu.policy.assess.explanation import CriterionResult
from tidu.policy.assess.facts import Facts
from tidu.policy.status import Status
from tidu.recognition.applying.live import Live, lives_of
from tidu.recognition.applying.questions import STATEMENT, Judged, Part, Questions, questions_of
from tidu.recognition.models import Application, Attachment, Statement
from tidu.registry.asked import FactKey
from tidu.registry.models import Fact, Title, TypedText
from tidu.registry.own.form import Standing, by_source
from tidu.registry.queries.facts import facts_from_rows, recognitions_of
from tidu.registry.vocabulary import vocabulary_in_view


@dataclass(frozen=True, slots=True)
class Material:
    """A kind of document that the call asks for, and those of the application that are of it."""

    kind: str
    label: str
    help: str
    issuer: str
    required: bool
    note: str
    attachments: tuple[Attachment, ...]

    @property
    def present(self) -> bool:
        """Whether there is any."""
        return bool(self.attachments)


@dataclass(frozen=True)
class Filled:
    """What an application says now. Read at once by :func:`filled`; nothing here asks the database again.

    ``standing`` are the facts of every source, ``rows`` those that are believed.
    """

    application: Application
    on: dt.date
    questions: Questions
    standing: Standing
    rows: Mapping[FactKey, Fact]
    titles: tuple[Title, ...]
    facts: Facts
    statements: Mapping[str, Statement]
    attachments: tuple[Attachment, ...]
    typed: Mapping[str, TypedText]

    @cached_property
    def assessment(self) -> Assessment:
        """How the engine sees it today, under the call's pack, readings and base year."""
        return assess(
            self.questions.pack,
            self.facts,
            tier=self.questions.tier,
            as_of=self.on,
            base_year=self.questions.base_year,
            settings=self.questions.settings,
        )

    @cached_property
    def lives(self) -> Mapping[str, Live]:
        """Every criterion and branch by its id, as pages show it."""
        return lives_of(self.assessment)

    # ---- criteria

    @property
    def not_met(self) -> tuple[CriterionResult, ...]:
        """The criteria that keep the title out of reach; none where others make up for them."""
        if self.assessment.status is not Status.NOT_MET:
            return ()
        return self._with(Status.NOT_MET)

    @property
    def unknown(self) -> tuple[CriterionResult, ...]:
        """The criteria that cannot be judged for want of data."""
        return () if self.assessment.status is Status.MET else self._with(Status.UNKNOWN)

    def _with(self, status: Status) -> tuple[CriterionResult, ...]:
        return tuple(result for result in self.assessment.criteria if result.status is status)

    # ---- statements

    def statement(self, judged: Judged) -> str:
        """What is said about a judged criterion."""
        found = self.statements.get(judged.id)
        return "" if found is None else found.text

    @property
    def unsaid(self) -> tuple[Judged, ...]:
        """Judged criteria without a statement."""
        return tuple(judged for judged in self.questions.judged if not self.statement(judged).strip())

    # ---- documents

    def attached(self, criterion: str) -> tuple[Attachment, ...]:
        """The documents under a criterion; those of the whole for an empty name."""
        return tuple(found for found in self.attachments if found.criterion == criterion)

    @cached_property
    def materials(self) -> tuple[Material, ...]:
        """What the call asks for, in its order."""
        known = vocabulary_in_view().evidence
        return tuple(self._material(item, known) for item in self.application.call.materials)

    def _material(self, item: Mapping[str, Any], known: Mapping[str, Any]) -> Material:
        kind = str(item["kind"])
        described = known.get(kind)
        there = {found.evidence_id: found for found in self.attachments if found.evidence.kind == kind}
        return Material(
            kind,
            kind if described is None else described.label,
            "" if described is None else described.help,
            "" if described is None else described.issuer,
            bool(item.get("required")),
            str(item.get("note", "")),
            tuple(there.values()),
        )

    @property
    def lacking(self) -> tuple[Material, ...]:
        """Required materials that are not there."""
        return tuple(found for found in self.materials if found.required and not found.present)

    # ---- how far it has come

    @property
    def held_back(self) -> tuple[str, ...]:
        """Controls with a text that could not be taken yet."""
        return tuple(self.typed)

    def faults_in(self, part: Part) -> int:
        """How many texts of a part wait to be put right."""
        names = {control.name for control in part.controls} | {judged.control for judged in part.judged}
        return len(names & self.typed.keys())

    def done_in(self, part: Part) -> tuple[int, int]:
        """How many of a part's figures and statements are there, and how many are asked for."""
        figures = [control for control in part.controls if control.key in self.questions.asked.serves]
        known = sum(control.key in self.rows for control in figures)
        said = sum(bool(self.statement(judged).strip()) for judged in part.judged)
        return known + said, len(figures) + len(part.judged)

    @property
    def done_materials(self) -> tuple[int, int]:
        """How many required materials are there, and how many there are."""
        wanted = [found for found in self.materials if found.required]
        return sum(found.present for found in wanted), len(wanted)

    @property
    def done(self) -> tuple[int, int]:
        """The whole form."""
        counts = [*(self.done_in(part) for part in self.questions.parts), self.done_materials]
        return sum(done for done, _ in counts), sum(total for _, total in counts)


def filled(application: Application) -> Filled:
    """What an application says now. Five queries.

    What somebody has judged before is left out: the reviewers of each call judge anew.
    """
    enterprise = application.enterprise
    judged = {found.id for found in vocabulary_in_view().indicators.values() if found.judged}
    stands = Fact.objects.filter(enterprise=enterprise, ended_at__isnull=True)
    standing = by_source(fact for fact in stands if fact.indicator not in judged)
    rows = {key: fact for key, found in standing.items() for fact in found.values() if fact.chosen}
    titles = tuple(Title.objects.filter(enterprise=enterprise))
    questions = questions_of(application.call)
    attachments = application.attachments.filter(evidence__withdrawn_at__isnull=True)
    return Filled(
        application,
        timezone.localdate(),
        questions,
        standing,
        rows,
        titles,
        facts_from_rows(enterprise, rows.values(), recognitions_of(titles)),
        {found.criterion: found for found in application.statements.select_related("saved_by")},
        tuple(attachments.select_related("evidence__file").order_by("criterion", "id")),
        dict(_typed(application, questions)),
    )


def kept_as(application: Application, control: str) -> str:
    """The name under which the registry keeps a text of this application that could not be taken yet."""
    return f"s{application.pk}-{control.removeprefix(STATEMENT)}"


def _typed(application: Application, questions: Questions) -> Iterator[tuple[str, TypedText]]:
    names = {control.name: control.name for control in questions.controls}
    names |= {kept_as(application, judged.control): judged.control for judged in questions.judged}
    for kept in TypedText.objects.filter(enterprise=application.enterprise):
        if kept.control in names:
            yield names[kept.control], kept
