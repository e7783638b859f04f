"""``tidu tick``, ``tidu places import``, ``tidu calendar import``: what they print and how they end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import messages, run
from tests.core.calendar.test_deadlines import arrangement_of_2027
from tidu.core.models import AuditEvent, CalendarYear, Jurisdiction
from tidu.core.ticks import TICKS, tick
from tidu.policy.vocabulary.places import look_again

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TIDU_DATA", str(tmp_path))
    yield
    monkeypatch.undo()
    look_again()


def test_a_tick_says_what_was_done_and_fails_when_something_failed() -> None:
    before = dict(TICKS)
    TICKS.clear()
    try:
        assert "没有到期的工作" in run("tick").out
        tick("test.done")(lambda: "提醒 3 家")
        assert "提醒 3 家" in run("tick").out
        tick("test.broken")(lambda: str(1 / 0))
        outcome = run("tick", "--json")
        assert outcome.code == 1
        assert outcome.data == {
            "done": [
                {"name": "test.broken", "said": "", "failed": True},
                {"name": "test.done", "said": "提醒 3 家", "failed": False},
            ]
        }
        assert "失败，原因见日志" in run("tick").out
    finally:
        TICKS.clear()
        TICKS.update(before)


@pytest.mark.django_db(transaction=True)
def test_an_empty_queue_is_told() -> None:
    assert run("worker", "--once", "--json").data == {"jobs": 0}


def test_a_province_is_checked_and_then_imported(tmp_path: Path) -> None:
    source = tmp_path / "浙江.csv"
    source.write_text("code,name\n330000,浙江省\n330100,杭州市\n", encoding="utf-8")
    checked = run("places", "import", source, "--source", "某年", "--dry-run", "--json").data
    assert checked == {
        "province": "330000",
        "name": "浙江省",
        "places": 2,
        "new": 2,
        "changed": 0,
        "kept": 0,
        "dry_run": True,
    }
    assert not Jurisdiction.objects.filter(pk="330000").exists()
    assert "已导入：浙江省，2 个区划，新增 2 个" in run("places", "import", source, "--source", "某年").out
    assert AuditEvent.objects.get(action="core.places.imported").user_name == "系统"
    source.write_text("code,name\n330000,浙江省\n33010,杭州市\n", encoding="utf-8")
    faulty = run("places", "import", source, "--source", "某年", "--json")
    assert (faulty.errors[0]["line"], faulty.errors[0]["key"]) == (3, "code")


def test_a_year_is_checked_and_then_imported(tmp_path: Path) -> None:
    file = tmp_path / "2027.csv"
    file.write_bytes(arrangement_of_2027())
    checked = run("calendar", "import", file, "--dry-run", "--json").data
    assert checked == {
        "year": 2027,
        "source": "试",
        "days": 15,
        "recounted": 0,
        "moved": 0,
        "dry_run": True,
    }
    assert not CalendarYear.objects.filter(pk=2027).exists()
    assert "已导入：2027 年，试，15 天" in run("calendar", "import", file).out
    file.write_bytes(b"x")
    assert "缺少“年份”列" in messages(run("calendar", "import", file, "--json").errors)
    assert "没有这个文件" in messages(run("calendar", "import", tmp_path / "无", "--json").errors)
