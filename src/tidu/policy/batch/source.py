"""Where facts come from: a parquet file, and for each flat name that rules read the column that holds it.

A file with columns in exact types (made by :mod:`tidu.policy.batch.staging`) is read as it is; any other is
converted inside the engine. Names of a chain are ``i:0`` … for the file's own columns, flat names for facts and
``x:<name>`` for refusals, so that no column of a user can collide with ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tidu.policy.assess.wording import Names
from tidu.policy.batch.columns import CodeBook, Extent, code_books, convert, convertible, extents
from tidu.policy.batch.steps import SOURCE, Expression, Step
from tidu.policy.batch.units import UNITS, Unit
from tidu.policy.errors import InputError, Problem
from tidu.policy.quantities import Kind, Value
from tidu.policy.vocabulary.indicators import Quantity


@dataclass(frozen=True, slots=True)
class Mapped:
    """A column of the file that holds a fact, and the unit it is counted in."""

    column: str
    unit: Unit = field(default_factory=lambda: UNITS[""])


@dataclass(frozen=True, slots=True)
class Source:
    """A parquet file in use.

    ``schema`` are its columns with their Ibis types. ``facts`` maps flat names to columns, ``constants`` to
    values that hold for every row. ``carried`` maps the internal names of the columns that go through to the
    output to their names in the file, and ``titles`` to what the output calls them. ``exact`` files need no
    conversion; of others ``extents`` and ``books`` tell what is known of their columns.
    """

    path: Path
    schema: Mapping[str, Any]
    facts: Mapping[str, Mapped]
    constants: Mapping[str, Value]
    carried: Mapping[str, str]
    titles: Mapping[str, str]
    exact: bool
    extents: Mapping[str, Extent]
    books: Mapping[str, CodeBook] = field(default_factory=dict)

    def first_step(self, wanted: Mapping[str, str], names: Names) -> Step:
        """The selection of carried columns, ``wanted`` facts (flat name → Ibis type) and refusals from the file."""
        import ibis

        table = ibis.table(self.schema, name=SOURCE)
        columns: dict[str, Expression] = {name: table[column] for name, column in self.carried.items()}
        refusals: dict[str, Expression] = {}
        for key, dtype in wanted.items():
            mapped, constant = self.facts.get(key), self.constants.get(key)
            fixed = ibis.null(dtype) if constant is None else ibis.literal(constant, dtype)
            if mapped is None:
                columns[key] = fixed
                continue
            column = table[mapped.column]
            if not self.exact:
                extent, book = self.extents.get(mapped.column), self.books.get(mapped.column)
                column, refused = convert(column, described(key, names), mapped.unit, extent, book)
                if refused is not None:
                    refusals[refusal(key)] = refused
            columns[key] = (column if constant is None else column.fill_null(fixed)).cast(dtype)
        return Step(SOURCE, table.select(**columns, **refusals))


def refusal(key: str) -> str:
    """The internal name of the column that is true where the value of ``key`` was refused."""
    return f"x:{key}"


def described(key: str, names: Names) -> Quantity:
    """What the vocabulary says of a flat name; titles are yes/no."""
    found = names.indicator(key)
    if found is not None:
        return found
    return Quantity(id="holds", label=names.key(key), help="是或否", kind=Kind.YES_NO)


def parquet_schema(path: Path) -> Mapping[str, Any]:
    """The columns of a parquet file with their Ibis types. Raises :class:`InputError` if it is none."""
    import pyarrow as pa
    import pyarrow.parquet as pq
    from ibis.formats.pyarrow import PyArrowSchema

    try:
        schema = pq.read_schema(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise InputError(
            Problem("不是可读的 parquet 文件", path.name, remedy="检查路径，或重新导出")
        ) from error
    return dict(PyArrowSchema.to_ibis(schema).items())


def parquet_source(
    path: Path,
    wanted: Sequence[str],
    names: Names,
    mapped: Mapping[str, Mapped] | None = None,
    *,
    constants: Mapping[str, Value] | None = None,
    dropped: Sequence[str] = (),
) -> Source | None:
    """A parquet file whose columns the engine itself can convert; ``None`` where one needs reading cell by cell.

    ``mapped`` says which column holds which fact; columns that bear a flat name themselves need no word.
    """
    schema = parquet_schema(path)
    facts = {key: Mapped(key) for key in wanted if key in schema} | dict(mapped or {})
    facts = {key: found for key, found in facts.items() if key in wanted}
    for key, found in facts.items():
        if not convertible(described(key, names).kind, schema[found.column]):
            return None
    passed = [name for name in schema if name not in dropped]
    carried = {f"i:{index}": name for index, name in enumerate(passed)}
    codes = {
        found.column: described(key, names)
        for key, found in facts.items()
        if schema[found.column].is_string() and described(key, names).kind is not Kind.TEXT
    }
    return Source(
        path,
        schema,
        facts,
        constants or {},
        carried,
        carried,
        exact=False,
        extents=extents(path),
        books=code_books(path, codes),
    )


def staged_source(path: Path, facts: Sequence[str], titles: Sequence[str]) -> Source:
    """A file made by staging: facts in exact types under their flat names, the user's columns as ``i:0`` and so on."""
    schema = parquet_schema(path)
    own = {f"i:{index}": title for index, title in enumerate(titles)}
    carried = {name: name for name in own}
    return Source(path, schema, {key: Mapped(key) for key in facts}, {}, carried, own, exact=True, extents={})
