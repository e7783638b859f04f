"""The workbooks that the system gives out to be filled in: one for each kind.

A sheet of data with the headings, a hidden row of keys below them (so that a renamed or moved column is still known),
dropdowns and remarks on the headings, and a sheet that explains every column. Lists of places and choices stand on a
hidden sheet.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

import xlsxwriter

from tidu.policy.quantities import Kind
from tidu.policy.vocabulary.places import NATION, load_places
from tidu.registry.importing.fields import Heading, headings_of
from tidu.registry.importing.reading import KEY_MARK
from tidu.registry.importing.remarks import letters
from tidu.registry.importing.scope import Scope
from tidu.registry.importing.workbooks import LISTS_SHEET, NOTES_SHEET
from tidu.registry.models.imports import ImportKind

_ROWS: Final = 5_000
_FIRST_ROW: Final = 2
_NARROW, _WIDE = 14, 26
_WRAPPED: Final = 60
_YES_NO: Final = ("是", "否")

_GENERAL: Final[tuple[str, ...]] = (
    "从第 3 行起每行填一家企业（称号、事故每行一条），第 1 行是列名，不要改动或删除。",
    "带 * 的列必填。其余不清楚的留空：空白是“未知”，不会改动已有的数据；没有的填 0 或“否”。",
    "金额一律以万元计，最多六位小数；比率填百分数，12.2% 填 12.2。只填数字，不写“万”“%”等单位。",
    "日期按 2026-01-02 的样式填写。",
    "请粘贴为数值，不要留公式。代码、文号一类的长号码已设为文本格式，请不要改成数字。",
    "可以在右边加列作备注，系统不读取。上传后先校验，逐行给出问题和改法，您确认以后才写入。",
)
_BY_KIND: Final[dict[ImportKind, tuple[str, ...]]] = {
    ImportKind.ENTERPRISES: (
        "统一社会信用代码相同的算同一家企业：已在库里的更新，不在的新增。",
        "分公司、营业部等分支机构可以导入，按非独立法人记。",
    ),
    ImportKind.FIGURES: ("企业要先在名录里。一行是一家企业，各年的数据排在同一行。",),
    ImportKind.TITLES: ("只有名称、没有代码的名单，按名称与库里的企业逐字对应；对不上的会列出。",),
    ImportKind.INCIDENTS: ("以认定机关的结论为准，不要填未经认定的事项。",),
}


def template(kind: ImportKind, *, years: Iterable[int] = (), scope: Scope | None = None) -> bytes:
    """The empty template of a kind. ``years`` are those of its figures, ``scope`` whose districts are offered."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        _Template(book, kind, headings_of(kind, years), scope or Scope()).write()
    return target.getvalue()


