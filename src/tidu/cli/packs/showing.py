"""``tidu packs show``: a policy document as its pack has it, every line with its clause."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import click
from rich.console import Console
from rich.text import Text

from tidu.cli import options
from tidu.cli.failures import write_json
from tidu.cli.packs.listing import pack_json, place_name
from tidu.cli.screen import Grid, Paragraph, clause, heading, lines, screen, state, whole, words
from tidu.cli.usage import Command
from tidu.policy.assess.assessment import names_of
from tidu.policy.assess.rendering import requirement_text
from tidu.policy.assess.wording import Names, describe, describe_condition, show_value
from tidu.policy.documents.benefits import DecidedAmount, FixedAmount, Happening, RateAmount, ResolvedBenefit
from tidu.policy.documents.criteria import Criterion, Group
from tidu.policy.documents.library import load_library
from tidu.policy.documents.pack import Pack
from tidu.policy.documents.pack_document import Parameter
from tidu.policy.documents.procedures import STAGE_NAMES
from tidu.policy.documents.recognition_document import Procedure, RecognitionDocument, Step, Switched
from tidu.policy.quantities import MONEY

_LENGTHS = {"calendar": "日", "working": "个工作日"}
_REPORTS = {"month": "每月", "quarter": "每季", "year": "每年", "as_called": "按通知"}


@click.command(
    "show",
    cls=Command,
    help="一个政策包的全部内容：文件、施行期间、解释口径、参数、各级条件、奖励、服务、职责、目标、报送和未作规定之处，"
    "每一项带条款。摘要都是本库自己的话，以官方文本为准。",
)
@click.argument("pack_id", metavar="ID", help="政策包的标识")
@click.option(
    "--on", metavar="日期", type=options.Day(), default=options.today, help="看哪一天的状态；默认今天"
)
@options.set_option
@options.json_option
def show(*, pack_id: str, on: dt.date, settings: dict[str, str], as_json: bool) -> None:
    """Run ``tidu packs show``."""
    pack = load_library().get(pack_id)
    chosen = pack.settings(settings)
    if as_json:
        document = pack.document.model_dump(mode="json", by_alias=True, exclude_none=True)
        write_json(pack_json(pack, on) | {"settings": chosen, "document": document})
        return
    to = screen()
    _show_document(pack, on, chosen, to)
    _show_interpretations(pack, chosen, to)
    _show_parameters(pack, chosen, to)
    for recognition in pack.document.recognition:
        _show_recognition(pack, recognition, on, chosen, to)
    _show_benefits(pack, chosen, to)
    _show_duties(pack, to)
    _show_rest(pack, to)


def _show_document(pack: Pack, on: dt.date, chosen: dict[str, str], to: Console) -> None:
    document = pack.document
    since, until = pack.period(None, chosen)
    to.print(Paragraph(document.title, "bold"))
    to.print(Paragraph(document.summary))
    to.print()
    made = Grid("", "", "")
    made.row("标识", words(pack.id))
    made.row("发布机关", words(document.issuer))
    made.row("文号", words(document.document_no or "—"))
    if document.issued_on is not None:
        made.row("印发", words(document.issued_on))
    made.row("适用地区", words(f"{place_name(document.jurisdiction)}（{document.jurisdiction}）"))
    made.row("施行期间", words(f"{since} 至 {until or '未定'}"), clause(document.in_force.cite))
    made.row(f"{on}", state(pack.force(on, None, chosen)))
    if document.in_force.note:
        made.row("说明", words(document.in_force.note))
    for basis in document.basis:
        made.row("依据", words(basis.document), clause(basis.cite))
    for replaced in document.replaces:
        what = f"{replaced.pack}（{'、'.join(replaced.tiers) or '全部'}），自 {replaced.since} 起"
        made.row("代替", words(what), clause(replaced.cite))
    to.print(made)


def _show_interpretations(pack: Pack, chosen: dict[str, str], to: Console) -> None:
    declared = pack.document.interpretations
    if not declared:
        return
    to.print(heading("解释口径：原文可作两种理解之处（--set 标识=选项 可以换）"))
    made = Grid("标识", "问题和选项", "为什么这样默认", "条款")
    for name, item in declared.items():
        made.section()
        choices = [
            f"{'●' if key == chosen[name] else '○'} {key}　{label}{'（默认）' if key == item.default else ''}"
            for key, label in item.choices.items()
        ]
        made.row(whole(name), lines([item.question, *choices]), words(item.why), clause(item.cite))
    to.print(made)


def _show_parameters(pack: Pack, chosen: dict[str, str], to: Console) -> None:
    if not pack.document.parameters:
        return
    to.print(heading("参数"))
    made = Grid("标识", "含义", "数值", "条款")
    for name, item in pack.document.parameters.items():
        made.row(whole(name), words(item.label), words(_written(item, chosen)), clause(item.cite))
    to.print(made)


def _written(parameter: Parameter, chosen: dict[str, str]) -> str:
    value = parameter.value
    if isinstance(value, Switched):
        value = value.values[chosen[value.by]]
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)


def _show_recognition(
    pack: Pack, recognition: RecognitionDocument, on: dt.date, chosen: dict[str, str], to: Console
) -> None:
    since, until = pack.period(recognition.tier, chosen)
    to.print(heading(f"认定：{recognition.title}（{recognition.tier}）"))
    if recognition.summary:
        to.print(Paragraph(recognition.summary))
    force = Text.assemble(
        words(f"{since} 至 {until or '未定'}　"), state(pack.force(on, recognition.tier, chosen))
    )
    to.print(force)
    to.print(Text.assemble(words(f"有效期 {recognition.valid}　"), clause(recognition.valid_cite)))
    to.print()
    made = Grid("标识", "条件", "要求", "条款")
    criteria = pack.criteria(recognition.tier, chosen)
    for row in _group_rows(criteria.root, names_of(pack), made, 0):
        made.row(*row)
    to.print(made)
    _show_life(recognition, to)


def _group_rows(group: Group, names: Names, made: Grid, depth: int) -> Iterator[list[Text]]:
    if group.label:
        made.section()
        wanted, total = group.wanted, len(group.parts)
        needed = "全部符合" if wanted == total else f"至少 {wanted} 项符合"
        yield [
            Text(),
            words(f"{'　' * depth}{group.label}", "bold"),
            words(needed if total > 1 else ""),
            clause(group.cite),
        ]
    for part in group.parts:
        if isinstance(part, Group):
            yield from _group_rows(part, names, made, depth + bool(group.label))
        else:
            yield from _criterion_rows(part, names, depth + bool(group.label))


def _criterion_rows(criterion: Criterion, names: Names, depth: int) -> Iterator[list[Text]]:
    asked = [criterion.question] if criterion.question else []
    yield [
        whole(criterion.id),
        words(f"{'　' * depth}{criterion.label}"),
        lines([*asked, requirement_text(criterion, names)]),
        clause(criterion.cite),
    ]
    if criterion.points is not None:
        for group in criterion.points.groups:
            for item in group.items:
                yield [
                    whole(item.id),
                    words(f"{'　' * (depth + 1)}{group.label}／{item.label}"),
                    words(f"满分 {item.maximum:g}"),
                    clause(item.cite),
                ]
    for branch in criterion.branches:
        yield from _criterion_rows(branch, names, depth + 1)


def _show_life(recognition: RecognitionDocument, to: Console) -> None:
    """Procedure, public notice, re-review and revocation of a title."""
    made = Grid("程序和有效期", "内容", "条款")
    procedure = recognition.procedure
    for number, step in enumerate(() if procedure is None else procedure.steps, 1):
        made.row(words(f"{number}．{step.label}"), words(_step(step)), clause(step.cite))
    if procedure is not None:
        for label, text, cite in _procedure_rows(procedure):
            made.row(label, words(text), clause(cite))
    if recognition.re_review is not None:
        made.row("复核", words(recognition.re_review.summary), clause(recognition.re_review.cite))
    if recognition.revocation is not None:
        made.row("取消资格", words(recognition.revocation.summary), clause(recognition.revocation.cite))
        for ground in recognition.revocation.grounds:
            made.row("", words(f"· {ground.label}"), clause(ground.cite))
    for transition in recognition.transitions:
        made.row("衔接", words(transition.summary), clause(transition.cite))
    if made:
        to.print()
        to.print(made)


def _step(step: Step) -> str:
    """What happens in a step, its stages on the platform, and its limit."""
    stages = "、".join(STAGE_NAMES[stage] for stage in step.stages)
    limit = "" if step.within is None else f"时限 {step.within}。{step.late or ''}"
    return f"{step.summary}{f'环节：{stages}。' if stages else ''}{limit}"


def _procedure_rows(procedure: Procedure) -> Iterator[tuple[str, str, str | None]]:
    """What holds for the procedure as a whole: the notice, limits beside those of the steps, how often it is held."""
    notice = procedure.notice
    if notice is not None:
        kind = "" if isinstance(notice.day_kind, Switched) else _LENGTHS[notice.day_kind]
        read = f"（按解释 {notice.day_kind.by}）" if isinstance(notice.day_kind, Switched) else ""
        yield "公示", f"{notice.days} {kind or '日'}{read}，{notice.place}", notice.cite
    limits = (
        ("补正", procedure.correction),
        ("异议核实", procedure.objection),
        ("陈述申辩", procedure.reply),
    )
    for label, limit in limits:
        if limit is not None:
            silent = "" if limit.cite else "（文件未写，由政策包设定）"
            yield label, f"{limit.days} {_LENGTHS[limit.day_kind]}内{silent}。{limit.late or ''}", limit.cite
    if procedure.calls_a_year is not None:
        yield "申报次数", f"每年不超过 {procedure.calls_a_year} 次", procedure.calls_cite
    if any("decision" in step.stages for step in procedure.steps):
        said = {"refuse": "不能提交", "warn": "提示后可以提交"}[procedure.not_met]
        yield "明显不符合的", said, None


def _show_benefits(pack: Pack, chosen: dict[str, str], to: Console) -> None:
    benefits = pack.benefits(chosen)
    if not benefits:
        return
    to.print(heading("奖励和补助"))
    made = Grid("标识", "奖励", "触发", "金额", "付款部门", "条款")
    for benefit in benefits:
        document = benefit.document
        made.row(
            whole(document.id),
            words(document.label),
            words(_trigger(benefit, pack)),
            words(_amount(benefit, pack)),
            words("、".join(document.payers)),
            clause(document.cite),
        )
    to.print(made)


def _names(benefit: ResolvedBenefit, pack: Pack) -> Names:
    """The words in view of a benefit's rules: the event's fields stand before the indicators."""
    names = names_of(pack)
    if benefit.happening is not Happening.EVENT:
        return names
    return Names({**names.indicators, **pack.event_kinds[benefit.names[0]].fields}, names.tiers)


def _trigger(benefit: ResolvedBenefit, pack: Pack) -> str:
    if benefit.happening is Happening.EVENT:
        what = pack.event_kinds[benefit.names[0]].label
    else:
        titles = "、".join(pack.vocabulary.tiers[name].label for name in benefit.names)
        what = f"{'新认定' if benefit.happening is Happening.NEWLY_RECOGNISED else '复核通过'}：{titles}"
    condition = benefit.condition
    return what if condition is None else f"{what}；{describe_condition(condition, _names(benefit, pack))}"


def _amount(benefit: ResolvedBenefit, pack: Pack) -> str:
    match benefit.amount:
        case FixedAmount(fen=fen):
            return show_value(fen, MONEY)
        case DecidedAmount(least=least, most=most):
            return f"{show_value(least, MONEY)} 至 {show_value(most, MONEY)}，由评审确定"
        case RateAmount(rate=rate, base=base, cap=cap, floor=floor):
            limits = [f"最高 {show_value(cap, MONEY)}"] if cap is not None else []
            limits += [f"最低 {show_value(floor, MONEY)}"] if floor is not None else []
            return "，".join([f"{describe(base, _names(benefit, pack))}的 {float(rate) * 100:g}%", *limits])


def _show_duties(pack: Pack, to: Console) -> None:
    document = pack.document
    if document.services:
        to.print(heading("服务"))
        made = Grid("服务", "内容", "牵头", "配合", "条款")
        for item in document.services:
            made.row(
                words(item.label),
                words(item.summary),
                words(item.lead),
                words("、".join(item.joint)),
                clause(item.cite),
            )
        to.print(made)
    if document.duties:
        to.print(heading("职责"))
        duties = Grid("职责", "牵头", "配合", "条款")
        for duty in document.duties:
            duties.row(
                words(duty.label), words(duty.lead), words("、".join(duty.joint)), clause(duty.measure)
            )
        to.print(duties)
    if document.targets:
        to.print(heading("目标"))
        targets = Grid("目标", "数值", "条款")
        for target in document.targets:
            by = [
                f"{year} 年底{'累计' if target.cumulative else ''} {value}"
                for year, value in sorted(target.by.items())
            ]
            targets.row(words(target.label), lines(by), clause(target.cite))
        to.print(targets)


def _show_rest(pack: Pack, to: Console) -> None:
    document = pack.document
    if document.reporting:
        to.print(heading("报送"))
        reports = Grid("报送", "内容", "周期", "条款")
        for item in document.reporting:
            reports.row(
                words(item.label), words(item.summary), words(_REPORTS[item.period]), clause(item.cite)
            )
        to.print(reports)
    if document.effects:
        to.print(heading("其他条款带来的结果"))
        effects = Grid("结果", "条款")
        for effect in document.effects:
            effects.row(words(effect.summary), clause(effect.cite))
        to.print(effects)
    if document.silences:
        to.print(heading("文件未作规定之处，本库的处理"))
        silences = Grid("事项", "处理")
        for silence in document.silences:
            silences.row(words(silence.about), words(silence.handling))
        to.print(silences)
    if document.on_expiry:
        to.print(heading("届满以后"))
        to.print(Paragraph(document.on_expiry))
