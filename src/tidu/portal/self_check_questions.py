"""One form with one visitor's answers in it, as the components show it: questions, errors, warnings, progress."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from tidu.core.citations import clauses, doubt
from tidu.core.components import Choice, Clause, Doubt, Entry, Fault, Question
from tidu.core.slips import Slip, slips_of
from tidu.core.tier_questions import TITLES, Asked, Form, Section
from tidu.core.typed_values import shown_industry, unit_of
from tidu.policy.quantities import Kind
from tidu.policy.status import Status
from tidu.policy.vocabulary.indicators import Indicator
from tidu.policy.vocabulary.places import load_places
from tidu.policy.vocabulary.size import MEASURE_LABELS, SizeResult, size_class
from tidu.policy.vocabulary.vocabulary import Vocabulary
from tidu.portal.self_check_answers import (
    CITY,
    ELSEWHERE,
    PLACE,
    Answers,
    cities,
    title_control,
)
from tidu.portal.self_check_draft import AS_OF, BASE_YEAR, READING, Draft

NAME: Final = "name"
MOMENT: Final = "moment"


@dataclass(frozen=True, slots=True)
class JudgedItem:
    """What a person will judge, with its clause and the papers that person reads."""

    label: str
    question: str
    clauses: tuple[Clause, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TitleRow:
    """One tier of the question about titles."""

    label: str
    since: Entry
    until: Entry


@dataclass(frozen=True, slots=True)
class TitleQuestion:
    """The question about titles: whether there are any, and a row of two days for each tier."""

    question: Question
    said: Entry
    rows: tuple[TitleRow, ...]


@dataclass(frozen=True, slots=True)
class FormSection:
    """The questions of one dimension with the answers. ``done`` of ``total`` are answered."""

    id: str
    label: str
    questions: tuple[Question, ...]
    judged: tuple[JudgedItem, ...]
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class SizeLine:
    """The size class as far as the answers tell it."""

    status: Status
    word: str
    reason: str


@dataclass(frozen=True, slots=True)
class FormView:
    """Everything that the page of a form shows."""

    form: Form
    moment: Question
    sections: tuple[FormSection, ...]
    readings: tuple[Question, ...]
    titles: TitleQuestion
    size: SizeLine | None
    faults: tuple[Fault, ...]

    @property
    def done(self) -> int:
        """How many questions are answered."""
        return sum(section.done for section in self.sections)

    @property
    def total(self) -> int:
        """How many questions count."""
        return sum(section.total for section in self.sections)

    @property
    def questions(self) -> Iterator[Question]:
        """Every question with a control."""
        yield self.moment
        for section in self.sections:
            yield from section.questions
        yield from self.readings

    @property
    def entries(self) -> Iterator[Entry]:
        """Every control."""
        for question in self.questions:
            yield from question.entries

    def shown(self) -> dict[str, str]:
        """What stands in each control."""
        return {entry.name: entry.value for entry in self.entries}


def form_view(form: Form, draft: Draft, answers: Answers, vocabulary: Vocabulary) -> FormView:
    """``form`` with the visitor's answers."""
    return _Builder(form, draft, answers, vocabulary).build()


def title_question(draft: Draft, answers: Answers, vocabulary: Vocabulary) -> TitleQuestion:
    """The question about titles by itself, for pages that belong to no policy."""
    controls = _Controls(draft, answers, {})
    rows = tuple(
        TitleRow(
            tier.label,
            controls.entry(title_control(tier.id, "since"), Kind.DATE, label=f"{tier.short}认定日期"),
            controls.entry(title_control(tier.id, "until"), Kind.DATE, label=f"{tier.short}有效期至"),
        )
        for tier in vocabulary.tiers.values()
    )
    said = controls.entry(TITLES, Kind.YES_NO)
    question = Question(
        TITLES,
        "目前持有的称号",
        (said, *(entry for row in rows for entry in (row.since, row.until))),
        hint="请列全：没有列出的称号，按没有取得处理。日期以认定文件或证书为准。",
        evidence=("称号认定文件",),
    )
    return TitleQuestion(question, said, rows)


