"""One cell → the exact value of its column, or what is wrong with it and what to write instead."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from tidu.core.entry import Unreadable, day
from tidu.policy.batch.cells import (
    FactColumn,
    ForeignAmountError,
    UnreadableCellError,
    cell_text,
    reading_scales,
)
from tidu.policy.batch.units import UNITS
from tidu.policy.quantities import Kind, Value
from tidu.policy.vocabulary.indicators import Indicator
from tidu.policy.vocabulary.places import load_places
from tidu.registry.importing.fields import LONGEST, unit_of

_EXACT_IN_A_FLOAT: Final = 1e15
_EXCEL_EPOCH: Final = dt.date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000
_AMOUNT: Final = re.compile(
    r"[¥￥]?(?P<number>[+-]?[0-9][0-9,]*(?:\.[0-9]+)?)(?P<unit>万元?|亿元?|元|千元|百万元?)"
)
_FACTORS: Final = {
    "元": Decimal(1),
    "千元": Decimal(1_000),
    "万": Decimal(10_000),
    "万元": Decimal(10_000),
    "百万": Decimal(1_000_000),
    "百万元": Decimal(1_000_000),
    "亿": Decimal(100_000_000),
    "亿元": Decimal(100_000_000),
}
_DATE: Final = re.compile(r"(?P<y>[0-9]{4})[-/.年](?P<m>[0-9]{1,2})[-/.月](?P<d>[0-9]{1,2})日?")
_MOST_CHOICES: Final = 12
_LARGEST_INDEX: Final = 12
_LONGEST_TEXT: Final = 2_000


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong (or, as a doubt, improbable) with a cell: a code and a sentence with the remedy."""

    code: str
    message: str
    doubt: bool = False


