"""A section of the enterprise's form with everything in it, as its page shows it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone

from tidu.core.components import Choice, Entry, Fault, Question
from tidu.core.components import Offer as OfferButton
from tidu.core.slips import slips_of
from tidu.core.typed_values import shown_industry, shown_place, unit_of
from tidu.policy.assess.facts import Facts
from tidu.policy.assess.wording import show_value
from tidu.policy.quantities import Kind
from tidu.policy.vocabulary.indicators import Indicator
from tidu.policy.vocabulary.indicators import Section as VocabularySection
from tidu.registry.asked import Asked, FactKey, asked_of
from tidu.registry.fact_values import read
from tidu.registry.models import Enterprise, Fact, Source, TypedText
from tidu.registry.own.controls import Control, controls_of, indicators_of, refusal_of, sections
from tidu.registry.own.saving import kept_texts
from tidu.registry.queries.facts import flat_name
from tidu.registry.served import Serving, servings
from tidu.registry.vocabulary import vocabulary_in_view

_HINTS: Final = {
    Kind.INDUSTRY: "填行业代码，或者名称里的一个词，从结果里选；以收入占比最大的业务为准。",
}
#: Characters from which on a text is written over several lines.
_LONG: Final = frozenset({"enterprise_profile", "chain_gap_description", "honours", "shortcut_claimed"})

#: Current facts by key, then by source.
Standing = Mapping[FactKey, Mapping[int, Fact]]


@dataclass(frozen=True, slots=True)
class Known:
    """A value that a higher source has given: it is shown, and not asked again."""

    value: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One control. Where a higher source ``known`` has spoken, the control waits behind it for a contradiction.

    ``differs``: the enterprise has stated something else, which stands beside the value that is believed.
    """

    entry: Entry
    known: Known | None = None
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One question: an indicator with its cells, and what it is asked for."""

    question: Question
    cells: tuple[Cell, ...]
    servings: tuple[Serving, ...]
    answered: int
    wanted: int
    long: bool = False

    @property
    def asked(self) -> bool:
        """Whether a rule in force looks at it."""
        return self.wanted > 0


@dataclass(frozen=True, slots=True)
class Section:
    """A section: fields that rules look at, then the others. ``done`` of ``total`` count the former."""

    id: str
    label: str
    help: str
    fields: tuple[Field, ...]
    others: tuple[Field, ...]
    done: int
    total: int

    @property
    def every(self) -> Iterator[Field]:
        """All fields."""
        yield from self.fields
        yield from self.others

    @property
    def entries(self) -> Iterator[Entry]:
        """All controls."""
        for field in self.every:
            yield from field.question.entries

    def shown(self) -> dict[str, str]:
        """What stands in each control."""
        return {entry.name: entry.value for entry in self.entries}

    def faults(self) -> tuple[Fault, ...]:
        """What has to be looked at."""
        return tuple(
            Fault(entry.id, f"{entry.label}{field.question.label}：{entry.error}")
            for field in self.every
            for entry in field.question.entries
            if entry.error
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a section has come, for the list of sections."""

    id: str
    label: str
    help: str
    done: int
    total: int
    faults: int


def progress_of(enterprise: Enterprise, today: dt.date) -> tuple[Progress, ...]:
    """Every section with its progress. Two queries."""
    asked = asked_of(enterprise.district_id or enterprise.city_id, today)
    known = known_keys(enterprise)
    held_back = set(TypedText.objects.filter(enterprise=enterprise).values_list("control", flat=True))
    shown = []
    for section in sections():
        mine = {indicator.id for indicator in indicators_of(section.id)}
        wanted = [key for key in asked.serves if key[0] in mine]
        names = {control.name for control in controls_of(section.id, asked, today)}
        done = sum(1 for key in wanted if key in known)
        faults = len(names & held_back)
        shown.append(Progress(section.id, section.label, section.help, done, len(wanted), faults))
    return tuple(shown)


def known_keys(enterprise: Enterprise) -> set[tuple[str, int]]:
    """What is known, by whomever."""
    return set(Fact.objects.filter(enterprise=enterprise, chosen=True).values_list("indicator", "year"))


def section_form(enterprise: Enterprise, section: str, today: dt.date) -> Section | None:
    """A section with what is known and typed, or ``None`` where there is no such section. Two queries."""
    described = next((found for found in sections() if found.id == section), None)
    if described is None:
        return None
    area = enterprise.district_id or enterprise.city_id
    asked = asked_of(area, today)
    controls = list(controls_of(section, asked, today))
    rows = Fact.objects.filter(
        enterprise=enterprise,
        ended_at__isnull=True,
        indicator__in={control.indicator.id for control in controls},
    )
    kept = kept_texts(enterprise, {control.name for control in controls})
    serving = servings(area, today)
    builder = _Builder(controls, asked, today, standing=by_source(rows), kept=kept, serving=serving)
    return builder.section(described)


def fields_for(
    controls: Iterable[Control],
    asked: Asked,
    today: dt.date,
    *,
    standing: Standing,
    kept: Mapping[str, TypedText],
) -> tuple[Field, ...]:
    """The fields of chosen controls in their order, for forms that ask less than the whole.

    ``standing`` and ``kept`` (texts that could not be taken, by control) may say more than these controls ask.
    """
    return tuple(_Builder(controls, asked, today, standing=standing, kept=kept, serving={}).fields())


def by_source(rows: Iterable[Fact]) -> Standing:
    """Facts that stand, as forms look them up."""
    found: dict[FactKey, dict[int, Fact]] = {}
    for fact in rows:
        found.setdefault((fact.indicator, fact.year), {})[fact.source] = fact
    return found


