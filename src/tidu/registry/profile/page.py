"""The page of an enterprise, put together from what is known of it. Officers and its own people see the same page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils import timezone

from tidu.core import figures
from tidu.core.workspace import Kpi
from tidu.policy.assess.assessment import Assessment
from tidu.policy.assess.ladder import Standing
from tidu.registry.asked import asked_of
from tidu.registry.fact_words import fact_label, fact_words
from tidu.registry.models import Fact, Source, Title
from tidu.registry.models.standing import TitleState
from tidu.registry.profile.figures import (
    ConflictView,
    FigureRow,
    History,
    conflict_views,
    figure_rows,
    growth,
    signed_percent,
    years_of,
)
from tidu.registry.profile.known import Known
from tidu.registry.profile.matches import Position, position_of
from tidu.registry.queries.counted import Counted, counted_among
from tidu.registry.vocabulary import vocabulary_in_view

SOON_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class TitleRow:
    """A title with its term. ``state`` is a key of ``components.STATES``."""

    title: Title
    term: str
    state: str
    word: str
    held: bool


@dataclass(frozen=True, slots=True)
class FactRow:
    """One believed fact in the list of all."""

    indicator: str
    year: int
    label: str
    value: str
    source: str
    source_label: str
    basis: str
    recorded_on: dt.date
    conflict: bool
    url: str


@dataclass(frozen=True, slots=True)
class FactSection:
    """The facts of one section of the vocabulary."""

    label: str
    rows: tuple[FactRow, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything that the page shows."""

    known: Known
    position: Position
    kpis: tuple[Kpi, ...]
    years: tuple[int, ...]
    figures: tuple[FigureRow, ...]
    conflicts: tuple[ConflictView, ...]
    titles: tuple[TitleRow, ...]
    sections: tuple[FactSection, ...]
    counted: tuple[Counted, ...]
    lacking: int


def profile_of(known: Known, address: Callable[[Assessment], str], history: History) -> Profile:
    """The page of what is known; ``address`` is where one assessment is shown whole, ``history`` that of a value."""
    position = position_of(known, address)
    conflicts = tuple(conflict_views(known, history))
    titles = tuple(_title_rows(known.titles, known.on))
    lacking = len(asked_of(known.area, known.on).lacking(known.facts.keys()))
    return Profile(
        known,
        position,
        tuple(_kpis(known, position, len(conflicts), lacking)),
        years_of(known),
        tuple(figure_rows(known, history)),
        conflicts,
        titles,
        tuple(_sections(known, history)),
        tuple(counted_among(known.properties, known.value)),
        lacking,
    )


def _kpis(known: Known, position: Position, conflicts: int, lacking: int) -> Iterable[Kpi]:
    yield _tier(known, position)
    yield _revenue(known)
    matches = len(position.matches)
    nearly = sum(match.nearly for match in position.matches)
    note = f"另有 {nearly} 项就差一个条件" if nearly else "按现行标准初步对照"
    yield Kpi("初步符合的认定", str(position.met), f"／{matches} 项", note, url="#matches")
    asked = asked_of(known.area, known.on)
    words = f"还缺 {lacking} 项" if lacking else "现行标准要用的都有了"
    yield Kpi("信息完整度", str(asked.completeness(known.facts.keys())), "%", words, url="#facts")
    yield Kpi(
        "数据冲突",
        str(conflicts),
        "件",
        "两个以上来源不一致" if conflicts else "各来源一致",
        "warn" if conflicts else "",
        "#conflicts" if conflicts else "",
    )


def _tier(known: Known, position: Position) -> Kpi:
    held = [rung for rung in position.ladder.rungs if rung.standing is Standing.HELD]
    if not held:
        return Kpi("最高有效称号", "暂无", note="没有有效期内的梯度称号", words=True)
    rung = held[-1]
    note = ""
    kind = ""
    if rung.expires_on is not None:
        note = f"至 {figures.day(rung.expires_on)}，{figures.days_to(rung.expires_on, known.on)}"
        kind = "warn" if (rung.expires_on - known.on).days <= SOON_DAYS else ""
    return Kpi("最高有效称号", rung.tier.short, note=note, kind=kind, words=True, url="#titles")


def _revenue(known: Known) -> Kpi:
    for year in reversed(years_of(known)):
        value = known.value("revenue", year)
        if isinstance(value, int):
            rate = growth("revenue")(known, year)
            source = Source(known.facts["revenue", year].source).label
            note = (
                f"来源：{source}"
                if rate is None
                else f"比上年 {signed_percent(Decimal(rate))}，来源：{source}"
            )
            return Kpi(f"{year} 年营业收入", figures.wan_yuan(value), "万元", note)
    return Kpi("营业收入", "未报", note=f"{known.base_year} 年及前两年都没有", words=True)


def _title_rows(titles: Iterable[Title], on: dt.date) -> Iterable[TitleRow]:
    for title in titles:
        state, word, held = _title_state(title, on)
        until = figures.day(title.valid_until) if title.valid_until else "未定"
        yield TitleRow(title, f"{figures.day(title.recognised_on)} 至 {until}", state, word, held)


def _title_state(title: Title, on: dt.date) -> tuple[str, str, bool]:
    if title.state != TitleState.HELD and (title.ended_on is None or title.ended_on <= on):
        return (
            ("revoked" if title.state == TitleState.REVOKED else "expired"),
            title.get_state_display(),
            False,
        )
    if title.under_review:
        return "run", "复核中，继续有效", True
    if title.valid_until is None:
        return "force", "有效，没有写截止日", True
    left = (title.valid_until - on).days
    if left < 0:
        return "expired", f"已届满 {-left:,} 天", False
    return ("soon" if left <= SOON_DAYS else "force"), f"有效，{figures.days_to(title.valid_until, on)}", True


def _sections(known: Known, history: History) -> Iterable[FactSection]:
    """The believed facts but those of the three-year table, by the sections of the vocabulary."""
    vocabulary = vocabulary_in_view()
    conflicts = {(conflict.indicator, conflict.year) for conflict in known.conflicts}
    by_section: dict[str, list[FactRow]] = {}
    for (name, year), fact in sorted(known.facts.items(), key=lambda item: -item[0][1]):
        indicator = vocabulary.indicators.get(name)
        if indicator is not None:
            row = _fact_row(fact, history(name, year), conflict=(name, year) in conflicts)
            by_section.setdefault(indicator.section, []).append(row)
    order = list(vocabulary.indicators)
    for section in vocabulary.sections.values():
        rows = by_section.get(section.id, [])
        if rows:
            rows.sort(key=lambda row: (order.index(row.indicator), -row.year))
            yield FactSection(section.label, tuple(rows))


def _fact_row(fact: Fact, url: str, *, conflict: bool) -> FactRow:
    source = Source(fact.source)
    return FactRow(
        fact.indicator,
        fact.year,
        fact_label(fact.indicator, fact.year),
        fact_words(fact),
        source.key,
        source.label,
        "，".join(part for part in (fact.basis, fact.document_no) if part),
        timezone.localdate(fact.recorded_at),
        conflict,
        url,
    )
