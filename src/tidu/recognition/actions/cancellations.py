"""Opening the case against a title on a ground of its pack, and telling the enterprise what it may say to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from tidu.core.actor import SYSTEM, Actor
from tidu.core.calendar import start_deadline
from tidu.core.documents.drafting import issue_document, keep_draft
from tidu.core.files.receiving import Received
from tidu.core.quoting import quoted
from tidu.core.refusals import Refused, stated
from tidu.core.roles import Role
from tidu.desk.actions import finish_task
from tidu.recognition.actions.cancellation_steps import (
    NOTIFY,
    ask_enterprise,
    ask_officers,
    keep_files,
)
from tidu.recognition.life.letters import (
    OF_RE_REVIEW,
    notice_of,
    notice_title,
)
from tidu.recognition.models import REFUSED, Application, Cancellation, CaseKind, ChangeReport, Level
from tidu.recognition.process.life_moving import note_life, take_life
from tidu.recognition.process.moving import check_person
from tidu.recognition.queries.title_rules import RE_REVIEW_ABSENT, RE_REVIEW_FAILED, TitleRule, rule_of
from tidu.registry.actions.facts import lock_enterprises
from tidu.registry.models import Incident, Title
from tidu.registry.models.standing import TitleState

LONGEST_FACTS: Final = 2_000


@transaction.atomic
def open_cancellation(
    *,
    actor: Actor,
    title: Title,
    origin: Cancellation.Origin,
    ground: str,
    facts: str,
    files: Sequence[Received] = (),
    incident: Incident | None = None,
    change: ChangeReport | None = None,
) -> Cancellation:
    """Open a case against a title that the city itself gives. Raises :class:`Refused`.

    A title has one open case: a second click or officer is refused and pointed to it.
    """
    if not actor.has(Role.CITY_OFFICER):
        raise Refused("取消称号由市级经办岗立案。")
    if origin == Cancellation.Origin.RE_REVIEW:
        raise Refused("复核没有通过的，由系统立案。", field="origin")
    lock_enterprises([title.enterprise_id])
    held = (
        Title.objects.visible_to(actor).select_related("enterprise__organisation").filter(pk=title.pk).first()
    )
    if held is None:
        raise Refused("找不到这个称号，或者它不在您的办理范围内。")
    rule = _rule_to_lose(held)
    found = rule.ground(ground)
    if found is None or (ground in OF_RE_REVIEW):
        raise Refused("请选择文件规定的情形。", field="ground")
    facts = stated(facts, "事实", most=LONGEST_FACTS, field="facts")
    if incident is not None and incident.enterprise_id != held.enterprise_id:
        raise Refused("所选的事故与处罚不是这家企业的。", field="incident")
    case = Cancellation(
        enterprise=held.enterprise,
        title=held,
        organisation_id=actor.organisation_number,
        origin=origin,
        ground=found.id,
        ground_label=found.label,
        cite=found.cite,
        pack=rule.pack.id,
        facts=facts,
        incident=incident,
        change=change,
        opened_by_id=actor.user_id,
    )
    return _opened(actor, case, files)


@transaction.atomic
def open_for_review(*, application: Application) -> Cancellation | None:
    """Open the case that follows from a re-review that failed or was not taken part in. Idempotent.

    None where the title is not held any more, or another case against it is open.
    """
    lock_enterprises([application.enterprise_id])
    row = Application.objects.select_related("call__organisation").get(pk=application.pk)
    if row.reviewed_title_id is None:
        return None
    title = Title.objects.select_related("enterprise__organisation").get(pk=row.reviewed_title_id)
    known = Cancellation.objects.filter(application=row).first()
    if known is not None or title.state != TitleState.HELD:
        return known
    if Cancellation.objects.filter(title=title, state__in=Cancellation.OPEN_STATES).exists():
        return None
    rule = rule_of(title)
    failed = row.status in REFUSED
    found = None if rule is None else rule.ground(RE_REVIEW_FAILED if failed else RE_REVIEW_ABSENT)
    if rule is None or found is None:
        return None
    why = row.reason or ("复核研究后不予通过" if failed else "受理截止以前没有提交复核申请")
    words = f"{row.call.title}：{row.get_status_display()}。{why}"
    case = Cancellation(
        enterprise=title.enterprise,
        title=title,
        organisation=row.call.organisation,
        origin=Cancellation.Origin.RE_REVIEW,
        ground=found.id,
        ground_label=found.label,
        cite=row.cite or found.cite,
        pack=rule.pack.id,
        facts=words[:LONGEST_FACTS],
        application=row,
    )
    return _opened(SYSTEM, case, ())


@transaction.atomic
def add_files(*, actor: Actor, case: Cancellation, files: Sequence[Received]) -> Cancellation:
    """Put more evidence into an open case."""
    life = take_life(actor=actor, row=case, act="add_file")
    if not files:
        raise Refused("请先选择文件。", field="files")
    kept = keep_files(actor, life.row.files.count(), files)
    life.row.files.add(*kept)
    return life.move(detail={"files": [file.sha256 for file in kept]})


@transaction.atomic
def draft_notice(*, actor: Actor, case: Cancellation) -> Cancellation:
    """Write the notice anew from the case as it is, so that it can be looked at before it goes out."""
    life = take_life(actor=actor, row=case, act="notify")
    if life.repeated:
        return life.row
    row = life.row
    row.notice = keep_draft(
        actor=actor,
        document=row.notice,
        kind="revocation_notice",
        title=notice_title(row),
        words=notice_of(row).as_words(),
    )
    row.save(update_fields=["notice"])
    return row


@transaction.atomic
def send_notice(*, actor: Actor, case: Cancellation) -> Cancellation:
    """Issue the drafted notice: from today the enterprise has its right of reply. Raises :class:`Refused`."""
    life = take_life(actor=actor, row=case, act="notify")
    if life.repeated:
        return life.row
    row = life.row
    if row.notice is None:
        raise Refused("请先拟制告知书，看过草稿再发出。")
    rule = rule_of(row.title)
    if rule is None:
        raise Refused("找不到这个称号所依据的政策包，请联系系统管理员。")
    days, unit, _late, _cite = rule.reply_limit
    row.deadline = start_deadline(length=days, unit=unit)
    finish_task(actor=actor, kind=NOTIFY, subject=row, outcome="已发出告知书")
    ask_enterprise(actor, row)
    row.notice = issue_document(actor=actor, document=row.notice)
    return life.move(detail={"notice": row.notice.pk})


def _rule_to_lose(title: Title) -> TitleRule:
    rule = rule_of(title)
    if rule is None:
        raise Refused("没有找到这个称号所依据的政策包，不能在这里立案。", field="title")
    if not rule.own:
        raise Refused(
            f"{quoted(title.name)}由上级机关认定，请把线索报认定机关，不能由本市取消。", field="title"
        )
    if title.state != TitleState.HELD:
        raise Refused(f"这个称号{title.get_state_display()}，不需要再立案。", field="title")
    last = title.last_day
    if last is not None and last < timezone.localdate():
        raise Refused(f"这个称号已于 {last.isoformat()} 届满，不需要取消。", field="title")
    return rule


def _opened(actor: Actor, case: Cancellation, files: Sequence[Received]) -> Cancellation:
    if not actor.is_system:
        check_person(
            actor=actor,
            level=Level.CITY,
            case=CaseKind.CANCELLATION,
            case_id=0,
            enterprise=case.enterprise,
        )
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError:
        raise Refused("这个称号已经有一件没有办结的取消案件，请在那一件里办理。", field="title") from None
    case.files.add(*keep_files(actor, 0, files))
    ask_officers(actor, case, NOTIFY, "发出拟取消告知书")
    note_life(
        actor=actor,
        row=case,
        act="open",
        reason=case.facts,
        cite=case.cite,
        detail={"origin": case.origin, "ground": case.ground},
    )
    return case
