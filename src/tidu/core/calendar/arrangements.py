"""Holiday arrangements as files: what comes with the program, and what an administrator sends."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from tidu.core.models.deadlines import CalendarDay
from tidu.policy.errors import InputError, Problem

SHIPPED: Final = Path(__file__).with_name("holidays.csv")
COLUMNS: Final = ("年份", "日期", "性质", "节日", "依据")
KINDS: Final[Mapping[str, CalendarDay.Kind]] = MappingProxyType(
    {kind.label: kind for kind in CalendarDay.Kind}
)
OCCASIONS: Final = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
_DATE: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_SATURDAY: Final = 5
_FEWEST_STATUTORY, _MOST_STATUTORY = 10, 13  # 中秋 or 端午 may fall on another festival
_LONGEST_SOURCE: Final = 200
_LONGEST_OCCASION: Final = 20
_TWO_MAY_DAYS: Final = 2025  # 国务院令第795号


@dataclass(frozen=True, slots=True)
class Day:
    """One day of an arrangement."""

    day: dt.date
    kind: CalendarDay.Kind
    occasion: str


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The arrangement of one year, by the State Council's notice that ``source`` names."""

    year: int
    source: str
    days: tuple[Day, ...]

    def count(self, kind: CalendarDay.Kind) -> int:
        """How many days are of a kind."""
        return sum(day.kind == kind for day in self.days)


def read_arrangements(content: bytes, name: str) -> list[Arrangement]:
    """Understand a CSV of arrangements with the columns 年份、日期、性质、节日、依据.

    UTF-8 or GB 18030, as spreadsheets save it. Raises :class:`InputError` with every row at fault.
    """
    rows = _rows(content, name)
    problems: list[Problem] = []
    found: dict[int, dict[dt.date, Day]] = {}
    sources: dict[int, str] = {}
    for line, cells in rows:
        read = _read(cells, name, line, problems)
        if read is None:
            continue
        year, day = read
        days = found.setdefault(year, {})
        source = sources.setdefault(year, cells["依据"])
        if day.day in days:
            problems.append(Problem(f"{day.day} 重复", name, line, "日期", "删去多余的一行"))
        if cells["依据"] != source:
            problems.append(Problem("同一年的依据应相同", name, line, "依据", f"写成“{source}”，或改正"))
        days[day.day] = day
    if not problems:
        for year, days in found.items():
            problems += _whole_year(year, days, name)
    if not found and not problems:
        problems.append(Problem("没有数据行", name, remedy="第一行写列名，其后每天一行"))
    if problems:
        raise InputError(*problems)
    return [
        Arrangement(year, sources[year], tuple(sorted(days.values(), key=lambda day: day.day)))
        for year, days in sorted(found.items())
    ]


