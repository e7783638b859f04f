"""One set of facts against every rung: the picture of the ladder, the next rung, and what titles have brought."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from tidu.core.components import Gap
from tidu.core.components import Rung as ShownRung
from tidu.core.figures import day
from tidu.core.ladder_words import ladder_headline, shown_rung
from tidu.core.reward_words import Reward, shown_rewards
from tidu.policy.assess.assessment import Assessment
from tidu.policy.assess.facts import Facts
from tidu.policy.assess.ladder import Ladder, Rung
from tidu.policy.documents.library import NATION, Library
from tidu.policy.status import Status
from tidu.portal.ladder_matrix import Cell, Row, matrix, only_open
from tidu.portal.place import place_name
from tidu.portal.self_check_result import result_of

MOST_SHORTFALLS: Final = 2


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table: a tier under one document."""

    label: str
    policy: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the table with each column's cells under its heading."""

    label: str
    value: str
    under: tuple[tuple[Column, list[Cell]], ...]


@dataclass(frozen=True, slots=True)
class ShownPart:
    """Rows that belong together."""

    label: str
    rows: tuple[ShownRow, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """What the next rung still asks, cheapest first."""

    title: str
    policy: str
    gaps: tuple[Gap, ...]
    url: str


@dataclass(frozen=True, slots=True)
class LadderView:
    """Everything that the page shows."""

    headline: str
    rungs: tuple[ShownRung, ...]
    columns: tuple[Column, ...]
    parts: tuple[ShownPart, ...]
    rows: int
    hidden: int
    way: Way | None
    rewards: tuple[Reward, ...]
    untriggered: int


def ladder_view(
    library: Library,
    ladder: Ladder,
    facts: Facts,
    settings: Mapping[str, Mapping[str, str]],
    *,
    every_row: bool,
) -> LadderView:
    """The page of ``ladder``; rewards are those of the same places on the same day.

    Without ``every_row`` the table leaves out what no tier finds wanting.
    """
    assessments = [found for rung in ladder.rungs for found in rung.assessments]
    packs = library if ladder.area is None else library.of_place(ladder.area)
    found, untriggered = shown_rewards(packs, facts, as_of=ladder.as_of, settings=settings)
    every = matrix(assessments)
    parts = every if every_row else only_open(every)
    rows, shown = (sum(len(part.rows) for part in some) for some in (every, parts))
    columns = tuple(_column(assessment) for assessment in assessments)
    return LadderView(
        ladder_headline(ladder, nothing_held="还没有填写持有的称号"),
        tuple(_shown(rung, ladder) for rung in ladder.rungs),
        columns,
        tuple(ShownPart(part.label, tuple(_row(row, columns) for row in part.rows)) for part in parts),
        rows,
        rows - shown,
        _way(ladder),
        found,
        untriggered,
    )


def result_url(assessment: Assessment) -> str:
    """The result of one tier of one document."""
    return reverse("portal:self-check-result", args=[assessment.pack.id, assessment.tier])


def _form_url(assessment: Assessment) -> str:
    return reverse("portal:self-check-form", args=[assessment.pack.id, assessment.tier])


def _shown(rung: Rung, ladder: Ladder) -> ShownRung:
    nearest = rung.nearest
    url = "" if nearest is None else result_url(nearest)
    return shown_rung(rung, ladder, lines=_lines(rung, nearest), url=url)


def _lines(rung: Rung, nearest: Assessment | None) -> Iterator[str]:
    if rung.expires_on is not None:
        yield f"有效期至 {day(rung.expires_on)}"
    if nearest is None:
        yield rung.tier.recognised_by
        return
    others = len(rung.assessments) - 1
    yield f"{nearest.pack.document.short_title}{f'，另有 {others} 份标准' if others else ''}"
    counts = nearest.counts()
    shown = "，".join(f"{counts[status]} {status.label}" for status in Status if counts[status])
    yield f"{len(nearest.criteria)} 项：{shown}"
    short = [item.criterion.label for item in nearest.criteria if item.status is Status.NOT_MET]
    if short:
        more = "等" if len(short) > MOST_SHORTFALLS else ""
        yield f"不符合：{'；'.join(short[:MOST_SHORTFALLS])}{more}"


def _column(assessment: Assessment) -> Column:
    document = assessment.pack.document
    tier = assessment.pack.vocabulary.tiers[assessment.tier]
    where = "" if document.jurisdiction == NATION else f"{place_name(document.jurisdiction)}　"
    return Column(tier.short, f"{where}{document.short_title}", result_url(assessment))


def _row(row: Row, columns: tuple[Column, ...]) -> ShownRow:
    return ShownRow(row.label, row.value, tuple(zip(columns, row.cells, strict=True)))


def _way(ladder: Ladder) -> Way | None:
    nearest = None if ladder.next is None else ladder.next.nearest
    if nearest is None:
        return None
    found = result_of(nearest, _form_url(nearest))
    return Way(nearest.title, nearest.pack.document.short_title, found.gaps, result_url(nearest))
