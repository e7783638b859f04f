"""Writing a call and bringing it to publication: one officer writes, another approves."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Final, cast

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tidu.accounts.models import Organisation
from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.calendar import current_calendar
from tidu.core.documents.drafting import issue_document, keep_draft, void_document
from tidu.core.models import OfficialDocument
from tidu.core.moments import end, moment
from tidu.core.refusals import Refused, stated
from tidu.core.roles import Role
from tidu.desk.actions import finish_task, notify, open_task, withdraw_task
from tidu.recognition.calling.checking import faults_of
from tidu.recognition.calling.limits import limits_under
from tidu.recognition.calling.notice_text import default_text, letter_of
from tidu.recognition.calling.offers import callable_offers
from tidu.recognition.calling.proposing import CallValues, content_of, first_free_day, proposed_values
from tidu.recognition.models import Call
from tidu.recognition.process.handover import take_over_call
from tidu.recognition.process.rules import freeze, pack_of, recognition_of, route_of_call
from tidu.recognition.queries.calls import earlier_calls, people_called

APPROVE: Final = "recognition.call.approve"
TOPIC: Final = "申报通知"
_TWO_CLICKS: Final = dt.timedelta(minutes=1)
_FIELDS: Final = frozenset(CallValues.__annotations__)


@transaction.atomic
def start_call(*, actor: Actor, pack: str, tier: str) -> Call:
    """A draft for a tier of a pack, filled with what can be known. A second click finds the first one's draft."""
    _city_officer(actor)
    bureau = _locked_bureau(actor)
    today = timezone.localdate()
    offered = [
        offer for offer in callable_offers(actor.place, today) if (offer.pack.id, offer.tier) == (pack, tier)
    ]
    if not offered:
        raise Refused("请选择一份由本市认定、正在施行的政策。", field="offer")
    again = Call.objects.filter(
        organisation=bureau,
        written_by_id=actor.user_id,
        pack=pack,
        tier=tier,
        state=Call.State.DRAFT,
        created_at__gt=timezone.now() - _TWO_CLICKS,
    ).first()
    if again is not None:
        return again
    calendar = current_calendar()
    chosen = offered[0].pack
    opens = first_free_day(pack=chosen, tier=tier, place=actor.place, today=today, calendar=calendar)
    values = proposed_values(
        pack=chosen,
        tier=tier,
        contacts=bureau.name,
        earlier=earlier_calls(actor, tier, opens.year),
        opens=opens,
        calendar=calendar,
    )
    call = Call(
        organisation=bureau,
        place_id=actor.place,
        pack=pack,
        tier=tier,
        written_by_id=actor.user_number,
        **values,
    )
    call.body = default_text(call)
    _redraft(actor, call)
    call.save()
    record(actor=actor, action="recognition.call.started", subject=call, detail={"pack": pack, "tier": tier})
    return call


@transaction.atomic
def save_call(
    *, actor: Actor, call: Call, values: CallValues, seen: str = "", renew_text: bool = False
) -> Call:
    """Keep what the writer has set, whether or not it is complete.

    The text follows the settings as long as nobody has changed it by hand, and with ``renew_text`` in any case.
    ``seen`` is the mark of the draft that the writer had before them: one that was changed elsewhere is refused.
    """
    held = held_call(actor, call, Call.State.DRAFT)
    _writer(actor, held)
    if seen and seen != mark_of(held):
        raise Refused("这份通知在另一个窗口里改过，这里的改动没有保存。请刷新页面，在最新的内容上修改。")
    before = content_of(held)
    proposed = not held.body.strip() or held.body == default_text(held)
    for name, value in values.items():
        if name not in _FIELDS:
            raise ValueError(f"a call has no {name} to set")
        setattr(held, name, value)
    if held.closes_at <= held.opens_at:
        raise Refused("截止时间应在开始受理之后。", field="closes_at")
    recognition = recognition_of(held)
    held.limits = limits_under(recognition, route_of_call(held), held.limits)
    if renew_text or (
        proposed and values.get("body", held.body).strip() in {"", str(before["body"]).strip()}
    ):
        held.body = default_text(held)
    if content_of(held) == before:
        return held
    _redraft(actor, held)
    held.save()
    record(
        actor=actor,
        action="recognition.call.saved",
        subject=held,
        before=_plain(before),
        after=_plain(content_of(held)),
    )
    return held


@transaction.atomic
def discard_call(*, actor: Actor, call: Call) -> None:
    """Throw a draft away. What was published is never removed."""
    held = held_call(actor, call, Call.State.DRAFT)
    _writer(actor, held)
    number, title, document = held.pk, held.title, held.document
    held.delete()
    if document is not None:
        void_document(actor=actor, document=document, reason="拟稿作废")
    record(
        actor=actor,
        action="recognition.call.discarded",
        subject_label=f"{title}（{number}）",
        detail={"pack": call.pack, "tier": call.tier},
    )


@transaction.atomic
def send_for_approval(*, actor: Actor, call: Call) -> Call:
    """Put a complete draft before a second officer. Sending it again changes nothing."""
    held = held_call(actor, call, Call.State.DRAFT, Call.State.APPROVAL)
    _writer(actor, held)
    if held.state == Call.State.APPROVAL:
        return held
    _complete(held)
    _redraft(actor, held)
    held.state = Call.State.APPROVAL
    held.save()
    open_task(
        actor=actor,
        kind=APPROVE,
        title=f"审签申报通知：{held.title}",
        url=reverse("recognition:call", args=[held.pk]),
        organisation=held.organisation,
        role=Role.CITY_OFFICER,
        subject=held,
        by_another=True,
    )
    record(actor=actor, action="recognition.call.sent", subject=held)
    return held


