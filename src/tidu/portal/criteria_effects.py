"""What the clauses on recognition make happen: criteria, points, steps, terms, and ways to lose a title."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from typing import NamedTuple

from tidu.core.citations import doubt
from tidu.core.components import Effect
from tidu.policy.assess.assessment import names_of
from tidu.policy.assess.rendering import requirement_text
from tidu.policy.documents.criteria import Criterion, Group, PointsItem
from tidu.policy.documents.pack import Pack
from tidu.policy.documents.recognition_document import DayKind, Notice, RecognitionDocument, Switched
from tidu.policy.documents.route import Span, span_of
from tidu.policy.language import terms
from tidu.policy.status import Status

LETTERS = "甲乙丙丁戊己庚辛壬癸"
_ACTORS = {
    "enterprise": "企业",
    "district": "旗县区、开发区工信部门",
    "city": "市工信部门",
    "expert": "专家或第三方机构",
    "department": "有关部门",
    "province": "省级主管部门",
    "nation": "国家主管部门",
    "committee": "评审委员会",
    "public": "公众",
    "platform": "平台",
}
_DAYS = {"calendar": "自然日", "working": "工作日"}
_LENGTHS = {"calendar": "日", "working": "个工作日"}
_STARTS = {"same_day": "发布当天起算", "next_day": "发布次日起算"}


class Cited(NamedTuple):
    """An effect with the clause it stands beside, and the tier it belongs to where it belongs to one."""

    cite: str | None
    effect: Effect
    tier: str | None = None


def sentences(*parts: str | None) -> str:
    """Parts as sentences, each closed once; a question stays one."""
    return "".join(part if part.endswith(("。", "？", "！")) else f"{part}。" for part in parts if part)


def lines(*parts: str | None) -> str:
    """Parts on lines of their own, without those that are empty."""
    return "\n".join(part for part in parts if part)


def recognition_effects(pack: Pack, recognition: RecognitionDocument) -> Iterator[Cited]:
    """Everything that the clauses on one tier make happen."""
    tier = pack.vocabulary.tiers[recognition.tier].short
    for part in (
        _group_effects(pack, pack.criteria(recognition.tier).root),
        _procedure_effects(pack, recognition),
        _life_effects(recognition),
    ):
        yield from (cited._replace(tier=tier) for cited in part)


def criterion_words(pack: Pack, criterion: Criterion) -> str:
    """What a criterion asks, in one line with its own name: ``上年度营业收入 ≥ 1,000.00 万元``."""
    match criterion.condition:
        case terms.Fixed():
            return f"{criterion.label}：按现用读法不作要求"
        case terms.Truth() | terms.Not(part=terms.Truth()):
            return criterion.label
    if criterion.question is not None:
        return criterion.label
    asked = requirement_text(criterion, names_of(pack))
    if criterion.branches:
        total, wanted = len(criterion.branches), criterion.wanted
        count = "全部符合" if wanted == total else "任一项符合" if wanted == 1 else f"至少 {wanted} 项符合"
        return f"{criterion.label}：以下 {total} 项，{count}"
    return f"{criterion.label} {asked}" if asked[:1] in "≥≤＞＜＝≠" else f"{criterion.label}：{asked}"


def _group_effects(pack: Pack, group: Group) -> Iterator[Cited]:
    if group.interpretation is not None:
        parts = "、".join(part.label or "" for part in group.parts)
        wanted = "全部符合" if group.wanted == len(group.parts) else f"至少 {group.wanted} 项符合"
        chips = (doubt(pack, group.interpretation),)
        yield Cited(group.cite, Effect("条件", f"{parts}：{wanted}", doubts=chips))
    for part in group.parts:
        if isinstance(part, Group):
            yield from _group_effects(pack, part)
        else:
            yield from _criterion_effects(pack, part)


def _criterion_effects(pack: Pack, criterion: Criterion, among: str = "") -> Iterator[Cited]:
    """One criterion at its own clause; alternatives and points that stand in clauses of their own follow there."""
    evidence = "、".join(pack.vocabulary.evidence[name].label for name in criterion.evidence)
    here = [branch for branch in criterion.branches if branch.cite == criterion.cite]
    note = lines(
        sentences(f"“{among}”的一种" if among else None, criterion.summary, criterion.question),
        *_branches(pack, criterion),
        _items(criterion),
        f"证明材料：{evidence}" if evidence else None,
    )
    judged = criterion.question is not None
    inner = (name for branch in here for name in branch.interpretations)
    doubts = tuple(doubt(pack, name) for name in dict.fromkeys([*criterion.interpretations, *inner]))
    yield Cited(
        criterion.cite,
        Effect(
            "评判" if judged else "条件",
            criterion_words(pack, criterion),
            note,
            doubts=doubts,
            status=Status.NEEDS_REVIEW if judged else None,
        ),
    )
    for group in criterion.points.groups if criterion.points is not None else ():
        for item in group.items:
            if item.cite and item.cite != criterion.cite:
                text = f"{item.label}：最高 {item.maximum:g} 分"
                yield Cited(item.cite, Effect("计分", text, sentences(f"计入{group.label}", _bands(item))))
    for branch in criterion.branches:
        if branch.cite != criterion.cite:
            yield from _criterion_effects(pack, branch, criterion.label)
        elif branch.branches or branch.points is not None:
            yield from (cited for cited in _criterion_effects(pack, branch) if cited.cite != branch.cite)


def _branches(pack: Pack, criterion: Criterion) -> Iterator[str]:
    """The alternatives with their letters; what stands in a clause of its own is only named here."""
    for letter, branch in zip(cycle(LETTERS), criterion.branches, strict=False):
        own = branch.cite == criterion.cite
        yield f"{letter}　{criterion_words(pack, branch) if own else branch.label}"


def _items(criterion: Criterion) -> str | None:
    """The items of a points table that have no clause of their own."""
    groups = criterion.points.groups if criterion.points is not None else ()
    own = [item for group in groups for item in group.items if item.cite in {None, criterion.cite}]
    return "；".join(f"{item.label}最高 {item.maximum:g} 分" for item in own) or None


def _bands(item: PointsItem) -> str | None:
    if item.bands:
        listed = "，".join(f"{band.label or '其余'} {band.points:g} 分" for band in item.bands)
        return f"{listed}，各项相加，最高 {item.maximum:g} 分" if item.additive else listed
    if item.each is not None:
        return f"每满 {item.each:g} 计 {item.points_each:g} 分"
    return "按给定的得分计入"


def _procedure_effects(pack: Pack, recognition: RecognitionDocument) -> Iterator[Cited]:
    procedure = recognition.procedure
    if procedure is None:
        return
    for step in procedure.steps:
        kind = "任务" if step.actor == "enterprise" else "职责"
        outcomes = f"结果：{'／'.join(step.outcomes)}" if len(step.outcomes) > 1 else None
        yield Cited(
            step.cite, Effect(kind, f"{_ACTORS[step.actor]}：{step.label}", sentences(step.summary, outcomes))
        )
        if step.within is not None:
            length = span_of(step.within)
            kind = "" if length.unit in {"year", "month"} else f"（{_DAYS[_kind(length, step.day_kind)]}）"
            yield Cited(
                step.cite,
                Effect("时限", f"{step.label}：{spaced(step.within)}内{kind}", sentences(step.late)),
            )
        if step.documents:
            yield Cited(step.cite, Effect("文书", "、".join(step.documents)))
    if procedure.notice is not None:
        yield Cited(procedure.notice.cite, _notice(pack, procedure.notice))
    for label, limit in (
        ("企业补正", procedure.correction),
        ("异议核实", procedure.objection),
        ("拟取消称号的企业陈述申辩", procedure.reply),
    ):
        if limit is not None:
            text = f"{label}：{limit.days} {_LENGTHS[limit.day_kind]}内"
            yield Cited(limit.cite, Effect("时限", text, sentences(limit.late)))
    if procedure.calls_a_year is not None:
        yield Cited(procedure.calls_cite, Effect("规则", f"每年组织申报不超过 {procedure.calls_a_year} 次"))


def _kind(length: Span, written: DayKind) -> DayKind:
    return "working" if length.unit == "working" else written


def _notice(pack: Pack, notice: Notice) -> Effect:
    chosen = pack.settings()
    readings = [part for part in (notice.day_kind, notice.start) if isinstance(part, Switched)]

    def reading(part: str | Switched) -> str:
        return str(part.values[chosen[part.by]]) if isinstance(part, Switched) else part

    rolled = "，末日是法定休假日的顺延" if notice.roll_forward else ""
    return Effect(
        "时限",
        f"公示 {notice.days} 个{_DAYS[reading(notice.day_kind)]}，{_STARTS[reading(notice.start)]}{rolled}",
        sentences(f"公示处：{notice.place}"),
        doubts=tuple(doubt(pack, part.by) for part in readings),
    )


def _life_effects(recognition: RecognitionDocument) -> Iterator[Cited]:
    """The term of a title, what ends it, and what follows."""
    yield Cited(recognition.valid_cite, Effect("期限", f"称号有效期 {spaced(recognition.valid)}"))
    review = recognition.re_review
    if review is not None:
        renewed = f"复核通过的再延 {spaced(review.renewed_for)}" if review.renewed_for is not None else None
        reward = "复核通过可以再次奖励" if review.reward_again else None
        yield Cited(review.cite, Effect("任务", "到期复核", sentences(review.summary, renewed, reward)))
    revocation = recognition.revocation
    if revocation is not None:
        barred = f"取消后 {spaced(revocation.barred)}内不得再申报" if revocation.barred is not None else None
        yield Cited(revocation.cite, Effect("取消", "取消称号", sentences(revocation.summary, barred)))
        for ground in revocation.grounds:
            yield Cited(ground.cite, Effect("取消", f"情形：{ground.label}"))
    if recognition.changes_within is not None:
        text = f"发生重大变化的，{spaced(recognition.changes_within)}内报告"
        yield Cited(recognition.changes_cite, Effect("时限", text))
    for transition in recognition.transitions:
        until = None if transition.until is None else f"至 {transition.until.isoformat()}"
        yield Cited(transition.cite, Effect("衔接", transition.what, sentences(transition.summary, until)))


def spaced(quantity: str | int) -> str:
    """``3年`` as screens write it: ``3 年``."""
    text = str(quantity)
    digits = text.rstrip("年月日个天周家项件%元万亿分位人 ")
    return f"{digits} {text[len(digits) :].strip()}".strip()
