"""What the papers of the decision say: the meeting's material, the notice, the recognition, the letter of the result.

Everything in them comes from the case, its call and its pack; nothing is made up here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Final

from tidu.core.documents.words import Cited, Column, Heading, Letter, Paragraph, Table
from tidu.core.figures import day_in_words
from tidu.core.models.deadlines import DayUnit
from tidu.core.moments import end_in_words
from tidu.policy.documents.recognition_document import Stage
from tidu.policy.documents.route import Route
from tidu.recognition.models import Application, Call, Notice, NoticeItem, Proposal, ProposalItem
from tidu.recognition.process.notice_period import CHINA, Period
from tidu.recognition.process.rules import pack_of, recognition_of, route_of_call
from tidu.recognition.queries.opinions import opinions_of
from tidu.registry.models.standing import Level

_NUMBER: Final = Column("序号", align="center")


def title_of(call: Call) -> str:
    """What the call's enterprises are recognised as: 呼和浩特市“专精特新”中小企业."""
    return recognition_of(call).title


def material_title(call: Call) -> str:
    """The title of the meeting's material."""
    what = "复核" if call.kind == Call.Kind.RE_REVIEW else "认定"
    return f"关于{call.batch_name}{title_of(call)}{what}工作的汇报"


def material_of(proposal: Proposal) -> dict[str, Any]:
    """The material for the meeting: how many, which, which not and why. Seven queries for any number."""
    call = proposal.call
    items = list(
        proposal.items.select_related(
            "application__enterprise", "application__district", "application__recommendation"
        )
    )
    experts = opinions_of([item.application_id for item in items])
    selected = [item for item in items if item.selected]
    others = [item for item in items if not item.selected]
    route = route_of_call(call)
    decision, judged = _cite(route, "decision"), "experts" in route.stages
    quota = "" if call.quota is None else f"通知公布的名额为{call.quota}家。"
    parts: list[Paragraph | Heading | Table] = [
        Heading("一、总体情况"),
        Paragraph(
            f"本次共有{len(items)}件申报提请研究，拟{_verb(call)}{len(selected)}家"
            f"{f'，拟不予{_verb(call)}{len(others)}家' if others else ''}。{quota}{proposal.over_quota}",
            cites=(decision,),
        ),
        Heading("二、提请审议"),
        Paragraph(
            f"请审议拟{_verb(call)}名单（附件1）{'和不予' + _verb(call) + '的理由（附件2）' if others else ''}。"
        ),
        Table(
            (
                _NUMBER,
                Column("企业名称"),
                Column("旗县区"),
                Column("推荐意见"),
                *([Column("专家意见")] if judged else []),
            ),
            tuple(
                (
                    str(number),
                    item.application.enterprise.name,
                    item.application.district.name,
                    _recommendation(item.application),
                    *([experts[item.application_id].words] if judged else []),
                )
                for number, item in enumerate(selected, 1)
            ),
            title="附件1 拟认定名单" if call.kind == Call.Kind.FIRST else "附件1 拟复核通过名单",
        ),
    ]
    if others:
        parts.append(
            Table(
                (Column("企业名称"), Column("旗县区"), Column("理由")),
                tuple(
                    (
                        item.application.enterprise.name,
                        item.application.district.name,
                        Cited(item.reason, (item.cite,)),
                    )
                    for item in others
                ),
                title="附件2 不予认定的申报" if call.kind == Call.Kind.FIRST else "附件2 复核不予通过的企业",
            )
        )
    return Letter(tuple(parts), closing=call.organisation.name, basis=_basis(call)).as_words()


def notice_title(call: Call) -> str:
    """The title of a public notice."""
    what = "拟复核通过" if call.kind == Call.Kind.RE_REVIEW else "拟认定"
    return f"关于{call.batch_name}{title_of(call)}{what}名单的公示"


def notice_words(call: Call, period: Period, items: Sequence[NoticeItem], cite: str) -> dict[str, Any]:
    """The public notice. Of an enterprise: name, code, district and level, and nothing else."""
    what = "拟复核通过" if call.kind == Call.Kind.RE_REVIEW else "拟认定"
    level = Level(pack_of(call).vocabulary.tiers[call.tier].level).label
    return Letter(
        (
            Paragraph(
                f"根据《{pack_of(call).document.title}》，经{_way(route_of_call(call))}，"
                f"{what}下列{len(items)}家企业为{title_of(call)}，现予公示。",
                cites=(cite,),
            ),
            Paragraph(
                f"{_period(period)}"
                "公示期内，任何单位和个人如有异议，可以实名或者匿名向我单位反映，并请提供必要的事实和线索。"
            ),
            Table(
                (
                    _NUMBER,
                    Column("企业名称"),
                    Column("统一社会信用代码"),
                    Column("旗县区"),
                    Column("级别", align="center"),
                ),
                tuple((str(item.number), item.name, item.uscc, item.district, level) for item in items),
                title=f"附件 {what}名单",
            ),
        ),
        closing=call.organisation.name,
        on=period.published_on,
        contacts=call.contacts,
        basis=_basis(call),
    ).as_words()


