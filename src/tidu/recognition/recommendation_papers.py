"""What the recommendation table (推荐汇总表) of a district says: as an official document, and as rows of a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from tidu.core.documents.words import Cited, Column, Letter, Paragraph, Table
from tidu.core.exporting import Cell
from tidu.core.quoting import quoted
from tidu.recognition.models import Call, Recommendation
from tidu.recognition.process.rules import pack_of, recognition_of, route_of_call

EXPORTED: Final = (
    "序号",
    "企业名称",
    "统一社会信用代码",
    "受理号",
    "结论",
    "意见或理由",
    "依据条款",
    "推荐文号",
    "汇总表文号",
)
_YES, _NO = "推荐", "不予推荐"


def title_of(call: Call) -> str:
    """The title of the document."""
    return f"关于报送{call.batch_name}{recognition_of(call).title}推荐意见的报告"[:160]


def words_of(
    call: Call, district: str, issuer: str, rows: Sequence[Recommendation], contacts: str = ""
) -> dict[str, Any]:
    """The document: how many were reviewed, which are recommended, which are not and why."""
    positive = [item for item in rows if item.positive]
    negative = [item for item in rows if not item.positive]
    pack = pack_of(call)
    cite = route_of_call(call).stop("district").step.cite
    text = (
        f"按照《{pack.document.title}》和{quoted(call.title)}，我局对{district}企业提交的材料进行了审核，"
        f"本次报送 {len(rows)} 件：推荐 {len(positive)} 家"
        f"{f'，不予推荐 {len(negative)} 家' if negative else ''}，现予上报。"
    )
    parts: list[Paragraph | Table] = [Paragraph(text, cites=(cite,))]
    if positive:
        parts.append(
            Table(
                (
                    Column("序号", 1, "center"),
                    Column("企业名称", 4),
                    Column("统一社会信用代码", 3),
                    Column("推荐意见", 5),
                ),
                tuple(
                    (str(number), _name(item), _code(item), item.opinion)
                    for number, item in enumerate(positive, 1)
                ),
                title=f"附件1 {call.batch_name}推荐企业汇总表",
            )
        )
    if negative:
        parts.append(
            Table(
                (
                    Column("序号", 1, "center"),
                    Column("企业名称", 4),
                    Column("统一社会信用代码", 3),
                    Column("不予推荐的理由", 5),
                ),
                tuple(
                    (
                        str(number),
                        _name(item),
                        _code(item),
                        Cited(item.opinion, tuple(filter(None, (item.application.cite,)))),
                    )
                    for number, item in enumerate(negative, 1)
                ),
                title=f"附件{2 if positive else 1} {call.batch_name}不予推荐企业名单",
            )
        )
    letter = Letter(
        to=f"{call.organisation.name}：",
        parts=tuple(parts),
        closing=issuer,
        contacts=contacts,
        basis=pack.document.title,
    )
    return letter.as_words()


def cells_of(rows: Iterable[Recommendation]) -> Iterable[list[Cell]]:
    """The rows of the workbook: exactly what the page shows."""
    for number, item in enumerate(rows, 1):
        yield [
            number,
            _name(item),
            _code(item),
            item.application.number,
            _YES if item.positive else _NO,
            item.opinion,
            item.application.cite,
            item.document_no,
            "" if item.table is None else item.table.document.number,
        ]


def _name(item: Recommendation) -> str:
    return item.application.enterprise.name


def _code(item: Recommendation) -> str:
    return item.application.enterprise.uscc