@dataclass(frozen=True, slots=True)
class _Controls:
    """Controls with what was typed, what is wrong with it, and what it may have meant."""

    draft: Draft
    answers: Answers
    slips: Mapping[str, Slip]

    def entry(self, name: str, kind: Kind, *, label: str = "", unit: str = "") -> Entry:
        refusal = self.answers.refusals.get(name)
        text = self.draft.typed.get(name, "")
        slip = None if refusal or self.draft.kept.get(name) == text else self.slips.get(name)
        return Entry(
            name,
            kind.value,
            label=label,
            value=text,
            unit=unit,
            error="" if refusal is None else refusal.text,
            warning="" if slip is None else slip.text,
            offers=refusal.offers if refusal else slip.offers if slip else (),
        )


class _Builder:
    def __init__(self, form: Form, draft: Draft, answers: Answers, vocabulary: Vocabulary) -> None:
        self._form = form
        self._draft = draft
        self._answers = answers
        self._vocabulary = vocabulary
        slips = slips_of(answers.facts, vocabulary.indicators, answers.as_of)
        self._entry = _Controls(draft, answers, slips).entry
        self._size = _size_of(form, answers)

    def build(self) -> FormView:
        titles = self._titles()
        sections = tuple(self._section(section, titles) for section in self._form.sections)
        readings = tuple(self._reading(name) for name in self._form.readings)
        line = None if self._size is None else _size_line(self._size)
        view = FormView(self._form, self._moment(), sections, readings, titles, line, ())
        return replace(view, faults=tuple(_faults(view)))

    # ---- the parts of the page

    def _moment(self) -> Question:
        """The day, the base year, and a name that only stands on paper."""
        usual = self._answers.as_of.year - 1
        return Question(
            MOMENT,
            "评估日、基准年度和企业名称",
            (
                self._entry(AS_OF, Kind.DATE, label="评估日"),
                self._entry(BASE_YEAR, Kind.COUNT, label="基准年度", unit="年"),
                self._entry(NAME, Kind.TEXT, label="企业名称"),
            ),
            hint="都可以不填：评估日留空就是今天；基准年度是“上年度”所指的年份，"
            f"留空就是 {usual} 年；名称只印在结果的页首。",
        )

    def _section(self, section: Section, titles: TitleQuestion) -> FormSection:
        questions = tuple(
            titles.question if asked.name == TITLES else self._question(asked) for asked in section.asked
        )
        counted = [asked for asked in section.asked if not self._needless(asked)]
        return FormSection(
            section.id,
            section.label,
            questions,
            tuple(
                JudgedItem(
                    item.label,
                    item.question,
                    clauses(self._form.pack, [item.cite]),
                    tuple(self._vocabulary.evidence[name].label for name in item.evidence),
                )
                for item in section.judged
            ),
            sum(self._answered(asked) for asked in counted),
            len(counted),
        )

    def _question(self, asked: Asked) -> Question:
        indicator = asked.indicator
        assert indicator is not None  # noqa: S101 - titles alone have none, and are built apart
        years = asked.years(self._answers.base_year)
        if indicator.kind is Kind.AREA:
            entries = self._area(indicator)
        elif not years:
            entries = (self._of_indicator(indicator, indicator.id, ""),)
        else:
            entries = tuple(
                self._of_indicator(indicator, f"{indicator.id}_{year}", f"{year} 年" if years[1:] else "")
                for year in years
            )
        label = f"{indicator.label}（{years[0]} 年）" if len(years) == 1 else indicator.label
        hint = _HINTS.get(indicator.kind, indicator.help)
        if self._needless(asked):
            hint = f"{hint}本行业划型不看这一项，可以不填。"
        return Question(
            indicator.id,
            label,
            entries,
            hint=hint,
            evidence=tuple(self._vocabulary.evidence[name].label for name in indicator.evidence),
            **self._basis(asked),
        )

    def _titles(self) -> TitleQuestion:
        titles = title_question(self._draft, self._answers, self._vocabulary)
        asked = next((asked for asked in self._form.asked if asked.name == TITLES), None)
        if asked is None:
            return titles
        return replace(titles, question=replace(titles.question, **self._basis(asked)))

    def _reading(self, name: str) -> Question:
        declared = self._form.pack.document.interpretations[name]
        chosen = self._draft.settings.get(self._form.pack.id, {}).get(name, "")
        choices = tuple(
            Choice(choice, label) for choice, label in declared.choices.items() if choice != declared.default
        )
        entry = Entry(
            f"{READING}{name}",
            "choice",
            value=chosen if chosen in declared.choices and chosen != declared.default else "",
            choices=choices,
            empty=f"{declared.choices[declared.default]}（默认）",
        )
        number = list(self._form.pack.document.interpretations).index(name) + 1
        return Question(
            entry.name,
            f"存疑 {number}：{declared.question}",
            (entry,),
            hint=declared.why,
            clauses=clauses(self._form.pack, [declared.cite]),
        )

    # ---- controls

    def _of_indicator(self, indicator: Indicator, name: str, label: str) -> Entry:
        entry = self._entry(name, indicator.kind, label=label, unit=unit_of(indicator))
        value = self._answers.facts.values.get(name)
        if indicator.kind is Kind.CHOICE:
            choices = tuple(Choice(*choice) for choice in indicator.choices.items())
            return replace(entry, choices=choices)
        if indicator.kind is Kind.INDUSTRY and isinstance(value, str):
            return replace(entry, note=shown_industry(value))
        return entry

    def _area(self, indicator: Indicator) -> tuple[Entry, ...]:
        city = self._entry(f"{indicator.id}{CITY}", Kind.CHOICE, label="盟市")
        elsewhere = Choice(ELSEWHERE, "内蒙古自治区以外")
        options = tuple(Choice(place.code, place.name) for place in cities())
        city = replace(city, choices=(*options, elsewhere))
        if city.value == ELSEWHERE:
            place = self._entry(f"{indicator.id}{PLACE}", Kind.AREA, label="六位行政区划代码")
            return city, place
        place = self._entry(f"{indicator.id}{PLACE}", Kind.CHOICE, label="旗县区或开发区")
        below = load_places().children(city.value) if city.value else ()
        choices = tuple(Choice(found.code, found.name) for found in below)
        known = {choice.value for choice in choices}
        return city, replace(
            place,
            value=place.value if place.value in known else "",
            choices=choices,
            empty="全市，或者不清楚" if below else "先选盟市",
        )

    # ---- what stands beside a question

    def _basis(self, asked: Asked) -> dict[str, Any]:
        pack = self._form.pack
        chosen = self._draft.settings.get(pack.id, {})
        return {
            "requirements": tuple(asked.requirements),
            "clauses": clauses(pack, asked.cites),
            "doubts": tuple(
                _local(doubt(pack, name, chosen.get(name)), name)
                for name in asked.interpretations
                if name in self._form.readings
            ),
        }

    def _answered(self, asked: Asked) -> bool:
        facts = self._answers.facts
        if asked.name == TITLES:
            return facts.recognitions is not None
        years = asked.years(self._answers.base_year)
        names = [f"{asked.name}_{year}" for year in years] or [asked.name]
        return all(name in facts.values for name in names)

    def _needless(self, asked: Asked) -> bool:
        """Whether the question only serves the size class, and the industry's row does not look at it."""
        row = None if self._size is None else self._size.row
        if row is None or not asked.for_size_alone or asked.name not in MEASURE_LABELS:
            return False
        return asked.name not in {limit.measure for limit in row.limits}


