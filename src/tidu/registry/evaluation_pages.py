"""What the pages of a run show: counts of the run and single results, in words that are ready to be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse

from tidu.core.charts import Chart, Series
from tidu.core.citations import clauses
from tidu.core.components import STATES, Clause
from tidu.core.figures import number
from tidu.core.workspace import Kpi
from tidu.policy.assess.assessment import names_of
from tidu.policy.documents.criteria import Criterion
from tidu.policy.documents.library import load_library
from tidu.policy.documents.pack import Pack
from tidu.policy.errors import InputError
from tidu.policy.status import Status
from tidu.policy.vocabulary.places import load_places
from tidu.policy.vocabulary.sectors import load_sectors
from tidu.registry.evaluating.running import STATUS_OF_LETTER
from tidu.registry.models import Evaluation, EvaluationResult

STATUSES: Final = (Status.MET, Status.NEEDS_REVIEW, Status.UNKNOWN, Status.NOT_MET)
#: Shades of a heat table beside the lightest.
_SHADES: Final = 4
#: The least number that is shown in the darkest shade.
_DARKEST_FROM: Final = 5
_MOST_SHORT: Final = 8
_MOST_NAMED: Final = 3
_MOST_LISTED: Final = 12


@dataclass(frozen=True, slots=True)
class CountCell:
    """A number that leads to the rows behind it, with its shade from 0 to 5."""

    number: int
    url: str
    label: str
    shade: int = 0


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A district or industry: its enterprises by verdict, and the share that meets all but judgements, in per cent."""

    label: str
    total: int
    cells: tuple[CountCell, ...]
    share: int