def write_arrangement(arrangement: Arrangement) -> str:
    """An arrangement as the CSV that :func:`read_arrangements` understands."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for day in arrangement.days:
        writer.writerow(
            (arrangement.year, day.day.isoformat(), day.kind.label, day.occasion, arrangement.source)
        )
    return text.getvalue()


def read_one(content: bytes, file_name: str) -> Arrangement:
    """As :func:`read_arrangements`, for a file that must hold one year."""
    found = read_arrangements(content, file_name)
    if len(found) > 1:
        years = "、".join(str(item.year) for item in found)
        raise InputError(
            Problem(f"文件里有 {years} 几年的安排", file_name, remedy="一次导入一年，按年分成几个文件")
        )
    return found[0]


def shipped() -> list[Arrangement]:
    """The arrangements that come with the program."""
    return read_arrangements(SHIPPED.read_bytes(), SHIPPED.name)


def _rows(content: bytes, name: str) -> list[tuple[int, dict[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError as error:
            raise InputError(Problem("文件不是 CSV", name, remedy="另存为“CSV UTF-8”后重试")) from error
    reader = csv.reader(io.StringIO(text))
    try:
        header = [cell.strip() for cell in next(reader, [])]
        lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise InputError(Problem("文件不是 CSV", name, remedy="另存为“CSV UTF-8”后重试")) from error
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise InputError(*(Problem(f"缺少“{column}”列", name, 1, remedy="补上这一列") for column in missing))
    return [(line, _cells(header, cells)) for line, cells in lines]


def _cells(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    padded = [*cells, *[""] * (len(header) - len(cells))]
    return dict(zip(header, (cell.strip() for cell in padded), strict=False))


def _read(cells: Mapping[str, str], name: str, line: int, problems: list[Problem]) -> tuple[int, Day] | None:
    """Year and day of a row, or ``None`` with its problems noted."""
    faults = len(problems)
    day = _date(cells["日期"])
    kind = KINDS.get(cells["性质"])
    year = int(cells["年份"]) if re.fullmatch(r"20\d\d", cells["年份"], re.ASCII) else None
    if year is None:
        problems.append(Problem(f"“{cells['年份']}”不是年份", name, line, "年份", "写作 2027"))
    if day is None:
        problems.append(Problem(f"“{cells['日期']}”不是日期", name, line, "日期", "写作 2027-01-01"))
    if kind is None:
        problems.append(
            Problem(f"“{cells['性质']}”不是已知的性质", name, line, "性质", f"写{'、'.join(KINDS)}之一")
        )
    if not cells["依据"] or len(cells["依据"]) > _LONGEST_SOURCE:
        problems.append(Problem("缺少依据，或者太长", name, line, "依据", "写国务院办公厅通知的文号"))
    if len(cells["节日"]) > _LONGEST_OCCASION:
        problems.append(Problem("节日名称太长", name, line, "节日", "写作“春节”这样的名称"))
    if day is not None and year is not None and not _belongs(day, year):
        problems.append(Problem(f"{day} 不属于 {year} 年的安排", name, line, "日期", "改正年份或日期"))
    if day is not None and kind == CalendarDay.Kind.WORKED and day.weekday() < _SATURDAY:
        problems.append(
            Problem(f"{day} 不是周六或周日，不会是调休上班", name, line, "性质", "改正日期或性质")
        )
    if len(problems) > faults or day is None or kind is None or year is None:
        return None
    return year, Day(day, kind, cells["节日"])


def _date(text: str) -> dt.date | None:
    matched = _DATE.fullmatch(text)
    try:
        return dt.date(*map(int, matched.groups())) if matched else None
    except ValueError:
        return None


def _belongs(day: dt.date, year: int) -> bool:
    """Days of the year, and the last ones of the year before: 元旦 may take them."""
    return day.year == year or (day.year == year - 1 and day >= dt.date(year - 1, 12, 25))


def _whole_year(year: int, days: Mapping[dt.date, Day], name: str) -> list[Problem]:
    """What a year's arrangement must have in any case: its fixed festivals, and every festival by name."""
    statutory = {day.day for day in days.values() if day.kind == CalendarDay.Kind.STATUTORY}
    fixed = [(1, 1), (5, 1), (10, 1), (10, 2), (10, 3), *([(5, 2)] if year >= _TWO_MAY_DAYS else [])]
    problems = [
        Problem(f"{year} 年{month}月{day}日应是法定节假日", name, key="性质", remedy="补上或改正这一天")
        for month, day in fixed
        if dt.date(year, month, day) not in statutory
    ]
    if not _FEWEST_STATUTORY <= len(statutory) <= _MOST_STATUTORY:
        problems.append(
            Problem(
                f"{year} 年有 {len(statutory)} 天法定节假日，应为 {_FEWEST_STATUTORY} 至 {_MOST_STATUTORY} 天",
                name,
                key="性质",
                remedy="按《全国年节及纪念日放假办法》核对",
            )
        )
    named = Counter(word for day in days.values() for word in OCCASIONS if word in day.occasion)
    problems += [
        Problem(f"{year} 年没有{word}", name, key="节日", remedy="补上这个节日的各天")
        for word in OCCASIONS
        if not named[word]
    ]
    return problems