# The vocabulary speaks of codes; here they are chosen from lists.
_HINTS: Final = {
    Kind.AREA: "按营业执照的住所选；开发区算在所属的市内，填到市也可以。",
    Kind.INDUSTRY: "填行业代码，或者名称里的一个词，从结果里选；以收入占比最大的业务为准。",
}


def _local(chip: Doubt, name: str) -> Doubt:
    """The chip with the way to the switch on this page instead of the table on the policy's."""
    return replace(chip, url=f"#q-{READING}{name}")


def _size_of(form: Form, answers: Answers) -> SizeResult | None:
    """The size class by the answers, where the form asks for it."""
    if not any(asked.name == "industry_code" for asked in form.asked):
        return None
    values: Mapping[str, Any] = answers.facts.values
    year = answers.base_year
    return size_class(
        values.get("industry_code"),
        values.get(f"employees_{year}"),
        values.get(f"revenue_{year}"),
        values.get(f"total_assets_{year}"),
    )


def _size_line(found: SizeResult) -> SizeLine:
    return SizeLine(found.status, found.label, found.reason)


def _faults(view: FormView) -> Iterator[Fault]:
    for question in view.questions:
        for entry in question.entries:
            if entry.error:
                own = question.name in {TITLES, MOMENT}
                what = entry.label if own and entry.label else f"{entry.label}{question.label}"
                yield Fault(entry.id, f"{what}：{entry.error}")
