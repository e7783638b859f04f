"""A city officer brings in figures: what is wrong, what changes beside what is known, the result, and back again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from tests.access.world import make_world
from tests.journeys.journey import Journey
from tests.journeys.persons import Persons
from tests.registry.importing.tables import code, imported, xlsx
from tidu.core.actor import SYSTEM
from tidu.core.jobs.worker import drain
from tidu.registry.actions.facts import NewFact, record_facts
from tidu.registry.models import Enterprise, Source
from tidu.registry.models.imports import ImportKind

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = (
    "某市岚曜电子材料有限公司",
    "某市铎锐轨道配件有限公司",
    "某市沃屿饲料科技有限公司",
    "某市垣启仪表科技有限公司",
)
FIGURES = (
    "统一社会信用代码",
    "2024年营业收入（万元）",
    "2025年营业收入（万元）",
    "2025年从业人员（人）",
    "2025年研发费用（万元）",
)


def test_figures_are_brought_in_looked_at_and_taken_back(journey: Journey, tmp_path: Path) -> None:
    cache.clear()
    world = make_world()
    rows = [(name, code(n, "150203"), "昆都仑区") for n, name in enumerate(NAMES)]
    imported(xlsx(tmp_path / "名录.xlsx", ("企业名称", "统一社会信用代码", "注册地"), rows))
    first = [(code(n, "150203"), 3800 + n, None, 96, 88) for n in range(4)]
    imported(xlsx(tmp_path / "上年.xlsx", FIGURES, first), ImportKind.FIGURES)
    record_facts(
        actor=SYSTEM,
        enterprise=Enterprise.objects.get(uscc=code(2, "150203")),
        facts=[NewFact("revenue", 4_100_0000_00, 2025)],
        source=Source.AUDITED,
    )
    table = xlsx(
        tmp_path / "2025年度企业数据.xlsx",
        FIGURES,
        [
            (code(0, "150203"), 3800, 4120.6, 102, 94.5),
            (code(1, "150203"), "2,318.90万", 4000, 96, 88),
            (code(2, "150203"), 3802, 4300, 96, 88),
            (code(3, "150203"), 3803, "=SUM(C2:C4)", 96, -12.4),
            (code(9, "150203"), 1, 1, 1, 1),
            (code(0, "150203")[:17], 1, 1, 1, 1),
        ],
        "年度数据",
    )
    persons = Persons(journey, world)
    persons.enter("city_baotou")
    with journey.step("导入页：选种类、下载模板、上传"):
        journey.open("/registry/imports/")
    with journey.step("上传以后在后台校验") as page:
        page.get_by_label("年度数据").check()
        page.get_by_label("表格文件").set_input_files(table)
        page.get_by_role("button", name="上传并校验").click()
        expect(page.get_by_role("heading", name="正在校验")).to_be_visible()
    with journey.step("核对：错误的位置和改法，更改前后") as page:
        drain()
        page.reload()
        expect(page.get_by_text("请只填数字 2,318.90")).to_be_visible()
        expect(page.get_by_text("并存，仍采用审计").first).to_be_visible()
    with journey.step("更改逐项列出") as page:
        page.get_by_role("link", name=re.compile("^更改")).click()
        expect(page.get_by_role("heading", name="更改", exact=True)).to_be_visible()
    with journey.step("跳过有误的行，开始写入") as page:
        page.get_by_label(re.compile("跳过有误的")).check()
        page.get_by_role("button", name="开始导入").click()
        expect(page.get_by_role("heading", name="正在写入")).to_be_visible()
    with journey.step("结果：下载有误的行，可以撤销") as page:
        drain()
        page.reload()
        expect(page.get_by_role("link", name="下载有误的行")).to_be_visible()
    with journey.step("撤销前再问一次") as page:
        page.get_by_role("link", name="撤销这次导入").click()
        expect(page.get_by_role("button", name="撤销导入")).to_be_visible()
    with journey.step("撤销以后") as page:
        page.get_by_role("button", name="撤销导入").click()
        drain()
        page.reload()
        expect(page.get_by_role("heading", name="导入已撤销")).to_be_visible()
    with journey.step("导入的历史") as page:
        journey.open("/registry/imports/")
        expect(page.get_by_role("link", name="2025年度企业数据.xlsx")).to_be_visible()


def test_near_names_are_laid_before_a_person(journey: Journey, tmp_path: Path) -> None:
    cache.clear()
    persons = Persons(journey, make_world())
    rows = [
        ("包头市衡屹新材料有限公司", code(1, "150203"), "昆都仑区"),
        ("内蒙古衡屹新材料有限责任公司", code(2, "150203"), "昆都仑区"),
    ]
    imported(xlsx(tmp_path / "名录.xlsx", ("企业名称", "统一社会信用代码", "注册地"), rows))
    persons.enter("city_baotou")
    with journey.step("名称相近的两家企业，由人判断") as page:
        journey.open("/registry/duplicates/")
        expect(page.get_by_text("内蒙古衡屹新材料有限责任公司").first).to_be_visible()
    with journey.step("记下结论，不合并") as page:
        page.get_by_role("button", name=re.compile("^不是同一家")).click()
        expect(page.get_by_text("没有待判断的企业")).to_be_visible()