@transaction.atomic
def return_call(*, actor: Actor, call: Call, reason: str = "") -> Call:
    """Give a call back to its writer with the reason; the writer takes it back without one."""
    held = held_call(actor, call, Call.State.APPROVAL)
    own = held.written_by_id == actor.user_id
    reason = reason.strip() if own else stated(reason, "退回的理由", readers="拟稿人照着修改")
    held.state = Call.State.DRAFT
    held.save(update_fields=["state"])
    withdraw_task(actor=actor, kind=APPROVE, subject=held, outcome="拟稿人收回修改" if own else "退回拟稿人")
    if not own:
        notify(
            actor=actor,
            topic=TOPIC,
            title=f"申报通知被退回：{held.title}",
            body=reason,
            url=reverse("recognition:call", args=[held.pk]),
            users=[held.written_by],
        )
    record(
        actor=actor,
        action="recognition.call.taken_back" if own else "recognition.call.returned",
        subject=held,
        detail={"reason": reason[:300]},
    )
    return held


@transaction.atomic
def approve_call(*, actor: Actor, call: Call) -> Call:
    """Publish a call that somebody else has written: freeze its pack and limits, issue its notice, tell those called.

    A second click finds it published. Whatever has become wrong since it was sent is refused.
    """
    _city_officer(actor)
    _locked_bureau(actor)
    held = held_call(actor, call, Call.State.APPROVAL, Call.State.PUBLISHED)
    if held.written_by_id == actor.user_id:
        raise Refused("拟稿人不能审签自己写的通知，请由另一位经办人审签。")
    if held.state == Call.State.PUBLISHED:
        return held
    _complete(held)
    recognition, route = recognition_of(held), route_of_call(held)
    held.limits = limits_under(recognition, route, held.limits)
    held.version = freeze(pack_of(held))
    now = timezone.now()
    held.state, held.approved_by_id, held.published_at = Call.State.PUBLISHED, actor.user_number, now
    document = _redraft(actor, held)
    held.save()
    finish_task(actor=actor, kind=APPROVE, subject=held, outcome="已审签发布")
    _tell_called(actor, held)
    held.document = issue_document(actor=actor, document=document)
    record(
        actor=actor,
        action="recognition.call.published",
        subject=held,
        after=_plain(content_of(held)),
        detail={"number": held.document.number, "pack": held.pack, "digest": held.version_id},
    )
    return held


def mark_of(call: Call) -> str:
    """What tells one content of a draft from another."""
    text = json.dumps(_plain(content_of(call)), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def held_call(actor: Actor, call: Call, *states: Call.State) -> Call:
    """The call, locked, for an officer of its bureau. Raises :class:`Refused` where it stands elsewhere."""
    _city_officer(actor)
    held = (
        Call.objects.select_for_update(of=("self",))
        .visible_to(actor)
        .select_related("organisation", "written_by", "document")
        .filter(pk=call.pk)
        .first()
    )
    if held is None:
        raise Refused("找不到这份申报通知，或者它不属于您所在的机构。")
    if held.state not in states:
        raise Refused(f"这份通知现在是“{held.get_state_display()}”，不能这样办理。请刷新页面查看。")
    return held


def _redraft(actor: Actor, held: Call) -> OfficialDocument:
    """Bring the official document in line with the call. A title that is missing yet stays as it was."""
    there = held.document
    held.document = keep_draft(
        actor=actor,
        document=there,
        kind="call",
        title=held.title.strip() or ("申报通知" if there is None else there.title),
        words=letter_of(held).as_words(),
    )
    return held.document


def _complete(held: Call) -> None:
    faults = faults_of(held)
    if faults:
        more = f"（另有 {len(faults) - 1} 处）" if len(faults) > 1 else ""
        raise Refused(f"{faults[0].text}{more}", field=faults[0].field)


def _tell_called(actor: Actor, held: Call) -> None:
    notify(
        actor=actor,
        topic=TOPIC,
        title=f"开始申报：{held.title}",
        body=f"{moment(held.opens_at)} 起受理，{end(held.closes_at)} 截止。",
        url=reverse("recognition:public-call", args=[held.pk]),
        users=people_called(held),
        key=f"call-{held.pk}-published",
    )


def _city_officer(actor: Actor) -> None:
    if not actor.has(Role.CITY_OFFICER) or not actor.place:
        raise Refused("申报通知由市级经办岗办理。")


def _writer(actor: Actor, held: Call) -> None:
    if not take_over_call(actor, held):
        raise Refused(f"这份通知由{held.written_by}拟稿，请由拟稿人修改；您可以审签或退回。")


def _locked_bureau(actor: Actor) -> Organisation:
    """Calls of one bureau come one after the other: two clicks, two officers."""
    return Organisation.objects.select_for_update().get(pk=actor.organisation_number)


def _plain(values: CallValues) -> dict[str, object]:
    """As JSON can hold it; moments in one time zone, wherever they come from."""
    return cast("dict[str, object]", json.loads(json.dumps(values, ensure_ascii=False, default=_moment)))


def _moment(value: object) -> str:
    return value.astimezone(dt.UTC).isoformat() if isinstance(value, dt.datetime) else str(value)
