"""The city's table in columns: the same on the page and in the file."""

from __future__ import annotations

from typing import Final

from tidu.core.components import Column
from tidu.core.exporting import Cell
from tidu.policy.documents.route import Route
from tidu.recognition.models import Application, Status
from tidu.recognition.queries.consolidated import Row

EXPERTS: Final = "专家意见"
COLUMNS: Final = (
    Column("企业", sort="name"),
    Column("旗县区", sort="district"),
    Column("自动核对"),
    Column("旗县区意见"),
    Column(EXPERTS),
    Column("异议"),
    Column("状态", sort="status"),
)
EXPORTED: Final = (
    "受理号",
    "企业名称",
    "统一社会信用代码",
    "旗县区",
    "自动核对",
    "核对情况",
    "旗县区意见",
    "推荐意见",
    "推荐文号",
    EXPERTS,
    "异议",
    "状态",
    "未认定的理由",
    "依据条款",
)

#: Status of an application → a key of ``components.STATES``.
PILLS: Final[dict[Status, str]] = {
    Status.DRAFT: "future",
    Status.DISTRICT: "run",
    Status.RETURNED: "stop",
    Status.EXPERTS: "run",
    Status.DECISION: "soon",
    Status.SELECTED: "soon",
    Status.NOTICE: "run",
    Status.RECOGNISED: "met",
    Status.NOT_RECOMMENDED: "not_met",
    Status.NOT_RECOGNISED: "not_met",
    Status.WITHDRAWN: "expired",
    Status.LAPSED: "expired",
}


def columns_for(route: Route) -> tuple[Column, ...]:
    """The columns of a call's table; experts have one only where they are a step of the way."""
    judged = "experts" in route.stages
    return tuple(column for column in COLUMNS if judged or column.label != EXPERTS)


def pill_of(application: Application) -> str:
    """The colour of an application's status."""
    return PILLS[Status(application.status)]


def recommended_words(row: Row) -> str:
    """What the district says, in words."""
    return "尚无意见" if row.recommended is None else "推荐" if row.recommended else "不予推荐"


def objection_words(row: Row) -> str:
    """How many objections there are, and how many of them wait."""
    if not row.objections:
        return "无"
    return (
        f"{row.objections} 件，{row.open_objections} 件未办结"
        if row.open_objections
        else f"{row.objections} 件，已办结"
    )


def cells_of(row: Row) -> list[Cell]:
    """The row in a file."""
    item = row.application
    return [
        item.number or "",
        item.enterprise.name,
        item.enterprise.uscc,
        item.district.name,
        "" if row.verdict is None else row.verdict.label,
        row.counts,
        recommended_words(row),
        row.opinion,
        row.document_no,
        row.experts.words,
        objection_words(row),
        item.get_status_display(),
        item.reason,
        item.cite,
    ]
