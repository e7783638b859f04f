"""Recording facts: the only way in which anything becomes known of an enterprise.

Every source keeps one standing fact for an indicator and year. A new value of the same source ends and succeeds the
old one; facts of other sources stand beside it. The one of the highest source is chosen, and the enterprise's columns
follow it in the same transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from tidu.accounts.ties import refuse_tied
from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.roles import ENTERPRISE_ROLES, Role
from tidu.policy.assess.facts import EARLIEST_YEAR, LATEST_YEAR
from tidu.policy.quantities import Value
from tidu.policy.vocabulary.indicators import Indicator
from tidu.registry.actions.bulk_writes import insert_rows
from tidu.registry.actions.columns import refresh_columns
from tidu.registry.fact_values import written
from tidu.registry.models import Enterprise, Evidence, Fact, Import, Source
from tidu.registry.vocabulary import is_recordable, vocabulary_in_view

CHUNK: Final = 2000
_MOST_NAMED: Final = 40
_SOURCES: Final[dict[Role, frozenset[Source]]] = {
    **dict.fromkeys(ENTERPRISE_ROLES, frozenset({Source.DECLARED})),
    Role.DISTRICT_OFFICER: frozenset({Source.IMPORTED, Source.AUDITED}),
    Role.CITY_OFFICER: frozenset({Source.IMPORTED, Source.AUDITED}),
    Role.DEPARTMENT_OFFICER: frozenset({Source.CONFIRMED}),
}
_INSERTED: Final = (
    "enterprise_id",
    "indicator",
    "year",
    "value",
    "source",
    "basis",
    "document_no",
    "stated_on",
    "evidence_id",
    "recorded_by_id",
    "recorded_by_organisation",
    "recorded_at",
    "batch_id",
    "chosen",
)
_READ: Final = (
    "enterprise_id",
    "indicator",
    "year",
    "source",
    "pk",
    "value",
    "document_no",
    "stated_on",
    "evidence_id",
    "chosen",
)


@dataclass(frozen=True, slots=True)
class NewFact:
    """What somebody states: the engine's exact value of an indicator, for a year or for none (0), and on what ground.

    ``basis`` says in words where the value comes from; ``document_no`` and ``stated_on`` name the paper.
    """

    indicator: str
    value: Value
    year: int = 0
    basis: str = ""
    document_no: str = ""
    stated_on: dt.date | None = None
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many facts were ``new`` (nothing stood from that source), ``changed`` or ``unchanged``.

    ``enterprises`` are those of which a fact is new or changed.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    enterprises: frozenset[int] = frozenset()

    def __add__(self, other: Recorded) -> Recorded:
        return Recorded(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.enterprises | other.enterprises,
        )


def record_facts(
    *,
    actor: Actor,
    enterprise: Enterprise,
    facts: Iterable[NewFact],
    source: Source,
    batch: Import | None = None,
) -> Recorded:
    """Record what ``source`` states of one enterprise.

    A value that the source states already is unchanged, unless a new document or evidence comes with it. Raises
    :class:`ValueError` for an indicator, year, value or source that the caller should not have let through, and
    :class:`tidu.core.refusals.Refused` where the actor has to avoid the enterprise.
    """
    refuse_tied(actor, enterprise)
    with transaction.atomic():
        total = Recorded()
        before: dict[_Key, str] = {}
        after: dict[_Key, str] = {}
        for chunk in _chunks((enterprise.pk, fact) for fact in facts):
            written_now = _Writing(actor, source, batch).write(chunk)
            total += written_now.recorded
            before |= written_now.before
            after |= written_now.after
        if after:
            record(
                actor=actor,
                action="registry.facts.recorded",
                subject=enterprise,
                enterprise_id=enterprise.pk,
                before={_label(key): text for key, text in before.items()},
                after={_label(key): text for key, text in after.items()},
                detail={
                    "source": source.label,
                    "facts": [_label(key) for key in list(after)[:_MOST_NAMED]],
                    "new": total.new,
                    "changed": total.changed,
                },
            )
    return total


def record_many(
    *,
    actor: Actor,
    entries: Iterable[tuple[int, NewFact]],
    source: Source,
    batch: Import | None = None,
    progress: Callable[[int], None] | None = None,
    audited: bool = True,
) -> Recorded:
    """Record facts of many enterprises, as :func:`record_facts` would one by one, in chunks of a few queries each.

    Every chunk is a transaction of its own with its event of the record; wrap the call to make all of it one.
    ``progress`` is told how many entries are done, after each chunk. A caller that makes all of it one transaction and
    puts it on record itself, last, says ``audited=False``: an event in between would hold the record until the end.
    """
    total, done = Recorded(), 0
    for chunk in _chunks(entries):
        with transaction.atomic():
            written_now = _Writing(actor, source, batch).write(chunk)
            total += written_now.recorded
            if written_now.after and audited:
                record(
                    actor=actor,
                    action="registry.facts.recorded_in_bulk",
                    subject=batch,
                    before=sorted(written_now.before.items()),
                    after=sorted(written_now.after.items()),
                    detail={
                        "source": source.label,
                        "enterprises": len(written_now.recorded.enterprises),
                        "new": written_now.recorded.new,
                        "changed": written_now.recorded.changed,
                    },
                )
        done += len(chunk)
        if progress is not None:
            progress(done)
    return total


_Key = tuple[int, str, int]
_Entry = tuple[int, NewFact]


def _key(entry: _Entry) -> _Key:
    return entry[0], entry[1].indicator, entry[1].year


def _label(key: _Key) -> str:
    return f"{key[1]}_{key[2]}" if key[2] else key[1]


def _chunks(entries: Iterable[_Entry]) -> Iterator[list[_Entry]]:
    """The entries in order; a key that comes again opens a new chunk, so that the later one succeeds the earlier."""
    chunk: list[_Entry] = []
    keys: set[_Key] = set()
    for entry in entries:
        key = _key(entry)
        if key in keys or len(chunk) >= CHUNK:
            yield chunk
            chunk, keys = [], set()
        chunk.append(entry)
        keys.add(key)
    if chunk:
        yield chunk


@dataclass(slots=True)
class _Standing:
    """A fact that stands, as far as a newer one must know it."""

    pk: int
    value: str
    document_no: str
    stated_on: dt.date | None
    evidence_id: int | None
    chosen: bool

    def says(self, text: str, fact: NewFact) -> bool:
        """Whether the new fact adds nothing: same value, and no other paper than the one known."""
        return (
            self.value == text
            and fact.document_no in {"", self.document_no}
            and fact.stated_on in {None, self.stated_on}
            and (fact.evidence is None or fact.evidence.pk == self.evidence_id)
        )


@dataclass(slots=True)
class _Written:
    recorded: Recorded
    before: dict[_Key, str]
    after: dict[_Key, str]


@dataclass(slots=True)
class _Writing:
    """One chunk of different keys on its way into the database."""

    actor: Actor
    source: Source
    batch: Import | None
    now: dt.datetime = field(default_factory=timezone.now)

    def write(self, chunk: Sequence[_Entry]) -> _Written:
        check_source(self.actor, self.source)
        indicators = vocabulary_in_view().indicators
        texts = [_checked(fact, indicators) for _pk, fact in chunk]
        enterprises = lock_enterprises({pk for pk, _fact in chunk})
        standing = _standing(enterprises, chunk)
        ended: list[int] = []
        no_longer_chosen: list[int] = []
        rows: list[tuple[object, ...]] = []
        result = _Written(Recorded(), {}, {})
        for entry, text in zip(chunk, texts, strict=True):
            key = _key(entry)
            beside = standing.get(key, {})
            old = beside.get(self.source)
            if old is not None and old.says(text, entry[1]):
                continue
            if old is not None:
                ended.append(old.pk)
                result.before[key] = old.value
            chosen = max([self.source, *beside]) == self.source
            if chosen:
                no_longer_chosen += [
                    other.pk for rank, other in beside.items() if other.chosen and rank != self.source
                ]
            rows.append(self._row(entry, text, chosen=chosen))
            result.after[key] = text
        self._apply(ended, no_longer_chosen, rows)
        touched = frozenset(key[0] for key in result.after)
        if touched:
            refresh_columns(touched)
        changed, all_changes = len(result.before), len(result.after)
        result.recorded = Recorded(all_changes - changed, changed, len(chunk) - all_changes, touched)
        return result

    def _row(self, entry: _Entry, text: str, *, chosen: bool) -> tuple[object, ...]:
        enterprise_id, fact = entry
        return (
            enterprise_id,
            fact.indicator,
            fact.year,
            text,
            int(self.source),
            fact.basis[:200],
            fact.document_no[:80],
            fact.stated_on,
            None if fact.evidence is None else fact.evidence.pk,
            self.actor.user_id or None,
            self.actor.organisation[:120],
            self.now,
            None if self.batch is None else self.batch.pk,
            chosen,
        )

    def _apply(self, ended: list[int], no_longer_chosen: list[int], rows: list[tuple[object, ...]]) -> None:
        """Old ones leave before new ones come: only one fact may stand for a source, and only one be chosen."""
        if ended:
            Fact.objects.filter(pk__in=ended).update(ended_at=self.now, chosen=False)
        if no_longer_chosen:
            Fact.objects.filter(pk__in=no_longer_chosen).update(chosen=False)
        insert_rows(Fact, _INSERTED, rows)
        if ended:
            successor = Fact.objects.filter(
                enterprise_id=OuterRef("enterprise_id"),
                indicator=OuterRef("indicator"),
                year=OuterRef("year"),
                source=int(self.source),
                ended_at__isnull=True,
            )
            Fact.objects.filter(pk__in=ended).update(superseded_by=Subquery(successor.values("pk")[:1]))


def lock_enterprises(enterprise_ids: Collection[int]) -> list[int]:
    """Hold these enterprises until the transaction ends, in the order of their keys, so that nobody waits in a ring."""
    locked = list(
        Enterprise.objects.select_for_update()
        .filter(pk__in=enterprise_ids)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if len(locked) != len(enterprise_ids):
        raise ValueError(f"no enterprises {sorted(set(enterprise_ids) - set(locked))[:5]}")
    return locked


def _standing(enterprise_ids: Collection[int], chunk: Sequence[_Entry]) -> dict[_Key, dict[int, _Standing]]:
    found: dict[_Key, dict[int, _Standing]] = {}
    rows = Fact.objects.filter(
        enterprise_id__in=enterprise_ids,
        indicator__in={fact.indicator for _pk, fact in chunk},
        year__in={fact.year for _pk, fact in chunk},
        ended_at__isnull=True,
    ).values_list(*_READ)
    for (
        enterprise_id,
        indicator,
        year,
        source,
        pk,
        value,
        document_no,
        stated_on,
        evidence_id,
        chosen,
    ) in rows:
        found.setdefault((enterprise_id, indicator, year), {})[source] = _Standing(
            pk, value, document_no, stated_on, evidence_id, chosen
        )
    return found


def check_source(actor: Actor, source: Source) -> None:
    """Nobody speaks for a source that is not theirs; the system speaks for those whose work it carries out."""
    if not actor.is_system and (actor.role is None or source not in _SOURCES.get(actor.role, ())):
        raise ValueError(f"{actor.role or 'nobody'} cannot record facts from source {source.name}")


def _checked(fact: NewFact, indicators: Mapping[str, Indicator]) -> str:
    """The text of a fact's value. Raises :class:`ValueError` where it cannot be a fact."""
    indicator = indicators.get(fact.indicator)
    if indicator is None or not is_recordable(indicator):
        raise ValueError(f"{fact.indicator!r} is not recorded as a fact")
    if not year_fits(indicator, fact.year):
        raise ValueError(f"{fact.indicator} of year {fact.year}")
    try:
        return written(fact.value, indicator.kind)
    except TypeError as error:
        raise ValueError(f"{fact.indicator}: {error}") from error


def year_fits(indicator: Indicator, year: int) -> bool:
    """Whether a fact of the indicator may bear the year: one of our age, or 0 where it is not kept by year."""
    return EARLIEST_YEAR <= year <= LATEST_YEAR if indicator.per_year else year == 0
