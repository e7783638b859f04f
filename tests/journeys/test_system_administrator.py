"""The system administrator looks after background work, the calendar and the places."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.access.world import World, make_world
from tests.core.calendar.test_deadlines import arrangement_of_2027, day
from tests.journeys.journey import Journey
from tests.journeys.persons import Persons
from tidu.core.calendar import start_deadline
from tidu.core.jobs import JobFault, JobRun, job_kind, start
from tidu.core.jobs.board import Progress, board
from tidu.core.jobs.kinds import KINDS
from tidu.core.jobs.worker import drain
from tidu.core.models import Job
from tidu.core.models.deadlines import DayUnit
from tidu.core.models.jobs import JobState
from tidu.policy.vocabulary.places import look_again

pytestmark = pytest.mark.django_db(transaction=True)
KIND = "test.journey"


@pytest.fixture(autouse=True)
def _kind() -> Iterator[None]:
    @job_kind(KIND, label="评估企业")
    def work(run: JobRun) -> dict[str, Any]:
        if run.attempt == 1 and run.arguments.get("fails"):
            raise JobFault("第 3 张工作表没有表头。请补上表头，再重新执行。")
        run.progress(600, 600, "汇总")
        return {"summary": "600 家中达标 41 家。", "url": "/desk/"}

    yield
    KINDS.pop(KIND, None)


@pytest.fixture
def world() -> World:
    return make_world()


def test_a_job_shows_its_progress_and_then_what_came_out(journey: Journey, world: World) -> None:
    actor = world.actor("city_baotou")
    persons = Persons(journey, world)
    persons.enter("city_baotou")
    job = start(actor=actor, kind=KIND, title="包头市 2026 年小巨人预评估")
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=1, done=210, total=600)
    board().write(job.pk, 1, Progress(210, 600, "对照第 3 条"))
    with journey.step("打开正在办理的任务，看到进度") as page:
        journey.open(f"/jobs/{job.pk}/")
        expect(page.locator(f"#work-{job.pk}")).to_contain_text("210／600")
        expect(page.locator(f"#work-{job.pk}")).to_contain_text("对照第 3 条")
    with journey.step("进度自己往前走") as page:
        board().write(job.pk, 1, Progress(420, 600, "对照第 5 条"))
        expect(page.locator(f"#work-{job.pk}")).to_contain_text("420／600")
    with journey.step("办完以后页面自己换成结果") as page:
        Job.objects.filter(pk=job.pk).update(state=JobState.QUEUED)
        drain()
        expect(page.get_by_role("link", name="查看结果")).to_be_visible()
        expect(page.locator(f"#work-{job.pk}")).to_contain_text("600 家中达标 41 家。")


def test_a_failed_job_says_why_and_is_done_again(journey: Journey, world: World) -> None:
    job = start(
        actor=world.actor("city_baotou"), kind=KIND, title="导入 2026 年企业名单", arguments={"fails": True}
    )
    drain()
    persons = Persons(journey, world)
    persons.enter("system_administrator")
    with journey.step("系统管理员看到哪个任务失败、为什么") as page:
        journey.open("/jobs/?state=failed")
        expect(page.get_by_text("导入 2026 年企业名单")).to_have_count(0)
        page.locator(f"a[href='/jobs/{job.pk}/']").first.click()
        expect(page.get_by_text("第 3 张工作表没有表头")).to_be_visible()
        expect(page.get_by_role("button", name="重新执行")).to_have_count(0)
    persons.enter("city_baotou")
    with journey.step("发起人重新执行") as page:
        journey.open(f"/jobs/{job.pk}/")
        page.get_by_role("button", name="重新执行").click()
        expect(page.get_by_text("任务已重新排队")).to_be_visible()
    with journey.step("这一次办完了，列表里看得到") as page:
        drain()
        journey.open("/jobs/")
        expect(page.get_by_role("row", name="导入 2026 年企业名单")).to_contain_text("已完成")


def test_a_new_year_and_another_province_come_in(
    journey: Journey, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIDU_DATA", str(tmp_path))
    start_deadline(started_on=day("2026-12-28"), length=5, unit=DayUnit.WORKING)
    year = tmp_path / "2027.csv"
    year.write_bytes(arrangement_of_2027())
    broken = tmp_path / "写错的.csv"
    broken.write_bytes(arrangement_of_2027().replace("调休上班".encode(), "上班".encode()))
    world.put_the_platform_above_both_cities()
    persons = Persons(journey, world)
    persons.enter("system_administrator")
    with journey.step("节假日页提醒有暂定的期限") as page:
        journey.open("/calendar/")
        expect(page.get_by_text("有 1 个未办结的期限是暂定的")).to_be_visible()
    with journey.step("写错的文件逐行说明怎么改", status=422) as page:
        page.get_by_label("节假日安排", exact=False).set_input_files(broken)
        page.get_by_role("button", name="检查文件").click()
        expect(page.get_by_text("写法定节假日、放假、调休上班之一")).to_be_visible()
    with journey.step("先看会改变什么") as page:
        page.get_by_label("节假日安排", exact=False).set_input_files(year)
        page.get_by_role("button", name="检查文件").click()
        expect(page.get_by_text("其中 1 个的截止日会变化")).to_be_visible()
    with journey.step("导入 2027 年") as page:
        page.get_by_role("button", name="导入 2027 年的安排").click()
        expect(page.get_by_text("其中 1 个的截止日有变化")).to_be_visible()
    province = tmp_path / "浙江.csv"
    province.write_text("code,name\n330000,浙江省\n330100,杭州市\n330106,西湖区\n", encoding="utf-8")
    with journey.step("另一个省的区划，先检查") as page:
        journey.open("/places/")
        page.get_by_label("区划清单").set_input_files(province)
        page.get_by_label("来源").fill("2023 年统计用区划代码")
        page.get_by_role("button", name="检查文件").click()
        expect(page.get_by_text("新增 3 个")).to_be_visible()
    with journey.step("再导入") as page:
        page.get_by_role("button", name="导入浙江省的区划").click()
        expect(page.get_by_text("浙江省的区划已导入：新增 3 个，更改 0 个。")).to_be_visible()
    monkeypatch.undo()
    look_again()