def recognition_title(call: Call) -> str:
    """The title of the recognition document."""
    if call.kind == Call.Kind.RE_REVIEW:
        return f"关于公布{call.batch_name}{title_of(call)}复核通过名单的通知"
    return f"关于认定{call.batch_name}{title_of(call)}的通知"


def recognition_words(
    call: Call,
    rows: Sequence[tuple[Application, dt.date, dt.date]],
    notices: Iterable[Notice],
    on: dt.date,
) -> dict[str, Any]:
    """The recognition document. ``rows`` are the applications with first and last day of their titles."""
    recognition = recognition_of(call)
    renewed = call.kind == Call.Kind.RE_REVIEW
    several = len({(since, until) for _, since, until in rows}) > 1
    shown = "、".join(
        f"{_day(notice.published_at.astimezone(CHINA).date())}至{_day(notice.last_day)}" for notice in notices
    )
    public = f"并于{shown}公示，" if shown else ""
    act = "复核通过，称号继续有效" if renewed else f"认定为{title_of(call)}"
    route = route_of_call(call)
    return Letter(
        (
            Paragraph(
                f"根据《{pack_of(call).document.title}》，经{_way(route)}，{public}现将{len(rows)}家企业{act}，"
                "名单见附件。",
                cites=(_cite(route, "recognition"),),
            ),
            Paragraph(
                f"{_term(rows)}有效期内企业发生更名、合并、迁移等重大变化的，应当及时报告。",
                cites=(recognition.valid_cite,),
            ),
            Table(
                (
                    _NUMBER,
                    Column("企业名称"),
                    Column("统一社会信用代码"),
                    Column("旗县区"),
                    *((Column("有效期", 11),) if several else ()),
                ),
                tuple(
                    (
                        str(number),
                        item.enterprise.name,
                        item.enterprise.uscc,
                        item.district.name,
                        *((f"{since:%Y-%m-%d} 至 {until:%Y-%m-%d}",) if several else ()),
                    )
                    for number, (item, since, until) in enumerate(rows, 1)
                ),
                title="附件 复核通过名单" if renewed else "附件 认定名单",
            ),
        ),
        to="各旗县区（开发区）工信部门，有关企业：",
        closing=call.organisation.name,
        on=on,
        contacts=call.contacts,
        basis=_basis(call),
    ).as_words()


def result_title(call: Call) -> str:
    """The title of the letter that tells an applicant the result."""
    return f"关于{call.batch_name}{title_of(call)}{call.noun}结果的告知书"


def result_words(application: Application, *, reason: str, cite: str, after: str) -> dict[str, Any]:
    """The letter to an applicant who is not recognised: why, and by which clause. ``after`` says what came before."""
    call = application.call
    what = "复核未予通过" if call.kind == Call.Kind.RE_REVIEW else "未予认定"
    return Letter(
        (
            Paragraph(
                f"你单位《{call.title}》项下的{call.noun}（受理号{application.number}），{after}，本次{what}。"
            ),
            Paragraph(f"理由：{reason}", cites=(cite,)),
            Paragraph("对本结果有疑问的，可以与我单位联系。"),
        ),
        to=f"{application.enterprise.name}：",
        closing=call.organisation.name,
        contacts=call.contacts,
        basis=_basis(call),
    ).as_words()


def meeting_in_words(item: ProposalItem) -> str:
    """When the meeting decided, as the letter tells it; its minutes are not the applicant's."""
    on = item.proposal.meeting_on
    return "经研究" if on is None else f"经{_day(on)}会议研究"


def _period(period: Period) -> str:
    """The period of a notice as the notice tells it."""
    unit = "个工作日" if period.unit == DayUnit.WORKING else "日"
    first = "发布当日计入" if period.first_day_counts else "发布当日不计"
    rolled = f"；第{period.days}日为休息日，顺延到次一工作日" if period.rolled else ""
    return (
        f"公示期为{period.days}{unit}（{first}{rolled}），自{_day(period.starts_on)}起，"
        f"至{end_in_words(period.ends_at)}止。"
    )


def _term(rows: Sequence[tuple[Application, dt.date, dt.date]]) -> str:
    """The term of the titles, where it is the same for all."""
    terms = {(since, until) for _, since, until in rows}
    if len(terms) != 1:
        return "称号有效期见附件。"
    since, until = terms.pop()
    return f"称号有效期自{_day(since)}起，至{_day(until)}止。"


def _verb(call: Call) -> str:
    return "复核通过" if call.kind == Call.Kind.RE_REVIEW else "认定"


def _way(route: Route) -> str:
    """The way so far, in words: 企业申请、旗县区审核推荐、专家评审和会议研究."""
    words = {"apply": "企业申请", "district": "旗县区审核推荐", "experts": "专家评审"}
    return "、".join(words[stage] for stage in route.stages if stage in words) + "和会议研究"


def _cite(route: Route, stage: Stage) -> str:
    return route.stop(stage).step.cite


def _basis(call: Call) -> str:
    return pack_of(call).document.title


def _day(day: dt.date) -> str:
    return day_in_words(day)


def _recommendation(application: Application) -> str:
    said = getattr(application, "recommendation", None)
    if said is None:
        return "—"
    return f"{said} {said.document_no}".strip()
