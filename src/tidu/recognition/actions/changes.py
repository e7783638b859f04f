"""Changes of an enterprise that holds a title: reported by it, looked into by its district, decided by its city."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tidu.accounts.models import Organisation
from tidu.core.actor import Actor
from tidu.core.calendar import close_deadline, current_calendar, start_deadline
from tidu.core.documents.drafting import issue_document, keep_draft
from tidu.core.models import Jurisdiction, OfficialDocument
from tidu.core.quoting import quoted
from tidu.core.refusals import Refused
from tidu.core.roles import Role
from tidu.desk.actions import finish_task, open_task, withdraw_task
from tidu.policy.vocabulary.places import load_places
from tidu.recognition.actions.cancellations import open_cancellation
from tidu.recognition.actions.certificates import reissue_certificate
from tidu.recognition.life.letters import change_of, change_title
from tidu.recognition.models import Cancellation, ChangeReport
from tidu.recognition.process.bureaus import city_bureau, local_holder
from tidu.recognition.process.changes import CHANGE_OPEN
from tidu.recognition.process.life_moving import LifeCase, note_life, take_life
from tidu.recognition.process.rules import SILENT
from tidu.recognition.queries.title_rules import CHANGE_NOT_REPORTED, CHANGE_REFUSED, TitleRule, rule_of
from tidu.registry.actions.enterprises import move_enterprise, rename_enterprise
from tidu.registry.actions.facts import lock_enterprises
from tidu.registry.models import Evidence, Title
from tidu.registry.models.standing import TitleState

OPINION: Final = "recognition.change.opinion"
DECIDE: Final = "recognition.change.decide"
LONGEST_TEXT: Final = 1_000
LONGEST_SIDE: Final = 200
_Kind: Final = ChangeReport.Kind


@transaction.atomic
def report_change(
    *,
    actor: Actor,
    title: Title,
    kind: ChangeReport.Kind,
    happened_on: dt.date,
    after: str,
    before: str = "",
    text: str = "",
    new_place: Jurisdiction | None = None,
    evidence: Collection[Evidence] = (),
) -> ChangeReport:
    """Report a change with its evidence. One behind its limit is taken, and marked. Raises :class:`Refused`."""
    if not actor.has(Role.ENTERPRISE_MANAGER):
        raise Refused("变更由企业负责人报告。")
    lock_enterprises([title.enterprise_id])
    held = Title.objects.visible_to(actor).select_related("enterprise__district").filter(pk=title.pk).first()
    if held is None:
        raise Refused("找不到这个称号。")
    rule = _rule_that_counts(held)
    after = _checked(held, kind, happened_on, after=after, text=text, new_place=new_place)
    if not evidence:
        raise Refused("请至少选一份证明材料，例如登记变更材料。", field="evidence")
    if any(item.enterprise_id != held.enterprise_id or item.withdrawn_at for item in evidence):
        raise Refused("所选的材料里有已经撤下的，请重新选择。", field="evidence")
    if ChangeReport.objects.filter(title=held, kind=kind, state__in=CHANGE_OPEN).exists():
        raise Refused("同一种变更已经报告过一件，还没有审定。请在那一件里查看进展。", field="kind")
    due_on = rule.change_due(happened_on, current_calendar())
    today = timezone.localdate()
    days, unit, _late = SILENT["change"]
    change = ChangeReport.objects.create(
        enterprise=held.enterprise,
        title=held,
        kind=kind,
        happened_on=happened_on,
        due_on=due_on,
        late=today > due_on,
        before=(before.strip() or _present(held, kind))[:LONGEST_SIDE],
        after=after,
        text=text.strip(),
        new_place=new_place,
        deadline=start_deadline(length=days, unit=unit),
        cite=rule.recognition.changes_cite or "",
        reported_by_id=actor.user_id,
    )
    change.evidence.set(evidence)
    holder = local_holder(held.enterprise)
    if holder is not None:
        _ask(actor, change, OPINION, "核实变更报告", holder.organisation, Role(holder.role))
    note_life(
        actor=actor,
        row=change,
        act="report",
        reason=f"{change.get_kind_display()}：{change.before} → {change.after}",
        cite=change.cite,
        detail={"kind": kind, "late": change.late},
    )
    return change


@transaction.atomic
def withdraw_change(*, actor: Actor, change: ChangeReport) -> ChangeReport:
    """Take a report back before it is decided. The duty to report stays."""
    life = take_life(actor=actor, row=change, act="withdraw")
    if life.repeated:
        return life.row
    for kind in (OPINION, DECIDE):
        withdraw_task(actor=actor, kind=kind, subject=life.row, outcome="企业撤回")
    _closed(life)
    return life.move()


@transaction.atomic
def give_opinion(*, actor: Actor, change: ChangeReport, positive: bool, opinion: str) -> ChangeReport:
    """The district's opinion: whether the title should go on, and why."""
    life = take_life(actor=actor, row=change, act="opinion", reason=opinion)
    if life.repeated:
        return life.row
    row = life.row
    row.district_positive, row.district_opinion = positive, life.reason
    finish_task(actor=actor, kind=OPINION, subject=row, outcome="已提出意见")
    bureau = city_bureau(row.enterprise.city_id)
    if bureau is not None:
        _ask(actor, row, DECIDE, "审定变更报告", bureau, Role.CITY_OFFICER)
    return life.move(detail={"positive": positive})


