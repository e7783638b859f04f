"""What the style guide shows of the signed-in pages. Every name and figure here is invented."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from tidu.core.calendar import Due
from tidu.core.charts import Axis, Chart, Radar, Series
from tidu.core.components import Choice, Column
from tidu.core.listing import Chip, Filter, Listing
from tidu.core.navigation import NavigationLink
from tidu.core.shell import Shell
from tidu.core.workspace import Bullet, Change, Conflict, Kpi, LogEntry, Progress, Step, Tab, Work

_AT = datetime(2026, 11, 20, 14, 50, tzinfo=timezone.get_default_timezone())


def _shells() -> dict[str, Shell]:
    here = reverse("core:styleguide")
    links = tuple(
        NavigationLink(label, here, current=label == "工作台", exact=label == "工作台")
        for label in ("工作台", "企业库", "导入", "部门确认", "测算")
    )
    mine = tuple(
        NavigationLink(label, here, current=label == "我的企业", exact=label == "我的企业")
        for label in ("工作台", "我的企业", "政策匹配")
    )
    identities = (
        Choice("1", "样例区工信局 · 区县审核岗"),
        Choice("2", "样例区工信局 · 区县审核岗（代甲某）"),
    )
    common: dict[str, Any] = {"key": "", "messages": here, "account": here, "home": here}
    return {
        "staff_shell": Shell(
            kind="staff",
            title="样例市专精特新平台",
            line="样例区工业和信息化局",
            person="苏某",
            links=links,
            identities=identities,
            identity="1",
            switch=here,
            unread="4",
            search=here,
            **common,
        ),
        "enterprise_shell": Shell(
            kind="enterprise",
            title="样例市样例装备有限公司",
            line="样例区",
            person="乌某",
            links=mine,
            identity_label="企业经办人",
            **common,
        ),
    }


def _listing(request: HttpRequest) -> Listing:
    places = (Choice("1", "样例区"), Choice("2", "样例旗"))
    tiers = (Choice("srdi", "专精特新"), Choice("innovative", "创新型"))
    filters = (
        Filter("q", "企业", "text", hint="名称、信用代码、拼音首字母"),
        Filter("place", "旗县区", choices=places, value=("1",)),
        Filter("tier", "称号", "many", choices=tiers, value=("srdi",)),
        Filter("on", "截至", "date"),
    )
    chips = (Chip("旗县区：样例区", "#list"), Chip("称号：专精特新", "#list"))
    sort = request.GET.get("sort", "name")
    return Listing(Paginator(range(95), 10).page(4), sort, filters, chips, "place=1")


def _charts() -> dict[str, Any]:
    years = ("2023", "2024", "2025")
    income = Series("营业收入", (6218.4, 7305.6, None), ("6,218.40", "7,305.60", "未报"))
    profit = Series("净利润", (512.3, -128.9, 741.2), ("512.30", "−128.90", "741.20"))
    axes = (
        Axis("专业化", 0.92, 0.72, "23／25", "产品领域 −2"),
        Axis("精细化", 0.84, 0.70, "21／25"),
        Axis("特色化", 0.60, 0.56, "9／15", "地方特色 −6"),
        Axis("创新能力", None, 0.63, note="研发费用未报"),
    )
    return {
        "bar_chart": Chart("样例企业收入与利润", years, (income, profit), unit="万元"),
        "line_chart": Chart("样例企业收入与利润走势", years, (income, profit), unit="万元", kind="lines"),
        "radar": Radar("四个维度得分率", axes, peers="同层级中位数"),
        "bullet": Bullet("样例称号累计", 93, 100, "家", forecast=99, low=97, high=101),
    }


def _works() -> tuple[Work, ...]:
    return (
        Work("样例数据导入", "running", "写入中", "约剩 4 秒", 216, 333, stop="#", stop_label="停止并还原"),
        Work("样例测算", "failed", "失败", fault="第 37 行的年度不是数字。改好后重新执行。", retry="#"),
        Work("样例名录", "done", "已完成", "58 行", result="#"),
    )


def work_example(request: HttpRequest) -> dict[str, Any]:
    """Everything that the second half of the guide shows, by the name it has there."""
    return {
        "styleguide": True,
        **_shells(),
        "kpis": (
            Kpi("逾期", "1", "件", "超期 1 个工作日", "bad", "#list"),
            Kpi("三个工作日内到期", "4", "件", kind="warn"),
            Kpi("在库企业", "312", "家"),
            Kpi("最高有效称号", "自治区专精特新", words=True),
        ),
        "tabs": (
            Tab("待办", "#list", 37, current=True),
            Tab("已办", "#list", 120),
            Tab("有误", "#list", 7, kind="bad"),
        ),
        "process": (
            Step("上传", "14:50，已扫描", "done"),
            Step("校验", "340 行，用时 2.1 秒", "done"),
            Step("核对", "您来选择处理方式", "now", "eye-check"),
            Step("写入", "可离开本页", "todo", "database-import"),
        ),
        "log": (
            LogEntry(_AT, "导入审计数据", "苏某", "58 行成功，3 行有误"),
            LogEntry(date(2025, 11, 8), "取得高新技术企业资格", mine=True),
        ),
        "dues": (
            Due("over", "逾期 1 个工作日", date(2026, 11, 19)),
            Due("soon", "还剩 2 个工作日", date(2026, 11, 24)),
            Due("ok", "还剩 32 个工作日", date(2027, 1, 6), note="节假日安排未公布，暂按周末推算"),
            Due("stop", "时钟已停 4 天", None),
        ),
        "list": _listing(request),
        "list_columns": (
            Column("企业", sort="name"),
            Column("旗县区", sort="place"),
            Column("营业收入（万元）", number=True, sort="revenue"),
            Column("结论"),
        ),
        "progresses": (Progress("受理", 61, 61, "件"), Progress("不推荐", 4, 61, "件", "bad")),
        "conflicts": (
            Conflict("audited", "审计报告", "8,431.00", date(2026, 3, 28), "附注第 31 页", chosen=True),
            Conflict("declared", "监测自报", "8,613.20", date(2026, 1, 9)),
        ),
        "changes": (
            Change("2025 年营业收入", "", "4,120.60 万元", subject="样例企业甲", row="3"),
            Change("2025 年从业人员", "96 人", "102 人", subject="样例企业乙", row="4"),
            Change("资产负债率", "58.20%", "61.00%", "并存，仍采用审计", "样例企业丙", "7"),
        ),
        "works": _works(),
        **_charts(),
    }
