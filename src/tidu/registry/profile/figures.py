"""The figures of three years with what follows from them, and the values about which sources disagree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tidu.core import figures
from tidu.core.workspace import Conflict as ShownConflict
from tidu.policy.quantities import Kind
from tidu.policy.vocabulary.indicators import Indicator
from tidu.registry.fact_words import fact_words, value_words
from tidu.registry.models import Fact, Source
from tidu.registry.profile.known import Known
from tidu.registry.queries.facts import Conflict, value_of
from tidu.registry.vocabulary import vocabulary_in_view

YEARS: Final = 3
_MISSING: Final = "未报"
_NOTHING: Final = "—"
#: Where the history of an indicator in a year is shown.
History = Callable[[str, int], str]


@dataclass(frozen=True, slots=True)
class FigureCell:
    """One figure of one year. ``url`` leads to its history where it is known."""

    year: int
    text: str
    missing: bool = False
    conflict: bool = False
    indicator: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One line of the table. ``source`` is that of the newest figure; a derived line has none and is indented."""

    label: str
    cells: tuple[FigureCell, ...]
    source: str = ""
    derived: bool = False


_Derived = Callable[[Known, int], Decimal | None]


def _amount(known: Known, indicator: str, year: int) -> Decimal | None:
    value = known.value(indicator, year)
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _share(part: str, whole: str) -> _Derived:
    def share(known: Known, year: int) -> Decimal | None:
        upper, lower = _amount(known, part, year), _amount(known, whole, year)
        return None if upper is None or not lower else upper / lower

    return share


def growth(indicator: str) -> _Derived:
    """The growth over the year before; none from zero or less, where a rate says nothing."""

    def grown(known: Known, year: int) -> Decimal | None:
        now, before = _amount(known, indicator, year), _amount(known, indicator, year - 1)
        return None if now is None or before is None or before <= 0 else now / before - 1

    return grown


@dataclass(frozen=True, slots=True)
class _Line:
    label: str
    derive: _Derived
    signed: bool = False


_LINES: Final[tuple[str | _Line, ...]] = (
    "revenue",
    _Line("同比", growth("revenue"), signed=True),
    "main_business_revenue",
    _Line("占营业收入", _share("main_business_revenue", "revenue")),
    "net_profit",
    "rd_expense",
    _Line("占营业收入", _share("rd_expense", "revenue")),
    "tax_paid",
    "total_assets",
    _Line("资产负债率", _share("total_liabilities", "total_assets")),
    "employees",
    "rd_staff",
    _Line("占从业人员", _share("rd_staff", "employees")),
)


def years_of(known: Known) -> tuple[int, ...]:
    """The years of the table, oldest first."""
    return tuple(range(known.base_year - YEARS + 1, known.base_year + 1))


def figure_rows(known: Known, history: History) -> list[FigureRow]:
    """The table of three years; each figure leads to its history."""
    conflicts = {(conflict.indicator, conflict.year) for conflict in known.conflicts}
    indicators = vocabulary_in_view().indicators
    rows = []
    for line in _LINES:
        if isinstance(line, _Line):
            rows.append(_derived_row(known, line))
        elif line in indicators:
            rows.append(_stated_row(known, indicators[line], conflicts, history))
    return rows


def _stated_row(
    known: Known, indicator: Indicator, conflicts: set[tuple[str, int]], history: History
) -> FigureRow:
    cells, source = [], ""
    for year in years_of(known):
        fact = known.facts.get((indicator.id, year))
        if fact is None:
            cells.append(FigureCell(year, _MISSING, missing=True))
            continue
        source = Source(fact.source).key
        text = _bare(fact, indicator)
        key = (indicator.id, year)
        cells.append(
            FigureCell(year, text, conflict=key in conflicts, indicator=indicator.id, url=history(*key))
        )
    unit = "" if indicator.kind is Kind.MONEY else f"（{indicator.unit}）" if indicator.unit else ""
    return FigureRow(f"{indicator.label}{unit}", tuple(cells), source)


def _bare(fact: Fact, indicator: Indicator) -> str:
    """The figure without its unit, which stands in the head of the table or row."""
    value = value_of(fact)
    if indicator.kind is Kind.MONEY and isinstance(value, int):
        return figures.wan_yuan(value)
    if isinstance(value, (int, float)) and indicator.kind is Kind.COUNT:
        return figures.number(value)
    return fact_words(fact)


def _derived_row(known: Known, line: _Line) -> FigureRow:
    cells = []
    for year in years_of(known):
        ratio = line.derive(known, year)
        text = _NOTHING if ratio is None else signed_percent(ratio) if line.signed else figures.percent(ratio)
        cells.append(FigureCell(year, text, missing=ratio is None))
    return FigureRow(line.label, tuple(cells), derived=True)


def signed_percent(ratio: Decimal) -> str:
    """A rate with its sign: ``＋15.40%``."""
    return f"{figures.PLUS}{figures.percent(ratio)}" if ratio > 0 else figures.percent(ratio)


@dataclass(frozen=True, slots=True)
class ConflictView:
    """A conflict with all its sources, ready to be shown."""

    anchor: str
    title: str
    rows: tuple[ShownConflict, ...]
    indicator: str
    year: int
    url: str


def conflict_views(known: Known, history: History) -> list[ConflictView]:
    """Every conflict, the newest year first."""
    return list(_views(known, history))


def _views(known: Known, history: History) -> Iterator[ConflictView]:
    for conflict in known.conflicts:
        indicator = vocabulary_in_view().indicators.get(conflict.indicator)
        if indicator is None:
            continue
        label = f"{conflict.year} 年{indicator.label}" if conflict.year else indicator.label
        rows = tuple(
            ShownConflict(
                Source(fact.source).key,
                Source(fact.source).label,
                fact_words(fact),
                fact.stated_on or fact.recorded_at.date(),
                "，".join(part for part in (fact.basis, fact.document_no) if part),
                chosen=fact is conflict.chosen,
            )
            for fact in conflict.facts
        )
        title = f"{label}：{len(rows)} 个来源不一致{_apart(conflict, indicator)}"
        indicator_id, year = conflict.indicator, conflict.year
        anchor = f"conflict-{indicator_id}-{year}"
        yield ConflictView(anchor, title, rows, indicator_id, year, history(indicator_id, year))


def _apart(conflict: Conflict, indicator: Indicator) -> str:
    """How far the two ends lie apart, for money and counts."""
    values = [value_of(fact) for fact in conflict.facts]
    numbers = [value for value in values if isinstance(value, int) and not isinstance(value, bool)]
    if len(numbers) != len(values) or indicator.kind not in {Kind.MONEY, Kind.COUNT}:
        return ""
    difference = max(numbers) - min(numbers)
    share = f"（{figures.percent(Decimal(difference) / abs(numbers[0]))}）" if numbers[0] else ""
    return f"，相差 {value_words(difference, indicator)}{share}"
