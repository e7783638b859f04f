"""Official documents and sheets for the style guide: one of each layout, with invented words."""

from __future__ import annotations

import datetime as dt
from typing import Final

from tidu.core.documents.sheets import Certificate, Facts, Sheet
from tidu.core.documents.words import Annex, Column, Heading, Letter, Paragraph, Table
from tidu.core.models import OfficialDocument

ON: Final = dt.date(2026, 11, 20)
_ISSUER: Final = "样例市工业和信息化局"
_BASIS: Final = "《样例市专精特新中小企业认定管理办法》"
_CONTACTS: Final = "联系人：中小企业科　联系电话：0000-0000000"
_SYLLABLES: Final = ("垚昇", "堃喆", "珺华", "禾朔", "云岭", "青禾")
_TRADES: Final = ("新材料", "智能装备", "生物", "电子", "精密仪器")
_DISTRICTS: Final = ("东河区", "西山县", "北原旗", "高新技术产业开发区")


def _companies(count: int) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            str(n + 1),
            f"样例市{_SYLLABLES[n % 6]}{_TRADES[n % 5]}科技有限公司",
            f"91000000MA{n:08d}",
            _DISTRICTS[n % 4],
        )
        for n in range(count)
    )


_LIST: Final = (
    Column("序号", align="center"),
    Column("企业名称"),
    Column("统一社会信用代码"),
    Column("推荐地区"),
)
_LETTERS: Final[dict[str, tuple[str, Letter]]] = {
    "call": (
        "关于组织开展2026年度样例市专精特新中小企业申报工作的通知",
        Letter(
            to="各旗县区工业和信息化局、各开发区管委会：",
            parts=(
                Paragraph(
                    "为培育专精特新中小企业，现就组织开展2026年度申报工作有关事项通知如下。", ("认定程序/1",)
                ),
                Heading("一、申报条件"),
                Paragraph(
                    "在本市登记注册，连续经营三年以上，符合认定办法所列各项条件。", ("申报条件/基本条件/01",)
                ),
                Heading("（一）基本条件", 2),
                Paragraph("上年度营业收入、研发费用占比等指标以审计报告为准。"),
                Heading("二、申报程序"),
                Paragraph(
                    "企业登录平台填报并提交，由所在地工业和信息化主管部门审核推荐。推荐汇总表见附件。",
                    ("认定程序/2",),
                ),
                Paragraph("特此通知。"),
            ),
            closing=_ISSUER,
            contacts=_CONTACTS,
            basis=_BASIS,
            copies="市财政局，市科学技术局，市税务局。",
            annexes=(
                Annex(
                    "推荐汇总表",
                    (
                        Table(
                            (*_LIST, Column("推荐意见"), Column("备注")),
                            tuple((*row, "", "") for row in _companies(8)),
                        ),
                    ),
                    landscape=True,
                ),
            ),
        ),
    ),
    "notice": (
        "关于2026年度拟认定样例市专精特新中小企业名单的公示",
        Letter(
            parts=(
                Paragraph(
                    "经企业自愿申报、旗县区推荐、专家评审和集体研究，拟认定下列30家企业为2026年度样例市专精特新中小"
                    "企业，现予公示。",
                    ("认定程序/4",),
                ),
                Table(_LIST, _companies(30), title="拟认定名单"),
                Paragraph(
                    "公示期为2026年11月20日至2026年11月24日。公示期内，任何单位和个人有异议的，可以通过平台或者书面"
                    "提出，并附证明材料。",
                ),
            ),
            closing=_ISSUER,
            contacts=_CONTACTS,
            basis=_BASIS,
        ),
    ),
    "result": (
        "关于2026年度专精特新中小企业认定结果的告知书",
        Letter(
            to="样例市垚昇新材料科技有限公司：",
            parts=(
                Paragraph(
                    "你单位的申报经审核和评审，未予认定。理由：上年度研发费用占营业收入的比重未达到规定。",
                    ("申报条件/专项条件/03",),
                ),
                Paragraph("如有异议，可以自收到本告知书之日起十五日内书面提出。"),
            ),
            closing=_ISSUER,
            basis=_BASIS,
        ),
    ),
}
NAMES: Final = {"call": "文件格式", "notice": "公示（30 家）", "result": "信函格式"}
SHEETS: Final = {"receipt": "回执", "certificate": "证书"}


def sample_letter(name: str) -> OfficialDocument:
    """An issued document that is kept nowhere."""
    title, letter = _LETTERS[name]
    return OfficialDocument(
        kind=name,
        title=title,
        issuer=_ISSUER,
        word="样工信",
        number="样工信〔2026〕12号",
        words={**letter.as_words(), "on": ON.isoformat()},
        state=OfficialDocument.State.ISSUED,
    )


def sample_sheet(name: str) -> Sheet | Certificate:
    """A certificate, or a form with the words of a receipt."""
    if name == "certificate":
        return Certificate(
            holder="样例市垚昇新材料科技有限公司",
            uscc="91000000MA00000000",
            honour="样例市专精特新中小企业",
            number="样专精特新 2026-0012",
            issuer=_ISSUER,
            on=ON,
            since=ON,
            until=dt.date(2029, 11, 19),
            link="https://example.gov.cn/verify/2026-0012/K7QM2PXA/",
            code="K7QM-2PXA",
            basis="《关于认定2026年度样例市专精特新中小企业的决定》（样工信〔2026〕12号）",
        )
    return Sheet(
        title="申报回执",
        issuer=_ISSUER,
        number="7F3K-9QMX-22PA",
        parts=(
            Facts(
                (
                    ("申报企业", "样例市垚昇新材料科技有限公司"),
                    ("统一社会信用代码", "91000000MA00000000"),
                    ("申报事项", "2026年度样例市专精特新中小企业认定"),
                    ("提交时间", "2026年11月20日 16:32:07"),
                )
            ),
            Heading("提交的材料"),
            Table(
                (Column("序号", align="center"), Column("材料"), Column("SHA-256")),
                tuple((str(n), f"第 {n} 项材料", f"{n:02x}" * 32) for n in range(1, 5)),
            ),
        ),
        notes=("本回执证明平台收到了上列材料，不代表认定结论。",),
        digest="66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
        link="https://example.gov.cn/receipts/7F3K9QMX22PA/",
        link_note="扫码查看进度",
    )
