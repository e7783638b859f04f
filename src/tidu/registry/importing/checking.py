"""One row of a table → typed values of one enterprise, with everything that is wrong or doubtful in it.

Nothing here asks the database: whether the enterprise is known, and whose it is, is the work of ``comparing``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tidu.core.uscc import check_uscc
from tidu.policy.batch.cells import FactColumn, cell_text
from tidu.policy.quantities import Value
from tidu.registry.importing.cell_reading import BadCellError, Finding, read_cell
from tidu.registry.importing.fields import EARLIEST_YEAR, fields_of, is_yearly, required_of
from tidu.registry.importing.legal_form import looks_like_a_branch
from tidu.registry.importing.reading import Opened
from tidu.registry.importing.remarks import Remark, shortened
from tidu.registry.models.imports import ImportKind, ImportRow
from tidu.registry.naming import tidied

NOT_LEGAL: Final = "not_legal_person"
_LONGEST_NAME: Final = 120
_NEAR_YEARS: Final = 60
FactKey = tuple[str, int]


@dataclass(slots=True)
class CheckedRow:
    """A row as typed values by (indicator, year). It is bad once it holds an error."""

    number: int
    uscc: str = ""
    name: str = ""
    values: dict[FactKey, Value] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def bad(self) -> bool:
        """Whether anything in it cannot be taken."""
        return any(remark.kind is ImportRow.Kind.ERROR for remark in self.remarks)

    def text(self, key: str) -> str:
        """The value of a text column, empty where there is none."""
        return str(self.values.get((key, 0), ""))


class RowChecker:
    """Checks the rows of one opened table. Remembers what it has seen, so that repetitions are found."""

    def __init__(self, opened: Opened, *, today: dt.date) -> None:
        self._opened = opened
        self._today = today
        self._kind = opened.kind
        self._fields = fields_of(opened.kind)
        self._seen: dict[tuple[Any, ...], int] = {}
        self._keys = {key: is_yearly(key, opened.kind) or (key, 0) for key in opened.described}
        self._required = [key for key in required_of(opened.kind) if key != "uscc"]

    def rows(self) -> Iterator[CheckedRow]:
        """Every row, checked, in order."""
        for number, cells in self._opened.rows:
            yield self._check(number, cells)

    def _check(self, number: int, cells: list[Any]) -> CheckedRow:
        row = CheckedRow(number)
        year = self._year(row, cells)
        for key, columns in self._opened.columns.items():
            stem, own_year = self._keys[key]
            described = self._opened.described[key]
            dated = year if described.per_year and not own_year else own_year
            value = self._value(row, cells, key, columns)
            if value is None:
                value = self._opened.constants.get(key)
            if value is not None and not (described.per_year and not dated):
                row.values[stem, dated] = value
        for key, value in self._opened.constants.items():
            stem, own_year = self._keys[key]
            row.values.setdefault((stem, own_year), value)
        self._identify(row)
        self._demand(row)
        self._look_closer(row)
        self._find_repetition(row)
        return row

    def _value(
        self, row: CheckedRow, cells: list[Any], key: str, columns: Sequence[FactColumn]
    ) -> Value | None:
        """The first column that has a value decides, as in every map."""
        for column in columns:
            special = self._opened.special.get((row.number, column.index))
            if special is not None:
                finding = (
                    Finding("formula", "是公式。请粘贴为数值。")
                    if special.startswith("=")
                    else Finding("error_value", "是错误值。请改正公式，再粘贴为数值。")
                )
                self._say(row, finding, column, special)
                continue
            try:
                value, doubt = read_cell(column, cells, self._opened.described[key])
            except BadCellError as error:
                self._say(row, error.finding, column, cell_text(cells[column.index]))
                continue
            if doubt is not None:
                self._say(row, doubt, column, cell_text(cells[column.index]))
            if value is not None:
                return value
        return None

    def _say(self, row: CheckedRow, finding: Finding, column: FactColumn, text: str) -> None:
        kind = ImportRow.Kind.WARNING if finding.doubt else ImportRow.Kind.ERROR
        title = self._opened.titles[column.index]
        row.remarks.append(
            Remark(kind, row.number, finding.code, finding.message, column.index, title, shortened(text))
        )

    def remark(self, row: CheckedRow, kind: ImportRow.Kind, code: str, message: str, key: str = "") -> None:
        """Say something about the column that holds ``key``, or about the whole row."""
        columns = self._opened.columns.get(key, ())
        index = columns[0].index if columns else None
        title = self._opened.titles[index] if index is not None else ""
        label = "" if index is not None or key not in self._fields else self._fields[key].label
        value = {"uscc": row.uscc, "name": row.name}.get(key, "")
        row.remarks.append(
            Remark(kind, row.number, code, message, index, title, shortened(value), label=label)
        )

    def error(self, row: CheckedRow, code: str, message: str, key: str = "") -> None:
        """The row cannot be taken."""
        self.remark(row, ImportRow.Kind.ERROR, code, message, key)

    def warn(self, row: CheckedRow, code: str, message: str, key: str = "") -> None:
        """The row is taken; somebody should look at it."""
        self.remark(row, ImportRow.Kind.WARNING, code, message, key)

    def _year(self, row: CheckedRow, cells: list[Any]) -> int:
        """The year of the row, for tables with a column of years; 0 where there is none."""
        index = self._opened.year_column
        if index is None:
            return 0
        text = cell_text(cells[index]).removesuffix("年").removesuffix("年度").strip()
        latest = self._today.year
        if text.isascii() and text.isdigit() and EARLIEST_YEAR <= int(text) <= latest:
            return int(text)
        near = sorted(text) if text.isdigit() else []
        guess = next(
            (str(year) for year in range(latest, EARLIEST_YEAR, -1) if sorted(str(year)) == near), ""
        )
        doubt = f"，是否为 {guess}？" if guess else "。"
        message = (
            f"年度应在 {EARLIEST_YEAR} 至 {latest} 之间{doubt}" if text else "没有填年度。请填四位年份。"
        )
        title = self._opened.titles[index]
        row.remarks.append(
            Remark(ImportRow.Kind.ERROR, row.number, "year", message, index, title, shortened(text))
        )
        return 0

    def _identify(self, row: CheckedRow) -> None:
        row.name = tidied(str(row.values.pop(("name", 0), "") or ""))
        written = str(row.values.pop(("uscc", 0), "") or "")
        if len(row.name) > _LONGEST_NAME:
            row.name = row.name[:_LONGEST_NAME]
        if not written:
            row.uscc = ""
            if not any(remark.code in {"digits_lost", "formula"} for remark in row.remarks):
                needed = self._kind is ImportKind.ENTERPRISES or not row.name
                if needed:
                    self.error(
                        row, "uscc_missing", "没有填统一社会信用代码。请按营业执照填写十八位代码。", "uscc"
                    )
            return
        check = check_uscc(written)
        row.uscc = check.code
        for message in check.errors:
            code = "uscc_length" if "应为 18 位" in message else "uscc"
            remedy = "" if "营业执照" in message else "请对照营业执照。"
            self.error(row, code, message.replace("统一社会信用代码应为", "应为") + remedy, "uscc")
        for message in check.warnings:
            self.warn(row, "uscc_doubt", message, "uscc")

    def _demand(self, row: CheckedRow) -> None:
        """What every row must have; a cell that could not be read has been told already."""
        told = {remark.index for remark in row.remarks if remark.kind is ImportRow.Kind.ERROR}
        for key in self._required:
            has = row.name if key == "name" else (key, 0) in row.values
            columns = self._opened.columns.get(key, ())
            if not has and not any(column.index in told for column in columns):
                self.error(row, "missing", f"没有填{self._fields[key].label}。这一列必填。", key)
        unnamed = self._kind is ImportKind.TITLES and not (row.text("tier") or row.text("title_name"))
        tier_told = any(column.index in told for column in self._opened.columns.get("tier", ()))
        if unnamed and not tier_told:
            self.error(row, "missing", "没有填称号。请选称号层级，或写称号名称。", "tier")
        if self._kind is ImportKind.FIGURES and not row.values and not told:
            self.warn(row, "empty_row", "这一行没有任何数据，跳过。")

    def _look_closer(self, row: CheckedRow) -> None:
        if self._kind is ImportKind.ENTERPRISES:
            self._look_at_form(row)
        for (key, _year), value in row.values.items():
            later_is_fine = key in {"valid_until", "high_tech_expires_on"}
            if isinstance(value, dt.date) and value > self._today and not later_is_fine:
                self.error(row, "in_the_future", f"{value.isoformat()} 还没有到。请核对年份。", key)
            elif isinstance(value, dt.date) and value.year < self._today.year - _NEAR_YEARS - 60:
                self.error(row, "long_ago", f"{value.isoformat()} 太早。请核对年份。", key)
        recognised, until = row.values.get(("recognised_on", 0)), row.values.get(("valid_until", 0))
        if isinstance(recognised, dt.date) and isinstance(until, dt.date) and until < recognised:
            self.error(row, "dates_in_order", "有效期至早于认定日期。请核对。", "valid_until")

    def _look_at_form(self, row: CheckedRow) -> None:
        """Branches are no legal persons; what the table says outright is kept and doubted."""
        key = ("independent_legal_person", 0)
        branch = looks_like_a_branch(row.name) or row.values.get(("enterprise_type", 0)) == "branch"
        if branch and row.values.get(key) is True:
            self.warn(
                row, "legal_person_doubt", "表里写是独立法人，名称或类型像分支机构。请对照营业执照。", "name"
            )
        elif branch or row.values.get(key) is False:
            row.values[key] = False
            self.warn(
                row,
                NOT_LEGAL,
                "从名称或类型看是分支机构、营业网点一类，按非独立法人导入；不是的，请改正后再导入。",
                "name",
            )

    def _find_repetition(self, row: CheckedRow) -> None:
        if row.bad:
            return
        for key, message in self._identities(row):
            first = self._seen.setdefault(key, row.number)
            if first != row.number:
                self.error(row, "repeated", message.format(first), "uscc" if row.uscc else "name")
                return

    def _identities(self, row: CheckedRow) -> Iterator[tuple[tuple[Any, ...], str]]:
        who = row.uscc or row.name
        match self._kind:
            case ImportKind.ENTERPRISES:
                yield (who,), "与第 {} 行是同一家企业（代码相同）。请合并成一行。"
            case ImportKind.FIGURES:
                years = sorted({year for _key, year in row.values})
                for year in years:
                    yield (who, year), f"与第 {{}} 行都是这家企业 {year} 年的数据。请合并成一行。"
            case ImportKind.TITLES:
                held = (row.text("tier"), row.text("title_name"), row.values.get(("recognised_on", 0)))
                yield (who, *held), "与第 {} 行是同一项称号。请删去一行。"
            case ImportKind.INCIDENTS:
                what = (row.text("incident_field"), row.text("event"), row.values.get(("happened_on", 0)))
                yield (who, *what), "与第 {} 行是同一件事。请删去一行。"
