"""What the applications of the demonstration say and put forward: real files, small, and marked as made up."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any, Final

import pypdfium2
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.documents.sheets import Facts, Sheet, SheetPart
from tidu.core.documents.typesets import set_sheet
from tidu.core.documents.words import Column, Paragraph, Table
from tidu.core.figures import day_in_words, wan_yuan
from tidu.core.files.kinds import EVIDENCE_KINDS
from tidu.core.files.receiving import receive_file
from tidu.policy.assess.facts import Values
from tidu.policy.quantities import Value
from tidu.recognition.actions.filling import attach_evidence, save_part
from tidu.recognition.applying.questions import questions_of
from tidu.recognition.models import Application
from tidu.registry.actions.evidence import add_evidence
from tidu.registry.models import Evidence
from tidu.registry.own.saving import Typed
from tidu.registry.queries.facts import facts_of
from tidu.registry.vocabulary import vocabulary_in_view

#: What the calls of the demonstration ask of everybody, and every application brings.
REQUIRED: Final = ("business_licence", "audit_report", "management_certificate")
_MARK: Final = "演示材料"
_SCALE: Final = 1.2  # pixels a point of the page that stands in for a scan
_FIGURES: Final = (
    ("revenue", "营业收入"),
    ("main_product_revenue", "主导产品收入"),
    ("rd_expense", "研发费用"),
    ("net_profit", "净利润"),
    ("total_assets", "资产总额"),
)
_SAID: Final = {
    "chain_advantage": "{product}处在产业链中游，长期为区内三家大型企业配套，约占它们同类采购的三成。",
    "refined_management": "采购、生产、检验、售后都有流程文件，关键工序留有记录，一次交验合格率在 98% 以上。",
    "distinctive_product": "{product}用自有的配方和工艺生产，与区内同类产品有明显区别，并有品牌管理制度。",
    "sustained_innovation": "研发投入逐年增加，有专职的研发人员，现有在研项目 3 项。",
}


def materials_of_demonstration(materials: list[dict[str, Any]], *, more: bool) -> list[dict[str, Any]]:
    """What a call asks for: three documents of everybody, and with ``more`` whatever else the rule rests on."""
    return [
        {**material, "required": material["kind"] in REQUIRED}
        for material in materials
        if more or material["kind"] in REQUIRED
    ]


def put_forward(actor: Actor, application: Application) -> None:
    """Three documents, each under every condition that it proves."""
    values = facts_of(application.enterprise).values
    papers = {kind: _paper(actor, application, kind, values) for kind in REQUIRED}
    for leaf, _ in questions_of(application.call).leaves():
        fitting = [papers[kind] for kind in leaf.evidence if kind in papers]
        if fitting:
            attach_evidence(actor=actor, application=application, criterion=leaf.id, evidence=fitting)


def state(actor: Actor, application: Application) -> None:
    """A sentence or two on whatever a person judges."""
    product = facts_of(application.enterprise).values.get("main_product_name", "主导产品")
    for part in questions_of(application.call).parts:
        texts = {
            judged.control: f"（演示）{_SAID[judged.id].format(product=product)}"
            for judged in part.judged
            if judged.id in _SAID
        }
        if texts:
            save_part(actor=actor, application=application, part=part, typed=Typed(texts, {}))


def _paper(actor: Actor, application: Application, kind: str, values: Values) -> Evidence:
    year = application.call.base_year if kind == "audit_report" else None
    name = f"{year or ''}{vocabulary_in_view().evidence[kind].label}（演示）"
    sheet = Sheet(
        title=name,
        parts=_parts(application, kind, values),
        notes=("本页由演示数据生成，不是真实的文件，不证明任何事实。",),
    )
    made = set_sheet(kind="application", words=sheet.as_words(), made_at=timezone.now(), mark=_MARK)
    upload = (
        SimpleUploadedFile(f"{name}.png", _scanned(made))
        if kind == "business_licence"
        else SimpleUploadedFile(f"{name}.pdf", made)
    )
    received = receive_file(actor=actor, upload=upload, allowed=EVIDENCE_KINDS)
    return add_evidence(
        actor=actor,
        enterprise=application.enterprise,
        kind=kind,
        year=year,
        note=_MARK,
        received=received,
    )


def _parts(application: Application, kind: str, values: Values) -> tuple[SheetPart, ...]:
    enterprise, base = application.enterprise, application.call.base_year
    about = (("企业名称", enterprise.name), ("统一社会信用代码", enterprise.uscc))
    if kind == "audit_report":
        years = (base - 2, base - 1, base)
        rows = tuple(
            (label, *(_money(values.get(f"{name}_{year}")) for year in years)) for name, label in _FIGURES
        )
        columns = (Column("项目（万元）", 3), *(Column(f"{year} 年", 2, "right") for year in years))
        opinion = "我们审计了上述企业的财务报表，认为它们在所有重大方面公允反映了其财务状况和经营成果。"
        return (Facts(about, wide=True), Table(columns, rows), Paragraph(opinion))
    if kind == "business_licence":
        since = values.get("registered_on")
        more = (
            ("住所", str(values.get("registered_address", "—"))),
            ("成立日期", day_in_words(since) if isinstance(since, dt.date) else "—"),
        )
        return (Facts((*about, *more), wide=True),)
    scope = f"{values.get('main_product_name', '主导产品')}的设计、生产和服务"
    system = (("认证体系", "质量管理体系 GB/T 19001"), ("覆盖范围", scope), ("状态", "有效"))
    return (Facts((*about, *system), wide=True),)


def _money(fen: Value | None) -> str:
    return wan_yuan(fen) if isinstance(fen, int) else "—"


def _scanned(made: bytes) -> bytes:
    """The first page as a picture, as a scanner would make it."""
    document = pypdfium2.PdfDocument(made)
    picture = io.BytesIO()
    document[0].render(scale=_SCALE).to_pil().convert("L").save(picture, "PNG")
    document.close()
    return picture.getvalue()
