"""A city officer brings in a register, finds an enterprise, asks the tax department; the record holds all of it.

The register is the real one where it is at hand, and otherwise a made-up one of the same shape.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.access.world import WITHOUT_ROLE, make_world
from tests.cli.running import run
from tests.journeys.journey import Journey
from tests.journeys.persons import Persons
from tidu.core.audit.guard import install, remove
from tidu.core.jobs.worker import drain
from tidu.core.uscc import check_characters
from tidu.registry.models import Enterprise, Fact, Source

pytestmark = pytest.mark.django_db(transaction=True)

REAL = Path(__file__).resolve().parents[3] / "shared" / "realdata" / "enterprises_baotou_hohhot.csv"
HEADER = (
    "企业名称,统一社会信用代码,注册日期,企业类型,注册资金,经营范围,所在省份,地区,注册地址,uscc_checksum_ok"
)


def _register(folder: Path) -> Path:
    if REAL.exists():
        return REAL
    rows = [HEADER.split(",")]
    for number in range(60):
        city, district = ("包头市", "昆都仑区") if number % 3 else ("呼和浩特市", "赛罕区")
        branch = "分公司" if number % 20 == 7 else ""
        rows.append(
            [
                f"{city}砚{'岭峰溪川原野'[number % 6]}{'科达源恒'[number % 4]}{number}号商贸有限公司{branch}",
                check_characters(f"911502039{number:04d}TDJR"[:16].ljust(16, "0")),
                "2003-05-06",
                "N/A",
                "50万人民币",
                "销售",
                "内蒙古自治区",
                city,
                f"内蒙古自治区{city}{district}示例路{number}号",
                "True",
            ]
        )
    target = folder / "register.csv"
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    target.write_text(text.getvalue(), encoding="utf-8")
    return target


def test_a_register_is_brought_in_and_the_tax_department_answers(journey: Journey, tmp_path: Path) -> None:
    cache.clear()
    world = make_world()
    tax = world.organisations["tax_baotou"]
    tax.confirms = ["tax"]
    tax.save()
    persons = Persons(journey, world)

    persons.enter("city_baotou")
    with journey.step("市工信局：导入，上传企业名录") as page:
        journey.open("/registry/imports/")
        page.get_by_label("企业名录").check()
        page.get_by_label("表格文件").set_input_files(_register(tmp_path))
        page.get_by_role("button", name="上传并校验").click()
        expect(page.locator("main h1")).to_contain_text("校验")

    with journey.step("核对：几行能写、几行有误、错在哪里") as page:
        drain()
        page.reload()
        expect(page.get_by_role("heading", name="怎样导入")).to_be_visible()
        expect(page.get_by_text("不在您的辖区").first).to_be_visible()

    with journey.step("跳过有误的行，写入，看结果") as page:
        page.get_by_label(re.compile("跳过有误的")).check()
        page.get_by_role("button", name="开始导入").click()
        drain()
        page.reload()
        expect(page.get_by_role("heading", name="接下来")).to_be_visible()
    _tell_figures(page)

    wanted = Enterprise.objects.filter(city_id="150200").exclude(initials="").order_by("-id").first()
    assert wanted is not None
    with journey.step("按拼音首字母找到一家企业") as page:
        journey.open("/desk/")
        page.get_by_role("searchbox").first.fill(wanted.initials)
        page.get_by_role("button", name="查找").click()
        expect(page.get_by_role("link", name=wanted.name).first).to_be_visible()

    with journey.step("勾选筛选出的企业，送部门确认") as page:
        page.locator("[data-pick-all]").check()
        page.get_by_role("button", name="送部门确认").click()
        expect(page.locator("main h1")).to_have_text("送部门确认")

    with journey.step("选税务部门和问题，发送") as page:
        page.get_by_label("名单名称").fill("2026年市级专精特新申报企业纳税情况")
        page.get_by_role("radio").first.check()
        page.get_by_role("checkbox").first.check()
        page.locator("main").get_by_role("button", name="送部门确认").click()
        expect(page.locator("main h1")).to_contain_text("纳税情况")

    persons.enter("tax_baotou")
    with journey.step("税务部门：待办里打开名单，只看到名称、代码、所在地和问题") as page:
        journey.open("/desk/")
        page.get_by_role("link", name=re.compile("纳税情况")).first.click()
        expect(page.get_by_text(wanted.name).first).to_be_visible()

    with journey.step("下载答复表，填好", widths=()) as page:
        with page.expect_download() as download:
            page.get_by_role("link", name="下载答复表").click()
        filled = tmp_path / "answers.xlsx"
        download.value.save_as(filled)
        _answer_yes(filled)

    with journey.step("上传填好的答复表") as page:
        page.get_by_label(re.compile("填好的答复表")).set_input_files(filled)
        page.get_by_role("button", name="上传答复表").click()
        expect(page.get_by_text("待提交").first).to_be_visible()

    with journey.step("填复函文号和日期，提交") as page:
        page.get_by_label(re.compile("复函文号")).fill("包税函〔2026〕示1号")
        page.get_by_label(re.compile("复函日期")).fill("2026-11-20")
        page.get_by_role("button", name="提交答复").click()
        expect(page.get_by_text("已生效").first).to_be_visible()
    confirmed = Fact.objects.filter(enterprise=wanted, source=Source.CONFIRMED, chosen=True)
    assert [fact.document_no for fact in confirmed] == ["包税函〔2026〕示1号"]


def test_a_role_is_granted_seen_in_the_record_and_the_record_proves_itself(journey: Journey) -> None:
    cache.clear()
    world = make_world()
    persons = Persons(journey, world)
    newcomer = world.users[WITHOUT_ROLE]
    newcomer.organisation = world.organisations["district_qingshan"]
    newcomer.save()

    persons.enter("security_administrator")
    with journey.step("安全管理员：打开一个人，授予角色") as page:
        journey.open(f"/accounts/people/{newcomer.pk}/")
        page.get_by_role("link", name="授予角色").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("授予")

    with journey.step("选角色，写明理由") as page:
        chosen = page.locator("select[name=organisation]")
        expect(chosen).to_have_value(str(world.organisations["district_qingshan"].pk))
        page.get_by_label(re.compile("^区县审核岗")).check()
        page.get_by_label(re.compile("理由")).fill("新到岗，负责本区企业审核。")
        page.locator("main form button[type=submit]").last.click()
        expect(page.get_by_text("区县审核岗").first).to_be_visible()

    persons.enter("audit_administrator")
    with journey.step("审计管理员：在操作记录里看到授权") as page:
        journey.open("/audit/")
        expect(page.get_by_role("table").get_by_text("授予角色").first).to_be_visible()

    verified = run("audit", "verify", "--json")
    assert verified.code == 0, verified.err
    remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_auditevent SET subject_label = subject_label || 'x' WHERE number = 1")
    install(connection)
    broken = run("audit", "verify", "--json")
    assert broken.code == 1
    assert (broken.data["whole"], broken.data["fault"]["number"]) == (False, 1)


def _tell_figures(page: Page) -> None:
    """Print what the result page says, for whoever keeps the figures."""
    print("    " + " ".join(page.locator(".td-kpis").first.inner_text().split()), flush=True)


def _answer_yes(file: Path) -> None:
    """Answer every question of every enterprise: the columns between the place and the note."""
    workbook = load_workbook(file)
    sheet = workbook["答复"]
    for row in sheet.iter_rows(min_row=2, min_col=4, max_col=sheet.max_column - 1):
        for cell in row:
            cell.value = "是"
    workbook.save(file)