@transaction.atomic
def draft_decision(
    *, actor: Actor, change: ChangeReport, accepted: bool, decision: str, cite: str = ""
) -> ChangeReport:
    """Write the decision as a draft document. :func:`decide_change` issues it, in a step of its own."""
    life = take_life(actor=actor, row=change, act="accept" if accepted else "refuse", reason=decision)
    if life.repeated:
        return life.row
    row = life.row
    row.decision, row.cite = life.reason, cite or row.cite
    row.document = _drafted(actor, row, accepted=accepted)
    row.save(update_fields=["decision", "cite", "document"])
    return row


def _drafted(actor: Actor, row: ChangeReport, *, accepted: bool) -> OfficialDocument:
    return keep_draft(
        actor=actor,
        document=row.document,
        kind="change",
        title=change_title(row),
        words=change_of(row, actor.organisation, accepted=accepted).as_words(),
    )


@transaction.atomic
def decide_change(
    *, actor: Actor, change: ChangeReport, accepted: bool, decision: str, cite: str = ""
) -> ChangeReport:
    """Decide: the title goes on, and the record follows a new name or place; or it does not, and a case is opened.

    Raises :class:`Refused`. A second click changes nothing.
    """
    act = "accept" if accepted else "refuse"
    life = take_life(actor=actor, row=change, act=act, reason=decision)
    if life.repeated:
        return life.row
    row = life.row
    rule = rule_of(row.title)
    life.cite = cite or row.cite or (rule.recognition.valid_cite if rule is not None else "")
    row.cite = life.cite
    row.decision, row.decided_by_id, row.decided_at = life.reason, actor.user_id, timezone.now()
    if not accepted and row.title.state == TitleState.HELD and not _may_be_cancelled(row):
        raise Refused("这个称号已经有一件没有办结的取消案件，请先办结那一件。")
    lock_enterprises([row.enterprise_id])
    finish_task(actor=actor, kind=DECIDE, subject=row, outcome=life.transition.label)
    _closed(life)
    if row.document is not None:  # a colleague may have drafted something else since
        row.document = issue_document(actor=actor, document=_drafted(actor, row, accepted=accepted))
    if accepted:
        _follow(actor, row)
    decided = life.move(detail={"document": row.document.number if row.document else ""})
    if not accepted:
        _open_case(actor, decided, rule)
    return decided


def _follow(actor: Actor, row: ChangeReport) -> None:
    """Bring the enterprise's record in line with what was accepted."""
    basis = f"变更报告 {row.pk} 号，{row.get_kind_display()}"
    number = row.document.number if row.document is not None else ""
    if row.kind == _Kind.NAME:
        rename_enterprise(
            actor=actor,
            enterprise=row.enterprise,
            name=row.after,
            basis=basis,
            document_no=number,
            stated_on=row.happened_on,
        )
        for certificate in row.title.certificates.standing():
            reissue_certificate(actor=actor, certificate=certificate, reason=f"企业更名（{basis}）")
    elif row.kind == _Kind.MOVE and row.new_place_id is not None:
        move_enterprise(
            actor=actor,
            enterprise=row.enterprise,
            place=row.new_place_id,
            basis=basis,
            document_no=number,
            stated_on=row.happened_on,
        )


