"""What the style guide shows: one example of each component in each state. Every name and figure here is invented."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone

from tidu.core.components import (
    STATES,
    Choice,
    Clause,
    Column,
    CriterionGroup,
    CriterionRow,
    Crumb,
    Dimension,
    Doubt,
    Effect,
    Entry,
    Fault,
    ForceBar,
    Fragment,
    Gap,
    Law,
    Offer,
    Question,
    Rung,
    Term,
    Timeline,
)
from tidu.policy.status import Status

ON = date(2026, 11, 20)
SWATCHES = (
    ("ink", "#16202e", "#ffffff"),
    ("ink-2", "#3a4759", "#ffffff"),
    ("ink-3", "#556174", "#ffffff"),
    ("navy", "#10305c", "#ffffff"),
    ("blue", "#1a4f9c", "#ffffff"),
    ("red", "#b3121f", "#ffffff"),
    ("clause", "#0b5460", "#ffffff"),
    ("ok", "#e5f3ea", "#14643a"),
    ("no", "#fcebe9", "#a81e1e"),
    ("unk", "#eef1f4", "#46505f"),
    ("rev", "#f0ebfa", "#57379a"),
    ("warn", "#fdf2da", "#7d4a00"),
    ("go", "#e9f0fa", "#1a4f9c"),
    ("citation", "#e6f2f3", "#0b5460"),
)


def _clause(label: str) -> Clause:
    return Clause(
        label,
        f"{reverse('core:styleguide')}#law",
        full=f"样例市认定办法 {label}",
        panel=reverse("core:styleguide-clause"),
    )


def _groups() -> tuple[CriterionGroup, ...]:
    doubt = Doubt("存疑 1：算术平均", "#doubts")
    basic = (
        CriterionRow(
            "登记注册年限",
            Status.MET,
            "8 年 4 个月",
            "≥ 3 年",
            "＋5 年 4 个月",
            clauses=(_clause("基本条件 01"),),
        ),
        CriterionRow(
            "上年度营业收入",
            Status.MET,
            "2,318.90",
            "≥ 800.00",
            "＋1,518.90",
            unit="万元",
            clauses=(_clause("基本条件 03"),),
        ),
        CriterionRow(
            "近两年平均增速",
            Status.MET,
            "8.00%",
            "≥ 8.00%",
            "0（恰好达到）",
            clauses=(_clause("基本条件 03"),),
            doubts=(doubt,),
        ),
    )
    new = (
        CriterionRow(
            "知识产权、标准或研发机构（三选一）",
            Status.UNKNOWN,
            limit="任一符合",
            clauses=(_clause("具体条件·新颖化"),),
        ),
        CriterionRow(
            "甲　实用新型＋软件著作权",
            Status.UNKNOWN,
            "2 项＋未填",
            "≥ 4 项",
            "差 2 项待证",
            note="缺：软件著作权项数",
            branch=True,
            hot=True,
        ),
        CriterionRow("乙　市级以上研发机构", Status.NOT_MET, "无", "有", "差 1 个", branch=True),
        CriterionRow(
            "持续创新能力",
            Status.NEEDS_REVIEW,
            limit="专家评判",
            note="由人评判，系统不代为判断",
            clauses=(_clause("具体条件·新颖化"),),
        ),
    )
    return (
        CriterionGroup("基本条件", basic, "3／3 符合"),
        CriterionGroup("新颖化", new, "三选一：一项符合即可"),
    )


def _questions() -> tuple[Question, ...]:
    years = (
        Entry("revenue_2023", "money", "2023 年", "1,842.60"),
        Entry("revenue_2024", "money", "2024 年", "2,036.40"),
        Entry(
            "revenue_2025",
            "money",
            "2025 年",
            "23,189,000",
            warning="2025 年营业收入比上年大 11,387 倍。单位是万元；如果按元填写，应为 2,318.90 万元。",
            offers=(Offer("改为 2,318.90 万元", "2,318.90"), Offer("数值无误，保留")),
        ),
    )
    aside: dict[str, Any] = {"clauses": (_clause("基本条件 03"),), "evidence": ("2023—2025 年审计报告",)}
    levels = (Choice("none", "没有"), Choice("municipal", "市级"), Choice("national", "国家级"))
    sectors = (Choice("C3514", "C3514 样例行业"), Choice("C3091", "C3091 样例行业"))
    return (
        Question(
            "revenue",
            "营业收入",
            years,
            hint="填审计报告利润表的“营业收入”，可带两位小数。",
            required=True,
            requirements=("上年不低于 800 万元", "近两年平均增速不低于 8%"),
            doubts=(Doubt("存疑 1：算术平均", "#doubts"),),
            **aside,
        ),
        Question(
            "registered_on",
            "注册日期",
            (
                Entry(
                    "registered_on",
                    "date",
                    value="2018-06-12",
                    source="confirmed",
                    source_note="2026-11-02 取得，不用再填",
                ),
            ),
            hint="营业执照上的“成立日期”，例如 2018-06-12。",
            requirements=("登记注册满 3 年",),
        ),
        Question("share", "主导产品收入占比", (Entry("share", "ratio", value="69.20"),)),
        Question(
            "staff",
            "从业人员",
            (
                Entry(
                    "staff",
                    "count",
                    value="十二",
                    unit="人",
                    error="请填数字，例如 12。确实没有的填 0，不清楚就留空。",
                ),
            ),
            hint="确实没有的填 0，不清楚就留空。",
        ),
        Question("rd_centre", "研发机构", (Entry("rd_centre", "choice", value="municipal", choices=levels),)),
        Question("industry", "所属行业", (Entry("industry", "text", value="C3514", suggestions=sectors),)),
        Question("brand", "是否拥有市级以上品牌", (Entry("brand", "yes_no", value="yes"),)),
    )


def example() -> dict[str, Any]:
    """Everything that the page of the style guide shows, by the name it has there."""
    terms = [
        Term("样例甲市认定办法", "#", date(2022, 4, 13), date(2027, 4, 12), "force"),
        Term("样例乙市若干措施", "#", date(2023, 9, 1), date(2025, 12, 31), "expired"),
        Term("样例梯度办法", "#", date(2026, 4, 1), None, "force"),
    ]
    text = (
        (
            Fragment("上年度营业收入"),
            Fragment("不低于八百万元", hit=True),
            Fragment("，近两年平均增速不低于百分之八。"),
        ),
    )
    effects = (
        Effect("条件", "上年营业收入 ≥ 800 万元（含本数）", "证据：审计报告"),
        Effect("条件", "两年平均增速 ≥ 8.00%", doubts=(Doubt("存疑 1：算术平均", "#doubts"),)),
        Effect("评判", "产业链优势地位", status=Status.NEEDS_REVIEW),
        Effect("金额", "新认定奖励 10 万元", clauses=(_clause("奖励政策（一）"),)),
    )
    rungs = (
        Rung("培育库", "met", "已入库", ("市级库·培育层",), "held"),
        Rung("市级", "run", "申报中", ("7 项：5 符合，2 待评判",), "now", (_clause("申报条件"),)),
        Rung("创新型", "met", "持有", ("评价得分 80",), "held"),
        Rung("专精特新", "not_met", "差 2 项", ("9 项：5 符合，2 不符合",), "next"),
        Rung("小巨人", "not_met", "差 4 项", ("须先持有上一级称号",)),
        Rung("单项冠军", "unknown", "未评估", ("本平台尚无这一级的规则",)),
    )
    return {
        "on": ON,
        "at": datetime(2026, 11, 20, 14, 40, tzinfo=timezone.get_default_timezone()),
        "steps": (Crumb("首页", "/"), Crumb("组件一览")),
        "swatches": [
            (name, ground, ink, 80 * (i % 7), 60 * (i // 7)) for i, (name, ground, ink) in enumerate(SWATCHES)
        ],
        "states": list(STATES),
        "clause": _clause("基本条件 03"),
        "doubt": Doubt("存疑 1：算术平均", "#doubts"),
        "dimensions": (
            Dimension("基本条件", Status.MET, 3, 3, "最小余量：恰好达到"),
            Dimension("专业化", Status.NEEDS_REVIEW, 3, 4, "优势地位由专家评判"),
            Dimension("精细化", Status.NEEDS_REVIEW, 1, 2),
            Dimension("特色化", Status.NOT_MET, 1, 2, "品牌差 1 件"),
            Dimension("新颖化", Status.UNKNOWN, 0, 2, "三选一未定"),
        ),
        "groups": _groups(),
        "gaps": (
            Gap(
                "补交第 3 项软件著作权登记证书",
                "已取得时只需补填。",
                "差 2 项",
                (_clause("具体条件·新颖化"),),
            ),
            Gap("建立市级研发机构", "以批文为准。", "差 1 个"),
        ),
        "law": Law("law", "申报条件 · 基本条件 03", text, effects),
        "bare_law": Law("law-bare", "第七条", (), ()),
        "rungs": rungs,
        "bars": [ForceBar.of(term.start, term.end or ON, ON) for term in terms[:2]],
        "timeline": Timeline.of(terms, ON),
        "questions": _questions(),
        "faults": (Fault("f-staff", "从业人员：请填数字，例如 12"),),
        "columns": (
            Column("企业"),
            Column("旗县区"),
            Column("营业收入（万元）", number=True),
            Column("结论"),
        ),
        "records": (
            ("样例企业甲", "样例区", "2,318.90", "met"),
            ("样例企业乙", "样例旗", "960.00", "not_met"),
            ("样例企业丙", "样例县", "未报", "unknown"),
        ),
        "page": Paginator(range(95), 10).page(4),
        "figures": {"fen": 2318900000, "small": 150000, "ratio": 0.122, "margin": -960900000, "nil": None},
        "chart": {
            "grid": {"left": 48, "right": 16, "top": 16, "bottom": 32},
            "xAxis": {"type": "category", "data": ["2023", "2024", "2025"]},
            "yAxis": {"type": "value", "name": "万元"},
            "series": [{"type": "bar", "name": "营业收入", "data": [1842.6, 2036.4, 2318.9]}],
        },
    }
