"""The holidays that come with the program, against an independent table and the law on festivals."""

import datetime as dt

import chinese_calendar
import pytest

from tidu.core.calendar.arrangements import read_arrangements, shipped, write_arrangement
from tidu.core.calendar.published import current_calendar
from tidu.core.calendar.working_days import Calendar
from tidu.core.models.deadlines import CalendarDay
from tidu.policy.errors import InputError

YEARS = range(2022, 2027)


def shipped_calendar() -> Calendar:
    days = [day for arrangement in shipped() for day in arrangement.days]
    return Calendar({day.day: day.kind for day in days}, YEARS)


@pytest.mark.parametrize("year", YEARS)
def test_every_day_agrees_with_an_independent_table(year: int) -> None:
    calendar = shipped_calendar()
    days = [dt.date(year, 1, 1) + dt.timedelta(number) for number in range(366)]
    differing = [
        day
        for day in days
        if day.year == year and calendar.is_working_day(day) != chinese_calendar.is_workday(day)
    ]
    assert differing == []


@pytest.mark.parametrize(("year", "statutory"), [(2022, 11), (2023, 11), (2024, 11), (2025, 13), (2026, 13)])
def test_festivals_have_the_days_that_the_law_gives_them(year: int, statutory: int) -> None:
    arrangement = next(item for item in shipped() if item.year == year)
    assert arrangement.count(CalendarDay.Kind.STATUTORY) == statutory


def test_each_year_names_its_notice() -> None:
    assert [item.source for item in shipped()] == [
        "国办发明电〔2021〕11号",
        "国办发明电〔2022〕16号",
        "国办发明电〔2023〕7号",
        "国办发明电〔2024〕12号",
        "国办发明电〔2025〕7号",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_what_is_written_is_read_back(encoding: str) -> None:
    for arrangement in shipped():
        assert read_arrangements(write_arrangement(arrangement).encode(encoding), "某年.csv") == [arrangement]


@pytest.mark.django_db
def test_migrating_leaves_the_published_years() -> None:
    calendar = current_calendar()
    assert calendar.years == frozenset(YEARS)
    assert calendar.kinds == shipped_calendar().kinds
    assert calendar.occasions[dt.date(2025, 10, 6)] == "中秋节"


def changed(old: str, new: str, *, year: int = 2026) -> bytes:
    text = write_arrangement(next(item for item in shipped() if item.year == year))
    assert old in text
    return text.replace(old, new, 1).encode()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "缺少“年份”列"),
        ("年份,日期,性质,节日,依据\n".encode(), "没有数据行"),
        (changed("2026-01-04,调休上班", "2026-01-05,调休上班"), "2026-01-05 不是周六或周日"),
        (changed("2026-01-04", "2026-13-04"), "：“2026-13-04”不是日期"),
        (changed("2026-01-04", "2026-01-03"), "2026-01-03 重复"),
        (changed("2026,2026-01-04", "2025,2026-01-04"), "不属于 2025 年"),
        (changed("2026,2026-01-04", "明年,2026-01-04"), "“明年”不是年份"),
        (changed("调休上班", "上班"), "“上班”不是已知的性质"),
        (changed("2026-10-01,法定节假日", "2026-10-01,放假"), "10月1日应是法定节假日"),
        (changed("2026-01-02,放假,元旦,国办发明电〔2025〕7号", "2026-01-02,放假,元旦,另一号"), "依据应相同"),
        (b"\xff\xfe\x00", "文件不是 CSV"),
    ],
)
def test_a_faulty_file_is_refused_with_the_row_and_the_remedy(content: bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_arrangements(content, "安排.csv")
    assert message in str(caught.value)


def test_a_year_without_one_of_its_festivals_is_refused() -> None:
    lines = write_arrangement(shipped()[-1]).splitlines()
    with pytest.raises(InputError, match="2026 年没有端午节"):
        read_arrangements("\n".join(line for line in lines if "端午" not in line).encode(), "安排.csv")
