"""A submission as a paper: nothing but what was frozen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.utils import timezone

from tidu.core.documents.sheets import Facts, Sheet, SheetPart
from tidu.core.documents.words import Cited, Column, Heading, Paragraph, Table
from tidu.recognition.models import Submission
from tidu.recognition.queries.submissions import (
    SubmittedContent,
    SubmittedCriterion,
    SubmittedEvidence,
    read_submission,
)
from tidu.recognition.submitted_page import SubmittedPart, submitted_parts

_NUMBERS: Final = "一二三四五六七八九十"
_HASH: Final = 16


def paper_words(submission: Submission) -> dict[str, Any]:
    """The words of ``set_sheet(kind="application")``."""
    content = read_submission(submission)
    application = submission.application
    return Sheet(
        title=f"{content.pack.get('tier_title', '')}{submission.application.call.form}",
        parts=tuple(_parts(content, submission)),
        issuer=str(content.call.get("title", "")),
        number=f"{application.number}（第 {submission.number} 次提交）",
        notes=(
            "本文件由提交时冻结的内容生成，以后对企业数据、材料和政策的改动不影响它。",
            "机器预判供审核参考，不等于认定。材料以 SHA-256 的前 16 位标明。",
        ),
        signatures=(f"声明人：{content.declared_by}", "（企业盖章）"),
        basis=f"{content.pack.get('title', '')}　政策包 {str(content.pack.get('digest', ''))[:_HASH]}",
        digest=submission.digest,
    ).as_words()


def _parts(content: SubmittedContent, submission: Submission) -> Iterator[SheetPart]:
    moment = timezone.localtime(submission.submitted_at)
    yield Facts(
        (
            ("企业名称", content.enterprise),
            ("统一社会信用代码", content.uscc),
            ("受理地", content.district),
            ("批次", str(content.call.get("batch", ""))),
            ("数据基准年度", str(content.call.get("base_year", ""))),
            ("提交时间", f"{moment:%Y-%m-%d %H:%M:%S}"),
            ("提交人", submission.submitted_by_name),
            ("回执码", submission.application.receipt),
        )
    )
    yield Paragraph(f"机器预判：{content.status.label}。{content.headline}。{content.counts}")
    number = 0
    for part in submitted_parts(content, None):
        body = tuple(_of_part(content, part))
        if body:
            yield Heading(f"{_NUMBERS[number % len(_NUMBERS)]}、{part.label}")
            number += 1
            yield from body
    for item in content.lists:
        columns = tuple(Column(label) for label in item["columns"])
        yield Table(columns, tuple(tuple(row) for row in item["rows"]), title=str(item["label"]))
    yield Heading(f"{_NUMBERS[number % len(_NUMBERS)]}、材料和声明")
    yield from _papers(content)
    yield Paragraph(
        "本企业对所填数据、自述和所附材料的真实、准确、完整负责；弄虚作假的，愿承担取消称号等后果。"
    )


def _of_part(content: SubmittedContent, part: SubmittedPart) -> Iterator[SheetPart]:
    if part.facts:
        yield Facts(
            tuple(
                (
                    fact.label,
                    f"{fact.shown}（{fact.source_label or fact.note}）"
                    if fact.source_label or fact.note
                    else fact.shown,
                )
                for fact in part.facts
            ),
            wide=True,
        )
    for said in part.statements:
        yield Heading(f"{said.label}：自述", level=2)
        for line in said.text.splitlines():
            if line.strip():
                yield Paragraph(line.strip())
    criteria = [item for item in content.criteria if item.dimension == part.id]
    if criteria:
        yield _conclusions(criteria)
    if part.evidence:
        yield _files([(label, file) for label, files in part.evidence for file in files])


def _conclusions(criteria: list[SubmittedCriterion]) -> Table:
    return Table(
        (
            Column("条件", width=5),
            Column("现为", width=3),
            Column("要求", width=4),
            Column("余量", width=3),
            Column("预判", width=2),
        ),
        tuple(
            (
                Cited(
                    f"{item.letter}　{item.label}" if item.letter else item.label,
                    (item.cite,) if item.cite and not item.letter else (),
                ),
                item.note or item.shown,
                item.limit,
                item.margin,
                item.status.label,
            )
            for item in criteria
        ),
        title="逐条结论",
    )


def _files(files: list[tuple[str, SubmittedEvidence]]) -> Table:
    return Table(
        (Column("条件", width=4), Column("材料", width=3), Column("文件", width=5), Column("摘要", width=4)),
        tuple((label, file.label, file.name, file.sha256[:_HASH]) for label, file in files),
        title="证明材料",
    )


def _papers(content: SubmittedContent) -> Iterator[SheetPart]:
    if content.materials:
        yield Table(
            (Column("通知要求的材料", width=6), Column("是否必交", width=2), Column("是否已交", width=2)),
            tuple(
                (item.label, "必交" if item.required else "选交", "已交" if item.present else "没有")
                for item in content.materials
            ),
        )
    if content.whole:
        yield _files([("整份材料", file) for file in content.whole])
    accepted = [content.label_of(name) for name in (*content.accepted_not_met, *content.accepted_unknown)]
    if accepted:
        yield Paragraph(f"提交时知晓不符合或者没有填完的：{'、'.join(accepted)}。")
