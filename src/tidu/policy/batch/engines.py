"""The engines that run a chain of selections over a parquet file: Polars, DuckDB and Spark."""

from __future__ import annotations

import importlib.util
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Protocol

from tidu.policy.batch.results import CODES, FLAGS_PER_INTEGER, SEPARATOR, Rows, missing_words
from tidu.policy.batch.steps import SOURCE, Step
from tidu.policy.errors import InputError, Problem

#: What DuckDB may hold in memory before it spills to disk, and what Spark's driver gets.
DUCKDB_MEMORY: Final = os.environ.get("TIDU_DUCKDB_MEMORY", "2GB")
SPARK_MEMORY: Final = os.environ.get("TIDU_SPARK_MEMORY", "2g")


class Engine(Protocol):
    """Runs a chain whose first step reads the table ``source``, a parquet file."""

    name: str

    def fetch(self, source: Path, chain: Sequence[Step]) -> list[dict[str, Any]]:
        """The rows of a small result."""

    def write(self, source: Path, rows: Rows, target: Path) -> None:
        """The rows as one parquet file, in the order of the source."""


def find_engine(name: str) -> Engine:
    """The engine called ``name``. Raises :class:`InputError` if it is not known or not installed."""
    engines: dict[str, type[Engine]] = {"polars": PolarsEngine, "duckdb": DuckDBEngine, "spark": SparkEngine}
    if name not in engines:
        raise InputError(Problem(f"没有名为“{name}”的计算引擎", remedy=f"可选：{'、'.join(engines)}"))
    if name == "spark":
        if importlib.util.find_spec("pyspark") is None:
            raise InputError(Problem("没有安装 Spark", remedy="安装 tidu[spark]，或改用 --engine polars"))
        if java() is None:
            raise InputError(
                Problem("Spark 需要 Java，这台机器上没有找到", remedy="安装 Java 17，或改用 --engine polars")
            )
    return engines[name]()


def java() -> str | None:
    """The Java program that Spark would start."""
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")


class PolarsEngine:
    """Polars with its streaming engine: the default."""

    name = "polars"

    def fetch(self, source: Path, chain: Sequence[Step]) -> list[dict[str, Any]]:
        """The rows of a small result."""
        rows: list[dict[str, Any]] = self.frame(source, chain).collect(engine="streaming").to_dicts()
        return rows

    def write(self, source: Path, rows: Rows, target: Path) -> None:
        """The rows as one parquet file. Statuses become a dictionary column; few texts are spelled, not one per row."""
        import polars as pl

        statuses = pl.Enum([str(status) for status in sorted(CODES, key=lambda status: CODES[status])])
        frame = self.frame(source, rows.compact())
        names = frame.collect_schema().names()
        packed = [name for name in names if name.startswith("missing:")]
        texts = [
            pl.col(name).map_batches(
                _Speller(rows.inputs[FLAGS_PER_INTEGER * index :]),
                return_dtype=pl.String,
                is_elementwise=True,
            )
            for index, name in enumerate(packed)
        ]
        missing = (
            pl.concat_str(texts, separator=SEPARATOR, ignore_nulls=True)
            if len(texts) > 1
            else texts[0]
            if texts
            else pl.lit(None, pl.String)
        )
        if len(texts) > 1:
            missing = pl.when(missing != "").then(missing)
        kept = [
            pl.col(name).cast(pl.UInt8).cat.to(statuses) if name in rows.statuses else pl.col(name)
            for name in names
            if name not in packed
        ]
        frame.select(*kept, missing.alias("missing")).sink_parquet(target, engine="streaming")

    def frame(self, source: Path, chain: Sequence[Step]) -> Any:
        """The result as a lazy frame."""
        import ibis
        import polars as pl
        import polars.selectors as cs

        frame = pl.scan_parquet(source, glob=False)
        frame = frame.with_columns(cs.categorical().cast(pl.String), cs.enum().cast(pl.String))
        for step in chain:
            frame = ibis.polars.connect({step.reads: frame}).compile(step.expression)
        return frame


