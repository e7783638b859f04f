"""One run over a registry: read, evaluate, count, store. Bounded memory, whatever the size of the place."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.db import connection, transaction

from tidu.policy.assess.assessment import names_of
from tidu.policy.batch.engines import PolarsEngine
from tidu.policy.batch.plan import make_plan
from tidu.policy.batch.profiles import ProfileReader, profile_chain
from tidu.policy.batch.source import Source
from tidu.policy.documents.library import load_library
from tidu.policy.language.compile import Moment
from tidu.policy.status import Status
from tidu.registry.evaluating.peers import medians_by_tier
from tidu.registry.evaluating.reading import CARRIED, PORTION, read_registry
from tidu.registry.models import Evaluation, EvaluationResult

#: The letters of ``EvaluationResult.statuses``.
LETTERS: Final = {Status.MET: "m", Status.NOT_MET: "n", Status.UNKNOWN: "u", Status.NEEDS_REVIEW: "r"}
STATUS_OF_LETTER: Final = {letter: status for status, letter in LETTERS.items()}
_RESULT: Final = "result.parquet"
_COLUMNS: Final = ("run_id", "enterprise_id", "status", "statuses", "missing", "short", "document")

Report = Callable[[str, int, int], None]


class _Row(NamedTuple):
    """What all enterprises of one profile have in common, as it is stored."""

    status: str
    statuses: str
    missing: str
    short: int
    document: str
    lacking: tuple[str, ...]


def evaluate_registry(run: Evaluation, report: Report) -> None:
    """Evaluate all enterprises of the run's place, and store results and counts.

    ``report`` is told what is being done, how much of it is done, and of how much; it may raise to stop. A run that is
    done again begins anew. Raises :class:`InputError` where the pack has gone.
    """
    pack = load_library().get(run.pack)
    names = names_of(pack)
    plan = make_plan(pack.criteria(run.tier), Moment(run.as_of, run.base_year))
    reader = ProfileReader(plan, names)
    _forget(run)
    with tempfile.TemporaryDirectory(prefix="tidu-evaluation-") as folder:
        source, total = read_registry(
            run.place, plan, names, Path(folder), lambda done, total: report("读取企业数据", done, total)
        )
        report("评估", 0, total)
        outcomes = _evaluated(source, reader, Path(folder)) if total else iter(())
        counts = _Counts(len(plan.criteria))
        done, peers = 0, {}
        for rows in outcomes:
            stored = [counts.add(run.pk, carried, outcome) for carried, outcome in rows]
            with transaction.atomic():
                _store(stored)
            done += len(stored)
            report("保存结果", done, total)
        if total:
            peers = medians_by_tier(Path(folder) / _RESULT, plan)
    run.enterprises, run.counts = total, counts.as_json() | {"peers": peers}


def _forget(run: Evaluation) -> None:
    """Remove what an earlier attempt at this run has left."""
    while keys := list(EvaluationResult.objects.filter(run=run).values_list("pk", flat=True)[:PORTION]):
        EvaluationResult.objects.filter(run=run, pk__lte=max(keys), pk__gte=min(keys)).delete()


def _evaluated(
    source: Source, reader: ProfileReader, folder: Path
) -> Iterator[list[tuple[tuple[Any, ...], _Row]]]:
    """Portions of what is carried along, each with what its profile means."""
    import polars as pl
    import pyarrow.parquet as pq

    result = folder / _RESULT
    frame: pl.LazyFrame = PolarsEngine().frame(source.path, profile_chain(reader.plan, source, reader.names))
    frame.sink_parquet(result, engine="streaming")

    @lru_cache(maxsize=100_000)
    def meaning(*numbers: int) -> _Row:
        outcome = reader.read(numbers)
        return _Row(
            outcome.status.value,
            "".join(LETTERS[status] for status in outcome.statuses),
            json.dumps(outcome.missing),
            outcome.short,
            outcome.document,
            outcome.missing,
        )

    for batch in pq.ParquetFile(result).iter_batches(batch_size=PORTION):
        carried = zip(*(batch[name].to_pylist() for name in CARRIED), strict=True)
        numbers = zip(*(batch[name].to_pylist() for name in reader.columns), strict=True)
        yield [(about, meaning(*packed)) for about, packed in zip(carried, numbers, strict=True)]


class _Counts:
    """What the overview shows, counted while results are stored."""

    def __init__(self, criteria: int) -> None:
        self._criteria = criteria
        self._profiles: Counter[_Row] = Counter()
        self._districts: Counter[tuple[str, str]] = Counter()
        self._industries: Counter[tuple[str, str]] = Counter()

    def add(self, run: int, carried: tuple[Any, ...], row: _Row) -> tuple[Any, ...]:
        """Count one enterprise; gives its row."""
        enterprise, district, industry, _tier = carried
        self._profiles[row] += 1
        self._districts[district or "", row.status] += 1
        self._industries[(industry or "")[:3], row.status] += 1
        return (run, enterprise, *row[:-1])

    def as_json(self) -> dict[str, Any]:
        """By status, district, industry and criterion; how short; what is missing; which document decides."""
        status: Counter[str] = Counter()
        short: Counter[str] = Counter()
        missing: Counter[str] = Counter()
        documents: Counter[str] = Counter()
        criteria: list[Counter[str]] = [Counter() for _ in range(self._criteria)]
        for row, number in self._profiles.items():
            status[row.status] += number
            if row.short:
                short[str(row.short)] += number
            if row.document:
                documents[row.document] += number
            for key in row.lacking:
                missing[key] += number
            for criterion, letter in zip(criteria, row.statuses, strict=True):
                criterion[letter] += number
        return {
            "status": dict(status),
            "district": _nested(self._districts),
            "industry": _nested(self._industries),
            "criteria": [dict(item) for item in criteria],
            "short": dict(short),
            "missing": dict(missing.most_common()),
            "documents": dict(documents.most_common()),
        }


def _nested(counted: Counter[tuple[str, str]]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for (name, status), number in sorted(counted.items()):
        found.setdefault(name, {})[status] = number
    return found


def _store(rows: list[tuple[Any, ...]]) -> None:
    """Write results the fastest way that the database has."""
    table = connection.ops.quote_name(EvaluationResult._meta.db_table)
    names = ", ".join(connection.ops.quote_name(name) for name in _COLUMNS)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(_COLUMNS))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608 - our own names