def _open_case(actor: Actor, row: ChangeReport, rule: TitleRule | None) -> None:
    """The title does not go on: the enterprise is heard before it is taken away."""
    if row.title.state != TitleState.HELD:
        return
    unreported = rule is not None and row.late and rule.ground(CHANGE_NOT_REPORTED) is not None
    late = f"，应在 {row.due_on} 以前报告，属逾期报告" if row.late else ""
    open_cancellation(
        actor=actor,
        title=row.title,
        origin=Cancellation.Origin.CHANGE,
        ground=CHANGE_NOT_REPORTED if unreported else CHANGE_REFUSED,
        facts=(
            f"企业于 {row.happened_on} 发生{row.get_kind_display()}，"
            f"由{quoted(row.before)}变更为{quoted(row.after)}{late}。"
            f"审定意见：{row.decision}"
        ),
        change=row,
    )


def _may_be_cancelled(row: ChangeReport) -> bool:
    open_cases = Cancellation.objects.filter(title_id=row.title_id, state__in=Cancellation.OPEN_STATES)
    return not open_cases.exists()


def _rule_that_counts(title: Title) -> TitleRule:
    rule = rule_of(title)
    if rule is None:
        raise Refused("没有找到这个称号所依据的文件，请联系所在地工信部门。")
    if not rule.own:
        raise Refused("这个称号由上级机关认定，请按认定机关的要求在其平台报告变更。")
    if title.state != TitleState.HELD:
        raise Refused("这个称号已经不再持有，不需要报告变更。")
    return rule


def _checked(
    title: Title,
    kind: ChangeReport.Kind,
    happened_on: dt.date,
    *,
    after: str,
    text: str,
    new_place: Jurisdiction | None,
) -> str:
    """The state after the change, in words. Raises :class:`Refused` for what cannot be."""
    if happened_on > timezone.localdate():
        raise Refused("发生日期晚于今天，请核对。", field="happened_on")
    if happened_on < title.recognised_on:
        raise Refused("变更发生在取得称号以前，不需要在这里报告。", field="happened_on")
    if kind == _Kind.MOVE and new_place is not None:
        if new_place.pk == title.enterprise.district_id:
            raise Refused("迁入地和现在的注册地相同，请核对。", field="new_place")
        if load_places().by_code[new_place.pk].code[:4] != (title.enterprise.city_id or "")[:4]:
            raise Refused("请选择本市的旗县区；迁出本市的，选“迁出本市”。", field="new_place")
        after = after.strip() or new_place.name
    after = " ".join(after.split())
    if not after:
        raise Refused("请填写变更后的情况。", field="after")
    if len(after) > LONGEST_SIDE:
        raise Refused(f"请控制在 {LONGEST_SIDE} 个字以内。", field="after")
    if kind == _Kind.NAME and after == title.enterprise.name:
        raise Refused("新名称和现在登记的名称相同，请核对。", field="after")
    if len(text.strip()) > LONGEST_TEXT:
        raise Refused(f"说明请控制在 {LONGEST_TEXT} 个字以内。", field="text")
    return after


def _present(title: Title, kind: ChangeReport.Kind) -> str:
    """The state before the change, as the registry knows it."""
    if kind == _Kind.NAME:
        return title.enterprise.name
    if kind == _Kind.MOVE:
        return str(title.enterprise.district or title.enterprise.city or "未登记")
    return "见说明"


def _closed(life: LifeCase[ChangeReport]) -> None:
    if life.row.deadline is not None:
        close_deadline(deadline=life.row.deadline)


def _ask(  # noqa: PLR0917 - private
    actor: Actor, row: ChangeReport, kind: str, title: str, organisation: Organisation, role: Role
) -> None:
    open_task(
        actor=actor,
        kind=kind,
        title=f"{title}：{row.enterprise.name}",
        url=reverse("recognition:change", args=[row.pk]),
        organisation=organisation,
        role=role,
        subject=row,
        subject_label=f"{row.enterprise.name}　{row.get_kind_display()}"[:200],
        deadline=row.deadline,
        about=row.enterprise,
    )