class BadCellError(ValueError):
    """A cell cannot be taken."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def read_cell(
    column: FactColumn, cells: list[Any], described: Indicator
) -> tuple[Value | None, Finding | None]:
    """The value of a cell, ``None`` for a blank one, and a doubt about it. Raises :class:`BadCellError`."""
    raw = cells[column.index]
    if isinstance(raw, float) and abs(raw) >= _EXACT_IN_A_FLOAT and described.kind is Kind.TEXT:
        raise _bad(
            "digits_lost",
            "长号码按数字存放，后几位已经丢失。请把单元格设为文本格式，对照原件重新填写。",
        )
    try:
        value = column.read(cells)
    except ForeignAmountError as error:
        return None, Finding("foreign_currency", f"{error}，没有折算，按未填处理。", doubt=True)
    except UnreadableCellError as error:
        return _second_reading(raw, described, str(error), column), None
    if value is None:
        return None, None
    return _checked(value, raw, described), _doubt(value, raw, described, column)


def _second_reading(raw: Any, described: Indicator, error: str, column: FactColumn) -> Value | None:  # noqa: ANN401 - a cell
    """Other notations of dates; for the rest, the sentence that says what to do."""
    text = cell_text(raw)
    if described.kind is Kind.DATE:
        try:
            return day(text)
        except Unreadable:
            raise BadCellError(_about_date(text)) from None
    raise BadCellError(_about(text, described, error, column))


def _about(text: str, described: Indicator, error: str, column: FactColumn) -> Finding:
    match described.kind:
        case Kind.MONEY | Kind.COUNT | Kind.RATIO | Kind.YEARS | Kind.SCORE:
            return _about_number(text, described, error, column)
        case Kind.AREA:
            return Finding(
                "unknown_place", "认不出这个地方。请写旗县区、开发区的全称或六位代码，例如 赛罕区、150105。"
            )
        case Kind.CHOICE:
            labels = list(described.choices.values())
            shown = "、".join(labels[:_MOST_CHOICES])
            return Finding("unknown_choice", f"没有这个选项。可选：{shown}。")
        case Kind.YES_NO:
            return Finding("not_yes_no", "请填“是”或“否”，不清楚就留空。")
        case Kind.INDUSTRY:
            return Finding("unknown_industry", f"{error.rstrip('。')}。")
        case _:
            return Finding("unreadable", f"{error.rstrip('。')}。请改正。")


def _about_number(text: str, described: Indicator, error: str, column: FactColumn) -> Finding:
    cleaned = unicodedata.normalize("NFKC", text).replace(" ", "").replace("−", "-")
    amount = _AMOUNT.fullmatch(cleaned) if described.kind is Kind.MONEY else None
    if amount is not None:
        factor = UNITS[column.reader.reading.unit].factor
        number = Decimal(amount["number"].replace(",", "")) * _FACTORS[amount["unit"]] / factor
        return Finding("unit_in_cell", f"含单位文字。请只填数字 {_plain(number, amount['number'])}。")
    if error.startswith("不能小于"):
        below = _decimal(cleaned)
        if below is not None and below < 0:
            return Finding("negative", "不能为负。若为冲回，请填 0 并在备注说明。")
        return Finding("too_small", f"{error}。请核对单位。")
    if error.startswith("不能大于"):
        return Finding("too_large", f"{error}。请核对单位。")
    if error.startswith(("应为整数",)):
        return Finding("not_whole", "应为整数。请核对。")
    if "小数超过两位" in error:
        return Finding("too_fine", "金额最多精确到分。请减少小数位数。")
    if "超出可用范围" in error or "位数太多" in error:
        return Finding("too_large", "数值太大。请核对单位。")
    unit = unit_of(described)
    return Finding(
        "not_a_number", f"不是数。请只填数字{f'，以{unit}计' if unit else ''}；确实没有的填 0，不清楚就留空。"
    )


def _about_date(text: str) -> Finding:
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    example = "请按 2026-01-02 的样式填写。"
    if found and not 1 <= int(found["m"]) <= _LARGEST_INDEX:
        return Finding("no_such_day", f"没有 {int(found['m'])} 月。{example}")
    if found:
        return Finding("no_such_day", f"{int(found['m'])} 月没有 {int(found['d'])} 日。{example}")
    if text.isascii() and text.isdigit() and _FIRST_SERIAL <= int(text) <= _LAST_SERIAL:
        meant = _EXCEL_EPOCH + dt.timedelta(days=int(text))
        return Finding(
            "date_serial", f"是表格软件的日期序号，是否为 {meant.isoformat()}？请把单元格设为日期格式。"
        )
    return Finding("not_a_date", f"不是日期。{example}")


def _checked(value: Value, raw: Any, described: Indicator) -> Value:  # noqa: ANN401 - a cell
    """What the reader accepts and the registry does not."""
    if described.kind is Kind.AREA:
        place = load_places().get(str(value))
        if place is None:
            raise _bad(
                "unknown_place",
                "没有这个行政区划代码。请写旗县区、开发区的全称或六位代码，例如 赛罕区、150105。",
            )
        return place.code
    if described.kind is Kind.TEXT:
        most = LONGEST.get(described.id, _LONGEST_TEXT)
        if len(str(value)) > most:
            raise _bad("too_long", f"超过 {most} 字。请缩短。")
        if cell_text(raw).startswith("#") and cell_text(raw).isupper():
            raise _bad("error_value", "是错误值。请改正公式，再粘贴为数值。")
    return value


def _doubt(value: Value, raw: Any, described: Indicator, column: FactColumn) -> Finding | None:  # noqa: ANN401 - a cell
    in_per_cent = described.kind is Kind.RATIO and reading_scales(column.reader.reading)
    if in_per_cent and isinstance(raw, float) and 0 < raw < 1 and isinstance(value, float):
        return Finding(
            "small_percentage",
            f"按 {raw:g}% 导入。如果是 {raw * 100:g}%，请填 {raw * 100:g}。",
            doubt=True,
        )
    return None


def _plain(number: Decimal, written: str) -> str:
    """A number to be typed instead: as it was written where only the unit goes, else without trailing zeros."""
    if number == Decimal(written.replace(",", "")):
        return written
    shown = f"{number:,f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


def _bad(code: str, message: str) -> BadCellError:
    return BadCellError(Finding(code, message))
