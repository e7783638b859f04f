"""The workbook that a department fills in: a row for every enterprise, a column with a dropdown for every question."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tidu.core.uscc import tidied_uscc
from tidu.policy.batch.cells import cell_text
from tidu.policy.batch.output import neutral
from tidu.policy.batch.sheets import open_table
from tidu.policy.errors import InputError, Problem
from tidu.policy.vocabulary.values import FALSE_WORDS, TRUE_WORDS
from tidu.registry.models import ConfirmationItem, ConfirmationList
from tidu.registry.vocabulary import vocabulary_in_view

SHEET: Final = "答复"
NOTES_SHEET: Final = "填写说明"
NAME, USCC, PLACE, NOTE = "企业名称", "统一社会信用代码", "旗县区、开发区", "说明"
_WORDS: Final = {"yes": "是", "no": "否", "": ""}
_LONGEST_SHOWN: Final = 40
_NOTES: Final = (
    "每行一家企业，每个问题一列，选“是”或“否”；不清楚的留空，以后可以补答。",
    "不要改动企业名称、统一社会信用代码和列名；可以删去不答的行，可以调整行的次序。",
    "“说明”一列写需要交代的情况，例如处罚文号。",
    "填好后在“部门确认”页面上传。上传只保存答复，填写复函文号和日期并提交之后才生效。",
)


@dataclass(frozen=True, slots=True)
class CellError:
    """One cell that cannot be taken: where it is, what stands there, and what to do."""

    row: int
    column: str
    value: str
    message: str


@dataclass(slots=True)
class Filled:
    """What an uploaded workbook says: answers and notes by item, and the cells that cannot be taken."""

    answers: dict[int, str] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
    errors: list[CellError] = field(default_factory=list)
    rows: int = 0


def question_labels(batch: ConfirmationList) -> dict[str, str]:
    """The questions of a list in words, in their order; a year stands behind those that are asked by year."""
    indicators = vocabulary_in_view().indicators
    found = {}
    for name in batch.questions:
        indicator = indicators.get(name)
        label = name if indicator is None else indicator.label
        by_year = indicator is not None and indicator.per_year and batch.year
        found[name] = f"{label}（{batch.year}年）" if by_year else label
    return found


def workbook_of(batch: ConfirmationList, items: Sequence[ConfirmationItem], *, drafts: bool) -> bytes:
    """The workbook of a list with what is answered so far. ``drafts``: as written, not only as submitted."""
    import xlsxwriter

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    labels = question_labels(batch)
    rows = _by_enterprise(items)
    with xlsxwriter.Workbook(target, options) as book:
        sheet, notes = book.add_worksheet(SHEET), book.add_worksheet(NOTES_SHEET)
        head = book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1, "text_wrap": True})
        text = book.add_format({"num_format": "@"})
        heads = [NAME, USCC, PLACE, *labels.values(), NOTE]
        for column, label in enumerate(heads):
            sheet.write_string(0, column, label, head)
        sheet.set_column(0, 0, 36)
        sheet.set_column(1, 1, 22, text)
        sheet.set_column(2, 2, 18)
        sheet.set_column(3, 2 + len(labels), 16)
        sheet.set_column(3 + len(labels), 3 + len(labels), 30)
        sheet.freeze_panes(1, 2)
        if rows:
            sheet.data_validation(
                1,
                3,
                len(rows),
                2 + len(labels),
                {
                    "validate": "list",
                    "source": ["是", "否"],
                    "error_title": "答复",
                    "error_message": "请选“是”或“否”，不清楚的留空。",
                },
            )
        for number, own in enumerate(rows, 1):
            _write_row(sheet, number, own, list(labels), drafts=drafts)
        notes.set_column(0, 0, 90)
        for number, line in enumerate((f"名单：{batch.title}", *_NOTES)):
            notes.write_string(number, 0, str(neutral(line)))
    return target.getvalue()


def _write_row(
    sheet: Any,  # noqa: ANN401 - a worksheet, whose library has no types
    number: int,
    own: Sequence[ConfirmationItem],
    questions: list[str],
    *,
    drafts: bool,
) -> None:
    enterprise = own[0].enterprise
    place = enterprise.district or enterprise.city
    sheet.write_string(number, 0, str(neutral(enterprise.name)))
    sheet.write_string(number, 1, enterprise.uscc)
    sheet.write_string(number, 2, "" if place is None else place.name)
    for item in own:
        sheet.write_string(
            number, 3 + questions.index(item.indicator), _WORDS[item.answer if drafts else item.stated]
        )
    note = next((item.note for item in own if item.note), "")
    sheet.write_string(number, 3 + len(questions), str(neutral(note)))


def _by_enterprise(items: Sequence[ConfirmationItem]) -> list[list[ConfirmationItem]]:
    found: dict[int, list[ConfirmationItem]] = {}
    for item in items:
        found.setdefault(item.enterprise_id, []).append(item)
    return list(found.values())


def read_workbook(path: Path, batch: ConfirmationList, items: Sequence[ConfirmationItem]) -> Filled:
    """What a filled workbook says about the items of the list.

    A cell that cannot be taken is listed and keeps nothing else back. Raises :class:`InputError` for a file that is no
    such workbook at all.
    """
    table = open_table(path, sheet=SHEET)
    labels = question_labels(batch)
    columns = {label: place for place, label in enumerate(table.titles)}
    missing = [label for label in (USCC, *labels.values()) if label not in columns]
    if missing:
        raise InputError(
            Problem(
                f"“{SHEET}”表里没有列：{'、'.join(missing)}",
                path.name,
                remedy="请下载这份名单的答复表，在原有的列里填写，不要改动列名",
            )
        )
    known = {own[0].enterprise.uscc: own for own in _by_enterprise(items)}
    filled, seen = Filled(), set[str]()
    for number, cells in table.rows:
        filled.rows += 1
        code = tidied_uscc(cell_text(cells[columns[USCC]]))
        own = known.get(code)
        if own is None or code in seen:
            message = (
                "这家企业在表里已有一行，请只留一行" if own else "这家企业不在名单里，请核对代码或删去这一行"
            )
            filled.errors.append(CellError(number, USCC, _shown(code), message))
            continue
        seen.add(code)
        note = cell_text(cells[columns[NOTE]]).strip() if NOTE in columns else ""
        for item in own:
            label = labels[item.indicator]
            _read_cell(filled, number, label, cells[columns[label]], item)
            if note:
                filled.notes[item.pk] = note
    return filled


def _read_cell(filled: Filled, row: int, column: str, cell: Any, item: ConfirmationItem) -> None:  # noqa: ANN401 - a cell
    text = cell_text(cell).strip().lower()
    if not text:
        return
    if text in TRUE_WORDS:
        filled.answers[item.pk] = "yes"
    elif text in FALSE_WORDS:
        filled.answers[item.pk] = "no"
    else:
        filled.errors.append(CellError(row, column, _shown(cell_text(cell)), "应填“是”或“否”，不清楚的留空"))


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
