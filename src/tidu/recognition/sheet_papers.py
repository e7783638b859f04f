"""Papers of the experts' review, set from what was handed in: one expert's sheet, and the summary of a panel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils import timezone

from tidu.core.audit.chain import digest_of
from tidu.core.documents.sheets import Facts
from tidu.core.documents.sheets import Sheet as PaperSheet
from tidu.core.documents.typesets import set_sheet
from tidu.core.documents.words import Cited, Column, Heading, Paragraph, Table
from tidu.recognition.models import Assignment, Panel
from tidu.recognition.process.rules import pack_of, route_of_call
from tidu.recognition.queries.panels import PanelFile
from tidu.recognition.queries.sheets import MET, Sheet, said_in, sheet_of


def sheet_pdf(assignment: Assignment, *, named: bool) -> bytes:
    """One expert's sheet as it was handed in, with the place for the signature left blank."""
    call = assignment.panel.call
    sheet, pack = sheet_of(call), pack_of(call)
    at = assignment.submitted_at or timezone.now()
    declared = timezone.localtime(assignment.declared_at)
    paper = PaperSheet(
        title="专家评审表",
        issuer=call.organisation.name,
        number=assignment.label,
        parts=(
            Facts(
                (
                    ("批次", call.batch_name),
                    ("企业", assignment.application.enterprise.name if named else "（盲评，不出示名称）"),
                    ("利害关系", f"{declared:%Y-%m-%d %H:%M} 声明没有利害关系"),
                    ("提交时间", f"{timezone.localtime(at):%Y-%m-%d %H:%M}"),
                ),
                wide=True,
            ),
            Heading("一、逐项评判", cites=_step_cites(assignment.panel)),
            _judgements(sheet, assignment),
            *_scores(sheet, assignment),
            Heading("二、总体意见"),
            Paragraph(f"{'建议认定' if assignment.positive else '不建议认定'}。{assignment.opinion}"),
        ),
        signatures=("专家签字：　　　　　　　　　　　　日期：　　　　年　　月　　日",),
        basis=pack.document.title,
        digest=digest_of(said_in(assignment)),
    )
    return set_sheet(kind="expert_form", words=paper.as_words(), made_at=at)


def summary_pdf(panel: Panel, files: Sequence[PanelFile], left_out: str = "") -> bytes:
    """What a panel says of these files whose sheets are in; the others are listed as out.

    ``left_out`` says which files are missing from the paper, and why.
    """
    pack = pack_of(panel.call)
    sheet = sheet_of(panel.call)
    whole = [found for found in files if found.opinion.complete]
    divided = [found for found in whole if found.opinion.divided or found.opinion.spread]
    positive = sum(found.opinion.recommends is True for found in whole)
    paper = PaperSheet(
        title="专家评审意见汇总",
        issuer=panel.call.organisation.name,
        number=f"{panel.call.batch_name}　{panel.name}",
        parts=(
            Paragraph(
                f"本组评审 {len(files)} 件，每件 {panel.each} 名专家独立评审，已交齐意见 {len(whole)} 件，"
                f"其中建议认定 {positive} 件，意见有分歧 {len(divided)} 件。{f'{left_out}。' if left_out else ''}",
                cites=_step_cites(panel),
            ),
            Table(
                columns=(
                    Column("序号", width=1, align="center"),
                    Column("企业", width=4),
                    Column("建议", width=1.2, align="center"),
                    Column("不建议", width=1.4, align="center"),
                    Column("有分歧的条件", width=4),
                    Column("专家组意见", width=4),
                ),
                rows=tuple(_summary_row(number, found, sheet) for number, found in enumerate(files, 1)),
            ),
        ),
        signatures=("组长签字：　　　　　　　　　　　　日期：　　　　年　　月　　日",),
        basis=pack.document.title,
    )
    return set_sheet(kind="expert_form", words=paper.as_words(), made_at=timezone.now())


def _judgements(sheet: Sheet, assignment: Assignment) -> Table:
    return Table(
        columns=(
            Column("维度", width=2),
            Column("条件", width=5),
            Column("评判", width=2, align="center"),
            Column("理由", width=5),
        ),
        rows=tuple(
            (
                item.dimension,
                Cited(item.label, (item.cite,) if item.cite else ()),
                "符合" if _judged(assignment, item.id).get("finding") == MET else "不符合",
                _judged(assignment, item.id).get("note", "") or "—",
            )
            for item in sheet.judged
        ),
    )


def _scores(sheet: Sheet, assignment: Assignment) -> Iterable[Table]:
    if not sheet.scored:
        return ()
    return (
        Table(
            columns=(Column("评分项", width=6), Column("满分", align="right"), Column("评分", align="right")),
            rows=tuple(
                (
                    Cited(item.label, (item.cite,) if item.cite else ()),
                    f"{item.most:g}",
                    str(assignment.scores.get(item.id, "")),
                )
                for item in sheet.scored
            ),
        ),
    )


def _judged(assignment: Assignment, criterion: str) -> dict[str, str]:
    found: dict[str, str] = assignment.judgements.get(criterion, {})
    return found


def _summary_row(number: int, found: PanelFile, sheet: Sheet) -> tuple[str | Cited, ...]:
    opinion = found.opinion
    name = found.application.enterprise.name
    if not opinion.complete:
        return (str(number), name, "—", "—", "意见未交齐", "—")
    labels = {item.id: item for item in sheet.judged}
    divided = [
        labels[item.criterion] for item in opinion.criteria if item.divided and item.criterion in labels
    ]
    said = {True: "建议认定", False: "不建议认定", None: "—"}[opinion.panel_positive]
    return (
        str(number),
        name,
        str(opinion.positive),
        str(opinion.negative),
        Cited(
            "、".join(item.label for item in divided) or "无",
            tuple(item.cite for item in divided if item.cite),
        ),
        f"{said}。{opinion.panel_opinion}" if opinion.panel_opinion else said,
    )


def _step_cites(panel: Panel) -> tuple[str, ...]:
    route = route_of_call(panel.call)
    return (route.stop("experts").step.cite,) if "experts" in route.stages else ()
