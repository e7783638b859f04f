"""Checked rows against what the registry knows: whose the enterprise is, what is new, what changes, what stays.

A batch of rows costs a fixed number of queries. Blank cells change nothing; only what an import stated before is
superseded, and facts of other sources stay beside the new ones.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Final

from django.db import connection

from tidu.accounts.ties import Party
from tidu.policy.assess.wording import show_value
from tidu.policy.vocabulary.places import load_places
from tidu.policy.vocabulary.vocabulary import load_vocabulary
from tidu.registry.actions.standing import first_given, given_here
from tidu.registry.fact_values import read, written
from tidu.registry.importing.checking import CheckedRow, FactKey, RowChecker
from tidu.registry.importing.plans import Known, Outcome, RowPlan
from tidu.registry.importing.records import record_plans
from tidu.registry.importing.remarks import Remark, shortened
from tidu.registry.importing.scope import Scope, place_name
from tidu.registry.models import Enterprise, EnterpriseStatus, Fact, Source
from tidu.registry.models.imports import ImportKind, ImportRow
from tidu.registry.naming import core_name, folded_name
from tidu.registry.vocabulary import vocabulary_in_view

BATCH: Final = 500
_NAME, _AREA = ("name", 0), ("registered_area", 0)
_RECOGNISED: Final = ("recognised_on", 0)


@dataclass(frozen=True, slots=True)
class Standing:
    """A fact that stands."""

    text: str
    chosen: bool


def plans(checker: RowChecker, kind: ImportKind, scope: Scope) -> Iterator[list[RowPlan]]:
    """The plans of all rows, a batch at a time."""
    comparer = Comparer(checker, kind, scope)
    rows = checker.rows()
    while batch := list(islice(rows, BATCH)):
        yield comparer.compare(batch)


class Comparer:
    """Holds rows against the registry."""

    def __init__(self, checker: RowChecker, kind: ImportKind, scope: Scope) -> None:
        self._checker = checker
        self._kind = kind
        self._scope = scope
        self._first_given = cache(first_given)  # of a few cities and tiers, asked for every row

    def compare(self, rows: Sequence[CheckedRow]) -> list[RowPlan]:
        """The plans of one batch."""
        by_code = self._by_code({row.uscc for row in rows if row.uscc})
        by_name = self._by_name([row for row in rows if not row.uscc and row.name])
        found: list[tuple[CheckedRow, Known | None]] = []
        for row in rows:
            known = by_code.get(row.uscc) if row.uscc else self._named(row, by_name)
            if not row.bad:
                self._check_place(row, known)
            found.append((row, known))
        good = [(row, known) for row, known in found if not row.bad]
        if self._kind in {ImportKind.TITLES, ImportKind.INCIDENTS}:
            planned = record_plans(self._checker, good, self._kind)
        else:
            planned = self._fact_plans(good)
        return [
            planned[row.number] if not row.bad else RowPlan(row, Outcome.REJECTED) for row, _known in found
        ]

    # ---- which enterprise

    def _by_code(self, codes: Iterable[str]) -> dict[str, Known]:
        return {item.uscc: item for item in _known(uscc__in=list(codes))}

    def _by_name(self, rows: Sequence[CheckedRow]) -> dict[str, list[Known]]:
        """Enterprises by the folded name that the rows without a code give."""
        found: dict[str, list[Known]] = {}
        cores = {core_name(row.name) for row in rows}
        if cores:
            for item in _known(core_name__in=list(cores)):
                found.setdefault(core_name(item.name), []).append(item)
        return found

    def _named(self, row: CheckedRow, by_name: Mapping[str, list[Known]]) -> Known | None:
        """The one enterprise of exactly that name in the importer's place; near names are offered in words."""
        if not row.name:
            return None
        near = [
            item
            for item in by_name.get(core_name(row.name), [])
            if item.place and self._scope.covers(item.place)
        ]
        same = [item for item in near if folded_name(item.name) == folded_name(row.name)]
        if len(same) == 1:
            row.uscc = same[0].uscc
            self._checker.warn(
                row, "matched_by_name", f"没有代码，按名称对应到 {same[0].uscc}。请核对。", "name"
            )
            return same[0]
        if len(same) > 1:
            self._checker.error(row, "several", "有几家企业叫这个名称。请填统一社会信用代码。", "name")
        elif near:
            listed = "、".join(f"{item.name}（{item.uscc}）" for item in near[:2])
            self._checker.error(
                row, "unknown_enterprise", f"企业库里没有这个名称。相近的有{listed}，请填代码。", "name"
            )
        return None

    # ---- whose it is

    def _check_place(self, row: CheckedRow, known: Known | None) -> None:
        ground = self._scope.avoided.ground(known or Party(None, row.uscc))
        if ground:
            self._checker.error(row, "avoided", f"您应当回避这家企业（{ground}），由同事导入。", "uscc")
            return
        if known is not None and known.status != EnterpriseStatus.WITHDRAWN:
            if not self._scope.everywhere and not (known.place and self._scope.covers(known.place)):
                self._elsewhere(row, known.place)
                return
            other = row.name and folded_name(row.name) != folded_name(known.name)
            if self._kind is not ImportKind.ENTERPRISES and other:
                message = f"代码对应的企业是“{known.name}”，与表里的名称不同，按代码导入。"
                self._checker.warn(row, "name_differs", shortened(message), "name")
            self._settle_place(row, known)
            self._check_given(row, known)
        elif self._kind is not ImportKind.ENTERPRISES:
            message = "企业库里没有这家企业。请先导入企业名录，或核对代码。"
            self._checker.error(row, "unknown_enterprise", message, "uscc" if row.uscc else "name")
        else:
            self._settle_place(row, None)

    def _elsewhere(self, row: CheckedRow, place: str) -> None:
        where = place_name(place) if place else "其他地区"
        bureau = f"请转{where}工信部门。" if place else ""
        message = f"属于{where}企业，不在您的辖区，无权导入。{bureau}"
        self._checker.error(row, "outside_place", message, "uscc")

    def _check_given(self, row: CheckedRow, known: Known) -> None:
        """A title that the city gives by a procedure here is not brought in by an officer's table."""
        on = row.values.get(_RECOGNISED)
        if self._kind is not ImportKind.TITLES or self._scope.everywhere or not isinstance(on, dt.date):
            return
        tier = load_vocabulary().tiers.get(row.text("tier"))
        city = load_places().city_of(known.place)
        since = self._first_given("" if city is None else city.code, "" if tier is None else tier.id)
        words = given_here(since, on)
        if words:
            self._checker.error(row, "given_here", words, "tier")

    def _settle_place(self, row: CheckedRow, known: Known | None) -> None:
        """Where the enterprise is registered: as written, else by its address or, last, by its code."""
        if self._kind is not ImportKind.ENTERPRISES:
            return
        places = load_places()
        area = row.values.get(_AREA)
        if area is None and known is not None:
            return
        if area is None:
            address = row.text("registered_address")
            found = places.from_address(address, None) if address else None
            if found is None:
                found = places.from_uscc(row.uscc)
                if found is not None:
                    message = f"没有填注册地，按代码里的登记机关算作{found.name}。请核对。"
                    self._checker.warn(row, "place_from_code", message, "uscc")
            area = None if found is None else found.code
            if area is not None:
                row.values[_AREA] = area
        if area is None:
            if not self._scope.everywhere:
                message = "看不出注册在哪个旗县区。请填注册地。"
                self._checker.error(row, "place_missing", message, "registered_area")
            return
        code = str(area)
        if known is not None and known.place and code != known.place and places.within(known.place, code):
            row.values.pop(_AREA)  # the table says less than is known
        elif self._scope.everywhere or self._scope.covers(code):
            return
        elif self._scope.is_part_of(code):
            message = f"只写到{place_name(code)}，看不出在不在您的辖区。请写到旗县区。"
            self._checker.error(row, "place_coarse", message, "registered_area")
        else:
            self._elsewhere(row, code)

    # ---- what changes

    def _fact_plans(self, rows: Sequence[tuple[CheckedRow, Known | None]]) -> dict[int, RowPlan]:
        standing = _standing({known.pk for _row, known in rows if known is not None})
        return {row.number: self._fact_plan(row, known, standing) for row, known in rows}

    def _fact_plan(
        self,
        row: CheckedRow,
        known: Known | None,
        standing: Mapping[tuple[int, str, int], Mapping[int, Standing]],
    ) -> RowPlan:
        plan = RowPlan(row, Outcome.UNCHANGED, None if known is None else known.pk)
        values = dict(row.values)
        if self._kind is ImportKind.ENTERPRISES and row.name:
            values[_NAME] = row.name
        indicators = vocabulary_in_view().indicators
        new = known is None or known.status == EnterpriseStatus.WITHDRAWN
        had_any = False
        for (indicator, year), value in values.items():
            text = written(value, indicators[indicator].kind)
            beside = {} if known is None else standing.get((known.pk, indicator, year), {})
            had_any = had_any or bool(beside)
            old = beside.get(Source.IMPORTED)
            if old is not None and old.text == text:
                continue
            plan.facts.append((indicator, year, text))
            if not new:
                plan.changes.append(_change(row, known, (indicator, year), text, beside))
        if new and self._kind is ImportKind.ENTERPRISES:
            plan.outcome = Outcome.CREATED
            plan.changes = [_created(row, row.name, row.uscc)]
        elif plan.facts:
            first = self._kind is ImportKind.FIGURES and not had_any
            plan.outcome = Outcome.CREATED if first else Outcome.UPDATED
        return plan