class _Speller:
    """Flags packed into integers → the labels of those that are set. Few combinations occur; each is spelled once."""

    def __init__(self, labels: Sequence[str]) -> None:
        self._labels = labels[:FLAGS_PER_INTEGER]
        self._known: dict[int, str | None] = {}

    def __call__(self, packed: Any) -> Any:
        import polars as pl

        different = packed.unique()
        spelled = pl.Series([self._text(flags) for flags in different.to_list()], dtype=pl.String)
        return packed.replace_strict(different, spelled, return_dtype=pl.String)

    def _text(self, flags: int) -> str | None:
        if flags not in self._known:
            self._known[flags] = missing_words(
                [label for bit, label in enumerate(self._labels) if flags >> bit & 1]
            )
        return self._known[flags]


class DuckDBEngine:
    """DuckDB in memory, spilling to a temporary folder."""

    name = "duckdb"

    def fetch(self, source: Path, chain: Sequence[Step]) -> list[dict[str, Any]]:
        """The rows of a small result."""
        with self._connection() as connection:
            result = connection.execute(self._query(source, chain))
            names = [column[0] for column in result.description]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def write(self, source: Path, rows: Rows, target: Path) -> None:
        """The rows as one parquet file."""
        with self._connection() as connection:
            query = self._query(source, rows.spelled())
            connection.execute(f"COPY ({query}) TO {_quoted(target)} (FORMAT parquet, COMPRESSION zstd)")

    @contextmanager
    def _connection(self) -> Iterator[Any]:
        import duckdb

        with tempfile.TemporaryDirectory(prefix="tidu-duckdb-") as folder:
            settings: dict[str, Any] = {
                "temp_directory": folder,
                "memory_limit": DUCKDB_MEMORY,
                "autoinstall_known_extensions": "false",
            }
            connection = duckdb.connect(config=settings)
            try:
                yield connection
            finally:
                connection.close()

    def _query(self, source: Path, chain: Sequence[Step]) -> str:
        import ibis

        file = f"read_parquet({_quoted(source)})"
        parts = [f'"{SOURCE}" AS (SELECT * FROM {file})']  # noqa: S608 - the file's name is quoted
        for step, following in pairwise(chain):
            parts.append(f'"{following.reads}" AS ({ibis.to_sql(step.expression, dialect="duckdb")})')
        last = ibis.to_sql(chain[-1].expression, dialect="duckdb")
        return f"WITH {', '.join(parts)} {last}"


class SparkEngine:
    """Spark: the session that is running, or a local one."""

    name = "spark"

    def fetch(self, source: Path, chain: Sequence[Step]) -> list[dict[str, Any]]:
        """The rows of a small result."""
        return [row.asDict() for row in self._frame(source, chain).collect()]

    def write(self, source: Path, rows: Rows, target: Path) -> None:
        """The rows as one parquet file, joined from Spark's parts."""
        with tempfile.TemporaryDirectory(prefix="tidu-spark-", dir=target.parent) as folder:
            parts = Path(folder) / "parts"
            self._frame(source, rows.spelled()).write.parquet(str(parts))
            _join_parts(sorted(parts.glob("part-*.parquet")), target)

    def _frame(self, source: Path, chain: Sequence[Step]) -> Any:
        import ibis

        session = _spark_session()
        frame = session.read.parquet(str(source))
        backend = ibis.pyspark.connect(session)
        for step in chain:
            frame.createOrReplaceTempView(step.reads)
            frame = session.sql(backend.compile(step.expression))
        return frame


def _spark_session() -> Any:
    from pyspark.sql import SparkSession

    active = SparkSession.getActiveSession()
    if active is not None:
        return active
    settings: Mapping[str, str] = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.memory": SPARK_MEMORY,
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.legacy.parquet.nanosAsLong": "true",
    }
    builder = SparkSession.builder.master("local[*]").appName("tidu")
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    logging.getLogger("py4j").setLevel(logging.WARNING)
    return session


def _join_parts(parts: list[Path], target: Path) -> None:
    import pyarrow.parquet as pq

    with pq.ParquetWriter(target, pq.read_schema(parts[0]), compression="zstd") as writer:
        for part in parts:
            file = pq.ParquetFile(part)
            for group in range(file.num_row_groups):
                writer.write_table(file.read_row_group(group))


def _quoted(path: Path) -> str:
    text = str(path).replace("'", "''")
    return f"'{text}'"