class _Builder:
    def __init__(
        self,
        controls: Iterable[Control],
        asked: Asked,
        today: dt.date,
        *,
        standing: Standing,
        kept: Mapping[str, TypedText],
        serving: Mapping[str, tuple[Serving, ...]],
    ) -> None:
        self._asked = asked
        self._servings = serving
        self._controls: dict[str, list[Control]] = defaultdict(list)
        for control in controls:
            self._controls[control.indicator.id].append(control)
        self._standing = {key: found for key, found in standing.items() if key[0] in self._controls}
        self._kept = kept
        self._vocabulary = vocabulary_in_view()
        self._slips = slips_of(self._declared_facts(), self._vocabulary.indicators, today)

    def fields(self) -> Iterator[Field]:
        for controls in list(self._controls.values()):
            yield self._field(controls[0].indicator)

    def section(self, described: VocabularySection) -> Section:
        fields = list(self.fields())
        wanted = tuple(field for field in fields if field.asked)
        return Section(
            described.id,
            described.label,
            described.help,
            wanted,
            tuple(field for field in fields if not field.asked),
            sum(field.answered for field in wanted),
            sum(field.wanted for field in wanted),
        )

    def _declared_facts(self) -> Facts:
        """What the enterprise has stated in this section, for the look at improbable figures."""
        values: dict[str, Any] = {}
        for (name, year), by_source in self._standing.items():
            fact = by_source.get(Source.DECLARED)
            if fact is not None:
                values[flat_name(name, year)] = read(fact.value, self._vocabulary.indicators[name].kind)
        return Facts(values=values)

    def _field(self, indicator: Indicator) -> Field:
        controls = self._controls[indicator.id]
        several = indicator.per_year
        cells = tuple(self._cell(control, several=several) for control in controls)
        question = Question(
            indicator.id,
            indicator.label,
            tuple(cell.entry for cell in cells),
            hint=_HINTS.get(indicator.kind, indicator.help),
            evidence=tuple(self._vocabulary.evidence[name].label for name in indicator.evidence),
        )
        wanted = [control for control in controls if control.key in self._asked.serves]
        return Field(
            question,
            cells,
            self._servings.get(indicator.id, ()),
            sum(1 for control in wanted if self._standing.get(control.key)),
            len(wanted),
            indicator.id in _LONG,
        )

    def _cell(self, control: Control, *, several: bool) -> Cell:
        by_source = self._standing.get(control.key, {})
        own = by_source.get(Source.DECLARED)
        highest = by_source[max(by_source)] if by_source else None
        known = None if highest is None or highest is own else highest
        text = "" if own is None else control.text_of(own.value)
        entry = self._entry(control, text, several=several)
        if known is None:
            return Cell(entry)
        return Cell(
            entry, self._known(control.indicator, known), own is not None and own.value != known.value
        )

    def _known(self, indicator: Indicator, fact: Fact) -> Known:
        parts = [
            fact.stated_on.isoformat()
            if fact.stated_on
            else f"{timezone.localtime(fact.recorded_at):%Y-%m-%d}"
        ]
        parts += [part for part in (fact.document_no, fact.basis) if part]
        return Known(shown_fact(indicator, fact.value), Source(fact.source).key, "，".join(parts))

    def _entry(self, control: Control, stated: str, *, several: bool) -> Entry:
        indicator = control.indicator
        kept = self._kept.get(control.name)
        error = ""
        offers: tuple[OfferButton, ...] = ()
        if kept is not None:
            error, offers = self._held_back(control, kept, stated)
        slip = None if kept is not None else self._slips.get(control.name)
        if slip is not None:
            offers = tuple(offer for offer in slip.offers if offer.value is not None)
        value = stated if kept is None else kept.text
        return Entry(
            control.name,
            indicator.kind.value,
            label=f"{control.year} 年" if several else "",
            value=value,
            unit=unit_of(indicator),
            error=error,
            warning="" if slip is None else slip.text,
            offers=offers,
            choices=tuple(Choice(*choice) for choice in indicator.choices.items()),
            note=shown_industry(value) if indicator.kind is Kind.INDUSTRY and value and not error else "",
        )

    def _held_back(
        self, control: Control, kept: TypedText, stated: str
    ) -> tuple[str, tuple[OfferButton, ...]]:
        refusal = refusal_of(control, kept.text)
        if refusal is not None:
            return refusal.text, refusal.offers
        there = self._in_words(control, stated)
        message = f"这一项在您填写期间已被改为“{there}”，您填的是“{kept.text}”，还没有保存。请选用其中一个。"
        return message, (
            OfferButton(f"用现值 {there}", stated),
            OfferButton(f"用我填的 {kept.text}", None),
        )

    def _in_words(self, control: Control, text: str) -> str:
        if not text:
            return "空白"
        return {"yes": "是", "no": "否"}.get(text, text) if control.indicator.kind is Kind.YES_NO else text


def shown_fact(indicator: Indicator, text: str) -> str:
    """A fact's text in words."""
    value = read(text, indicator.kind)
    if indicator.kind is Kind.AREA:
        return shown_place(str(value))
    if indicator.kind is Kind.INDUSTRY:
        return shown_industry(str(value))
    return show_value(value, indicator.type, indicator.choices)


def changed_fields(before: Mapping[str, Field], after: Section) -> list[Field]:
    """The fields below which something else must stand than before."""

    def said(field: Field) -> list[tuple[object, ...]]:
        return [(entry.error, entry.warning, entry.offers, entry.note) for entry in field.question.entries]

    return [
        field
        for field in after.every
        if field.question.name not in before or said(before[field.question.name]) != said(field)
    ]