def _created(row: CheckedRow, name: str, uscc: str) -> Remark:
    return Remark(ImportRow.Kind.CREATED, row.number, "created", name, value=uscc, label="企业")


def _change(
    row: CheckedRow, known: Known | None, key: FactKey, text: str, beside: Mapping[int, Standing]
) -> Remark:
    """One line of the preview: what is believed now, and what the import would add. ``code`` says how they stand."""
    chosen = next(((source, item) for source, item in beside.items() if item.chosen), None)
    before, code = "", "first"
    if chosen is not None:
        source, item = chosen
        before = _shown(key, item.text)
        word = "beside" if source > Source.IMPORTED else "replaces"
        code = f"{word}:{Source(source).key}"
    indicator = vocabulary_in_view().indicators[key[0]]
    label = f"{key[1]} 年{indicator.label}" if key[1] else indicator.label
    name = row.name or (known.name if known else "")
    return Remark(
        ImportRow.Kind.UPDATED, row.number, code, name, value=_shown(key, text), before=before, label=label
    )


def _shown(key: FactKey, text: str) -> str:
    indicator = vocabulary_in_view().indicators[key[0]]
    return shortened(show_value(read(text, indicator.kind), indicator.type, indicator.choices))


def _known(**condition: list[str]) -> Iterator[Known]:
    """Enterprises by a condition, however long its list."""
    [(name, wanted)] = condition.items()
    most = connection.features.max_query_params or len(wanted) or 1
    for start in range(0, len(wanted), most):
        rows = Enterprise.objects.filter(**{name: wanted[start : start + most]}).values_list(
            "pk", "uscc", "name", "city_id", "district_id", "status", "organisation_id"
        )
        for pk, uscc, full, city, district, status, organisation in rows:
            yield Known(pk, uscc, full, district or city or "", status, organisation)


def _standing(enterprises: set[int]) -> dict[tuple[int, str, int], dict[int, Standing]]:
    found: dict[tuple[int, str, int], dict[int, Standing]] = {}
    rows = Fact.objects.filter(enterprise_id__in=enterprises, ended_at__isnull=True).values_list(
        "enterprise_id", "indicator", "year", "source", "value", "chosen"
    )
    for pk, indicator, year, source, text, chosen in rows:
        found.setdefault((pk, indicator, year), {})[source] = Standing(text, chosen)
    return found