class _Template:
    """One workbook on its way."""

    def __init__(self, book: Any, kind: ImportKind, headings: Sequence[Heading], scope: Scope) -> None:  # noqa: ANN401
        self._book, self._kind, self._headings, self._scope = book, kind, headings, scope
        self._lists: list[tuple[str, ...]] = []

    def write(self) -> None:
        """All sheets."""
        sheet = self._book.add_worksheet(self._kind.label)
        notes = self._book.add_worksheet(NOTES_SHEET)
        lists = self._book.add_worksheet(LISTS_SHEET)
        lists.hide()
        self._write_columns(sheet)
        self._write_notes(notes)
        for column, values in enumerate(self._lists):
            lists.write_column(0, column, values)
        sheet.freeze_panes(_FIRST_ROW, 2)
        sheet.activate()

    def _write_columns(self, sheet: Any) -> None:  # noqa: ANN401 - a worksheet, whose library has no types
        plain = {"border": 1, "text_wrap": True, "valign": "vcenter", "align": "center"}
        usual = self._book.add_format({**plain, "bold": True, "bg_color": "#E8EEF7"})
        must = self._book.add_format({**plain, "bold": True, "bg_color": "#FBE9E7", "font_color": "#8C1D18"})
        keys = self._book.add_format({"font_color": "#9AA3AF", "font_size": 8})
        sheet.set_row(0, 36)
        sheet.set_row(1, None, None, {"hidden": True})
        for column, heading in enumerate(self._headings):
            star = "*" if heading.required else ""
            sheet.write_string(0, column, star + heading.label, must if heading.required else usual)
            sheet.write_string(1, column, (KEY_MARK if column == 0 else "") + heading.key, keys)
            sheet.write_comment(0, column, self._hint(heading), {"x_scale": 1.6, "y_scale": 1.2})
            wide = heading.described.kind in {Kind.TEXT, Kind.AREA}
            sheet.set_column(column, column, _WIDE if wide else _NARROW, self._format(heading))
            self._restrict(sheet, column, heading)

    def _format(self, heading: Heading) -> Any:  # noqa: ANN401 - a format
        written = {
            Kind.MONEY: "#,##0.00####",
            Kind.RATIO: "0.00",
            Kind.COUNT: "#,##0",
            Kind.DATE: "yyyy-mm-dd",
            Kind.YEARS: "0.0",
            Kind.SCORE: "0.0",
        }
        return self._book.add_format({"num_format": written.get(heading.described.kind, "@")})

    def _restrict(self, sheet: Any, column: int, heading: Heading) -> None:  # noqa: ANN401 - a worksheet
        """A dropdown where there is a choice. Numbers and dates are checked at the upload, in better words."""
        values = self._choices(heading)
        if not values:
            return
        if values not in self._lists:
            self._lists.append(values)
        place = letters(self._lists.index(values))
        source = f"={LISTS_SHEET}!${place}$1:${place}${len(values)}"
        sheet.data_validation(
            _FIRST_ROW,
            column,
            _FIRST_ROW + _ROWS,
            column,
            {
                "validate": "list",
                "source": source,
                "error_title": heading.label[:32],
                "error_message": "请从下拉列表里选。",
                "error_type": "warning" if heading.described.kind is Kind.AREA else "stop",
            },
        )

    def _choices(self, heading: Heading) -> tuple[str, ...]:
        described = heading.described
        if described.kind is Kind.YES_NO:
            return _YES_NO
        if described.kind is Kind.CHOICE:
            return tuple(described.choices.values())
        if described.kind is Kind.AREA:
            return self._places()
        return ()

    def _places(self) -> tuple[str, ...]:
        """Districts and zones of the importer's place, named so that each is one."""
        places = load_places()
        inside = [
            place
            for place in places.by_code.values()
            if place.code != NATION and place.level in {"county", "zone"} and self._scope.covers(place.code)
        ]
        return tuple(
            places.path(place.code) or place.name for place in sorted(inside, key=lambda place: place.code)
        )

    def _hint(self, heading: Heading) -> str:
        unit = f"单位：{heading.unit}。" if heading.unit else ""
        must = "必填。" if heading.required else ""
        return f"{must}{unit}{heading.described.help}"

    def _write_notes(self, sheet: Any) -> None:  # noqa: ANN401 - a worksheet
        title = self._book.add_format({"bold": True, "font_size": 14})
        bold = self._book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1})
        wrapped = self._book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        line = self._book.add_format({"text_wrap": True, "valign": "top"})
        sheet.set_column(0, 0, _WIDE + 6)
        sheet.set_column(1, 1, 10)
        sheet.set_column(2, 3, _WRAPPED)
        sheet.write_string(0, 0, f"{self._kind.label}导入模板　填写说明", title)
        row = 2
        for number, text in enumerate((*_GENERAL, *_BY_KIND[self._kind]), 1):
            sheet.merge_range(row, 0, row, 3, f"{number}. {text}", line)
            sheet.set_row(row, 20)
            row += 1
        row += 1
        for column, word in enumerate(("列", "必填", "说明", "可填的内容")):
            sheet.write_string(row, column, word, bold)
        for heading in self._headings:
            row += 1
            choices = self._choices(heading)
            allowed = "、".join(choices) if choices and heading.described.kind is not Kind.AREA else ""
            cells = (heading.label, "必填" if heading.required else "", heading.described.help, allowed)
            for column, word in enumerate(cells):
                sheet.write_string(row, column, word, wrapped)