@dataclass(frozen=True, slots=True)
class CriterionCount:
    """One criterion with how many enterprises stand how."""

    label: str
    clauses: tuple[Clause, ...]
    cells: tuple[CountCell, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """Something counted under a name, with the rows behind it."""

    label: str
    number: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One enterprise of a run, in words. The page and the export show the same."""

    pk: int
    enterprise: int
    name: str
    uscc: str
    place: str
    status: str
    word: str
    short: int
    lacking: str
    document: str
    missing: str

    @property
    def cells(self) -> list[str | int | None]:
        """The row of the export, under :data:`EXPORTED`."""
        return [
            self.name,
            self.uscc,
            self.place,
            self.word,
            self.short,
            self.lacking,
            self.document,
            self.missing,
        ]


EXPORTED: Final = (
    "企业名称",
    "统一社会信用代码",
    "旗县区、开发区",
    "结论",
    "差几条",
    "未达到或待补充的条件",
    "补这一份材料即可判断",
    "缺少的数据",
)


class RunWords:
    """The words of one run: its pack as it was, where the pack is still at hand, and its counts."""

    def __init__(self, run: Evaluation) -> None:
        self.run = run
        self.pack = _pack(run)
        self._criteria: dict[str, Criterion] = {}
        if self.pack is not None and run.tier in self.pack.tiers:
            self._criteria = {item.id: item for item in self.pack.criteria(run.tier).criteria}
        vocabulary = load_library().vocabulary
        self._evidence = {key: item.label for key, item in vocabulary.evidence.items()}
        tier = vocabulary.tiers.get(run.tier)
        self.tier = run.tier if tier is None else tier.short
        self.changed = self.pack is None or self.pack.digest != run.pack_digest

    def rows_url(self, **on: str) -> str:
        """The list of enterprises under filters."""
        address = reverse("registry:evaluation-results", args=[self.run.pk])
        return f"{address}?{urlencode(on)}" if on else address

    def criterion(self, name: str) -> str:
        """The label of a criterion."""
        found = self._criteria.get(name)
        return name if found is None else found.label

    def document(self, name: str) -> str:
        """The label of a document."""
        return self._evidence.get(name, name)

    def key(self, name: str) -> str:
        """A flat name in words."""
        return name if self.pack is None else names_of(self.pack).key(name)

    # ---- the overview

    def kpis(self) -> tuple[Kpi, ...]:
        """The figures that matter."""
        counts = self.run.counts
        status, short = counts.get("status", {}), counts.get("short", {})
        return (
            Kpi("参评企业", number(self.run.enterprises), "家", url=self.rows_url()),
            *(
                Kpi(one.label, number(status.get(one.value, 0)), "家", url=self.rows_url(status=one.value))
                for one in STATUSES
            ),
            Kpi("只差一条", number(short.get("1", 0)), "家", "未达到或待补充", url=self.rows_url(short="1")),
        )

    @property
    def papers(self) -> int:
        """How many enterprises one document decides about."""
        return sum(self.run.counts.get("documents", {}).values())

    def distances(self) -> Chart | None:
        """How many enterprises lack how many criteria; nothing where none lacks any."""
        short = {int(key): number for key, number in self.run.counts.get("short", {}).items()}
        if not short:
            return None
        last = min(max(short), _MOST_SHORT)
        values = [short.get(place, 0) for place in range(1, last)]
        values.append(sum(number for key, number in short.items() if key >= last))
        labels = [f"差 {place} 条" for place in range(1, last)]
        labels.append(f"差 {last} 条{'以上' if max(short) > last else ''}")
        return Chart(
            "差几条的企业数", tuple(labels), (Series("企业", tuple(values)),), unit="家", first_head="距离"
        )

    def districts(self) -> list[GroupRow]:
        """By district or zone, the largest first."""
        places = load_places().by_code
        return self._groups("district", lambda code: places[code].name if code in places else "未定到旗县区")

    def industries(self) -> list[GroupRow]:
        """By division of industry, the largest first."""
        return self._groups("industry", self.industry)[:_MOST_LISTED]

    def industry(self, code: str) -> str:
        """A division of industry in words."""
        found = load_sectors().get(code) if code else None
        return "行业未报" if found is None else f"{found.code} {found.name}"

    def _groups(self, by: str, label: Any) -> list[GroupRow]:  # noqa: ANN401 - a function of a code
        found = []
        groups: Mapping[str, Mapping[str, int]] = self.run.counts.get(by, {})
        most = {
            one: max((group.get(one.value, 0) for group in groups.values()), default=0) for one in STATUSES
        }
        for code, group in groups.items():
            total = sum(group.values())
            good = group.get(Status.MET.value, 0) + group.get(Status.NEEDS_REVIEW.value, 0)
            cells = tuple(
                self._cell(group.get(one.value, 0), one.label, most[one], **{by: code, "status": one.value})
                for one in STATUSES
            )
            found.append(GroupRow(label(code), total, cells, round(100 * good / total) if total else 0))
        return sorted(found, key=lambda row: (-row.total, row.label))

    def _cell(self, count: int, label: str, most: int, **on: str) -> CountCell:
        shade = 0 if not count or not most else 1 + round(_SHADES * count / max(most, _DARKEST_FROM))
        url = self.rows_url(**on) if count and all(on.values()) else ""
        return CountCell(count, url, label, min(shade, 5))

    def criteria(self) -> list[CriterionCount]:
        """By criterion, in the order of the document, with its clause."""
        found = []
        for name, counted in zip(self.run.criteria, self.run.counts.get("criteria", ()), strict=False):
            criterion = self._criteria.get(name)
            cites = () if criterion is None or self.pack is None else clauses(self.pack, [criterion.cite])
            cells = tuple(
                self._cell(counted.get(letter, 0), status.label, 0, **{"criterion": name, "as": status.value})
                for status in STATUSES
                for letter in [next(key for key, value in STATUS_OF_LETTER.items() if value is status)]
            )
            found.append(CriterionCount(self.criterion(name), cites, cells))
        return found

    def documents(self) -> list[Named]:
        """The single documents that decide, the most frequent first."""
        return [
            Named(self.document(name), count, self.rows_url(document=name))
            for name, count in self.run.counts.get("documents", {}).items()
        ][:_MOST_LISTED]

    def missing(self) -> list[Named]:
        """What is missing most."""
        return [Named(self.key(name), count) for name, count in self.run.counts.get("missing", {}).items()][
            :_MOST_LISTED
        ]

    # ---- single results

    def row(self, result: EvaluationResult) -> ResultRow:
        """One result in words."""
        enterprise = result.enterprise
        place = enterprise.district or enterprise.city
        return ResultRow(
            pk=result.pk,
            enterprise=enterprise.pk,
            name=enterprise.name,
            uscc=enterprise.uscc,
            place="" if place is None else place.name,
            status=result.status,
            word=STATES[result.status].word,
            short=result.short,
            lacking=listed(self._lacking(result.statuses)),
            document=self.document(result.document) if result.document else "",
            missing=listed([self.key(name) for name in result.missing], most=100),
        )

    def _lacking(self, statuses: str) -> list[str]:
        open_ones = [
            (letter != "u", self.criterion(name))
            for name, letter in zip(self.run.criteria, statuses, strict=False)
            if letter in "un"
        ]
        return [f"{label}（{'不符合' if decided else '待补充'}）" for decided, label in open_ones]

    def turn(self, criterion: str, before: str, after: str) -> str:
        """A criterion that stands otherwise than before."""
        was = STATUS_OF_LETTER[before].label if before else "未列入"
        return f"{self.criterion(criterion)}：{was} → {STATUS_OF_LETTER[after].label}"


def listed(words: Iterable[str], most: int = _MOST_NAMED) -> str:
    """Words with commas; of many the first few, and how many there are."""
    known: Sequence[str] = list(words)
    rest = len(known) - most
    return "、".join(known[:most]) + (f" 等 {len(known)} 项" if rest > 0 else "")


def _pack(run: Evaluation) -> Pack | None:
    try:
        return load_library().get(run.pack)
    except InputError:
        return None
