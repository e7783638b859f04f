"""The official documents in the life of a title: of a cancellation, a change, a re-review, a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.utils import timezone

from tidu.core.documents.words import Column, Letter, Paragraph, Table
from tidu.core.figures import day_in_words
from tidu.core.models.deadlines import DayUnit
from tidu.core.moments import end_in_words, moment_in_words
from tidu.core.quoting import quoted
from tidu.recognition.models import Call, Campaign, Cancellation, ChangeReport, RecommendationList
from tidu.recognition.queries.title_rules import (
    RE_REVIEW_ABSENT,
    RE_REVIEW_FAILED,
    TitleRule,
    rule_of,
)
from tidu.registry.models import Title

#: Grounds on which the decision is one about a re-review.
OF_RE_REVIEW: Final = frozenset({RE_REVIEW_FAILED, RE_REVIEW_ABSENT})


def notice_title(case: Cancellation) -> str:
    """The title of the notice."""
    return f"关于拟取消{case.enterprise.name}{case.title.name}称号的告知书"


def notice_of(case: Cancellation) -> Letter:
    """What the enterprise is told before anything is decided: facts, ground, and its right of reply."""
    rule = rule_of(case.title)
    days, unit, late, cite = _reply(rule)
    limit = f"{days}{'个工作日' if unit == DayUnit.WORKING else '日'}"
    return Letter(
        to=f"{case.enterprise.name}：",
        parts=(
            Paragraph(f"你单位{_given(case.title)}。经核查，现就下列情况拟取消该称号，依法告知如下。"),
            Paragraph(f"一、查明的事实。{_sentence(case.facts)}"),
            Paragraph(f"二、拟作处理。上述情况属于{quoted(case.ground_label)}，拟取消称号。", (case.cite,)),
            Paragraph(
                f"三、你单位的权利。自收到本告知书次日起{limit}内，可以通过本平台提交陈述、申辩意见和证据材料。{late}",
                (cite,) if cite else (),
            ),
            Paragraph("在陈述期限届满或者收到你单位的陈述以前，本机关不作出决定，称号的效力不受影响。"),
        ),
        closing=case.organisation.name,
        on=timezone.localdate(),
        basis=_basis(rule),
    )


def decision_title(case: Cancellation) -> str:
    """The title of the decision."""
    verb = "取消" if case.cancels else "不予取消"
    return f"关于{verb}{case.enterprise.name}{case.title.name}称号的决定"


def decision_of(case: Cancellation) -> Letter:
    """The decision: what was found, what the enterprise said, what follows and on which clause."""
    rule = rule_of(case.title)
    parts = [
        Paragraph(f"{case.enterprise.name}（统一社会信用代码{case.enterprise.uscc}）{_given(case.title)}。"),
        Paragraph(f"经核查，{_sentence(case.facts)}"),
        Paragraph(_heard(case)),
        Paragraph(_sentence(case.opinion)),
    ]
    if case.cancels:
        parts.append(
            Paragraph(
                f"上述情况属于{quoted(case.ground_label)}，现决定取消其{case.title.name}称号，自本决定印发之日起生效，"
                "原证书同时失效。",
                (case.cite,),
            )
        )
        parts.append(_bar(case, rule))
    else:
        parts.append(Paragraph(f"现决定不予取消其{case.title.name}称号。", (case.cite,)))
    return Letter(
        parts=tuple(parts),
        closing=case.organisation.name,
        on=timezone.localdate(),
        basis=_basis(rule),
    )


def change_title(change: ChangeReport) -> str:
    """The title of the decision on a change."""
    return f"关于{change.enterprise.name}{change.get_kind_display()}后{change.title.name}称号的审定意见"


def change_of(change: ChangeReport, issuer: str, *, accepted: bool) -> Letter:
    """What was decided about a change that the holder of a title has reported."""
    rule = rule_of(change.title)
    late = (
        f"该变更应在{day_in_words(change.due_on)}以前报告，属逾期报告。"
        if change.late and change.due_on
        else ""
    )
    result = (
        "经审定，称号延续，有效期不变。" if accepted else "经审定，称号不再延续，另行依法告知并听取意见。"
    )
    return Letter(
        to=f"{change.enterprise.name}：",
        parts=(
            Paragraph(
                f"你单位报告，{day_in_words(change.happened_on)}发生{change.get_kind_display()}，"
                f"由{quoted(change.before)}变更为{quoted(change.after)}。{late}",
                tuple(filter(None, (rule.recognition.changes_cite if rule else "",))),
            ),
            Paragraph(f"{result}{_sentence(change.decision)}", (change.cite,) if change.cite else ()),
        ),
        closing=issuer,
        on=timezone.localdate(),
        basis=_basis(rule),
    )


def campaign_letter(call: Call, campaign: Campaign, titles: Sequence[Title], rule: TitleRule) -> Letter:
    """The notice that opens a re-review, with the enterprises that it is about."""
    review = rule.recognition.re_review
    cite = () if review is None else (review.cite,)
    way = (
        f"有效期于{day_in_words(campaign.ends_from)}至{day_in_words(campaign.ends_until)}届满的"
        if campaign.ends_from and campaign.ends_until
        else "随机抽取的"
    )
    window = campaign.way == Campaign.Way.WINDOW
    passed = "复核通过的重新核定有效期" if window else "抽查通过的有效期不变"
    rows = tuple(
        (
            str(number),
            title.enterprise.name,
            title.enterprise.uscc,
            str(title.enterprise.district or ""),
            title.valid_until.isoformat() if title.valid_until else "未定",
        )
        for number, title in enumerate(titles, start=1)
    )
    return Letter(
        to="各旗县区、开发区工信部门，各有关企业：",
        parts=(
            Paragraph(
                f"根据《{rule.pack.document.title}》，现对{way}{len(titles)}家{rule.recognition.title}组织复核，"
                "有关事项通知如下。",
                cite,
            ),
            Paragraph(
                f"一、复核时间。企业应在{moment_in_words(call.opens_at)}至{end_in_words(call.closes_at)}登录本平台，"
                "核对或更新数据和材料后提交。按期提交的，复核期间称号继续有效。"
            ),
            Paragraph(
                f"二、复核程序。企业提交后，由所在地工信部门审核，市级研究决定。{passed}；"
                "不合格或者没有按期参加的，听取企业意见后依法取消称号。",
                cite,
            ),
            Paragraph("三、复核不收取任何费用，也没有委托任何机构代办。"),
            Table(
                (
                    Column("序号", align="center"),
                    Column("企业名称"),
                    Column("统一社会信用代码"),
                    Column("旗县区"),
                    Column("有效期至", align="center"),
                ),
                rows,
                title="附件1 复核企业名单",
            ),
        ),
        closing=call.organisation.name,
        on=timezone.localdate(),
        contacts=call.contacts,
        basis=rule.pack.document.title,
    )


def list_letter(found: RecommendationList, about: str, rows: Sequence[dict[str, Any]], basis: str) -> Letter:
    """A recommendation list as an official document."""
    table = tuple(
        (
            str(number),
            str(row["name"]),
            str(row["uscc"]),
            str(row["district"]),
            str(row["word"]),
            str(row["lacks"]),
        )
        for number, row in enumerate(rows, start=1)
    )
    return Letter(
        to="各旗县区、开发区工信部门：",
        parts=(
            Paragraph(
                f"为优先推荐已认定的企业，现以{day_in_words(found.on)}的数据对照{about}，提出推荐名单共{len(rows)}家，"
                "按准备程度排序，印发你们。请组织名单里的企业补齐所缺的材料，做好申报准备。"
            ),
            Paragraph("名单依据系统评估形成，不等于认定。"),
            Table(
                (
                    Column("序号", align="center"),
                    Column("企业名称"),
                    Column("统一社会信用代码"),
                    Column("旗县区"),
                    Column("评估结论"),
                    Column("还缺的材料"),
                ),
                table,
                title="附件1 推荐名单",
            ),
        ),
        closing=found.organisation.name,
        on=timezone.localdate(),
        basis=basis,
    )


def _given(title: Title) -> str:
    number = f"（{title.document_no}）" if title.document_no else ""
    return f"于{day_in_words(title.recognised_on)}获得{title.name}称号{number}"


def _reply(rule: TitleRule | None) -> tuple[int, DayUnit, str, str]:
    if rule is None:
        raise LookupError("a title without a rule is taken away by nobody here")
    return rule.reply_limit


def _heard(case: Cancellation) -> str:
    if case.notice is None:
        return "本案经核查后认为不足以取消称号，未向企业发出拟取消告知书。"
    told = f"本机关已向该企业发出《{case.notice.title}》" + (
        f"（{case.notice.number}）。" if case.notice.number else "。"
    )
    if case.replied_at is None:
        return f"{told}该企业在期限内没有陈述和申辩。"
    return (
        f"{told}该企业于{day_in_words(timezone.localdate(case.replied_at))}提交陈述：{_sentence(case.reply)}"
    )


def _bar(case: Cancellation, rule: TitleRule | None) -> Paragraph:
    if rule is None or rule.barred_until(case.ground, timezone.localdate()) is None:
        return Paragraph("所依据的文件没有规定不得再次申报的期限。")
    revocation = rule.recognition.revocation
    assert revocation is not None  # noqa: S101 - it names the bar
    words = f"该企业自本决定印发之日起{revocation.barred}内不得再次申报。"
    return Paragraph(words, (revocation.cite,))


def _sentence(text: str) -> str:
    words = text.strip()
    return words if words.endswith(("。", "！", "？", "；")) else f"{words}。"


def _basis(rule: TitleRule | None) -> str:
    return "" if rule is None else rule.pack.document.title
