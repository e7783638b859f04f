"""A re-review: opened by one officer for titles that end or were drawn, approved by another, sent to enterprises."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tidu.accounts.models import Organisation
from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.documents.drafting import issue_document, keep_draft, void_document
from tidu.core.jobs import start
from tidu.core.refusals import Refused, stated
from tidu.core.roles import Role
from tidu.desk.actions import finish_task, notify, open_task, withdraw_task
from tidu.policy.documents.route import re_review_route
from tidu.recognition.life.letters import campaign_letter
from tidu.recognition.models import Call, Campaign
from tidu.recognition.process.handover import take_over_call
from tidu.recognition.process.rules import freeze, limits_for
from tidu.recognition.queries.campaigns import campaigns_for, drawable, drawn, ending, kept_from, titles_of
from tidu.recognition.queries.title_rules import TitleRule, own_rules

APPROVE: Final = "recognition.campaign.approve"
BEGIN: Final = "recognition.re_review.begin"
SHORTEST_WINDOW: Final = dt.timedelta(days=3)
MOST_TITLES: Final = 2_000


@dataclass(frozen=True, slots=True)
class Selection:
    """Which titles: those that end from one day to another, or ``number`` drawn (``ends`` left out)."""

    way: Campaign.Way
    ends_from: dt.date | None = None
    ends_until: dt.date | None = None
    number: int = 0


@transaction.atomic
def open_campaign(
    *,
    actor: Actor,
    tier: str,
    selection: Selection,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    title: str = "",
    contacts: str = "",
) -> Call:
    """Draft a re-review of titles of a tier that the city recognises itself. Raises :class:`Refused`."""
    _officer(actor)
    bureau = Organisation.objects.select_for_update().get(pk=actor.organisation_number)
    today = timezone.localdate()
    rule = next((item for item in own_rules(actor.place, today) if item.recognition.tier == tier), None)
    if rule is None:
        raise Refused("请选择由本市认定的称号。", field="tier")
    _window(opens_at, closes_at)
    seed = secrets.token_hex(16)
    candidates, chosen = _selected(actor, tier, selection, seed, today)
    call = Call(
        kind=Call.Kind.RE_REVIEW,
        organisation=bureau,
        place_id=actor.place,
        pack=rule.pack.id,
        tier=tier,
        title=title.strip()[:120] or _default_title(rule, opens_at, selection),
        batch_name=f"{timezone.localtime(opens_at).year}年度复核",
        year=timezone.localtime(opens_at).year,
        base_year=timezone.localtime(opens_at).year - 1,
        opens_at=opens_at,
        closes_at=closes_at,
        contacts=contacts.strip()[:200] or bureau.name,
        limits=limits_for(rule.recognition, re_review_route(rule.recognition, rule.pack.settings())),
        written_by_id=actor.user_number,
    )
    call.save()
    sampled = selection.way == Campaign.Way.SAMPLE
    campaign = Campaign.objects.create(
        call=call,
        way=selection.way,
        ends_from=selection.ends_from,
        ends_until=selection.ends_until,
        seed=seed if sampled else "",
        candidates=candidates,
    )
    campaign.titles.set(chosen)
    record(
        actor=actor,
        action="recognition.campaign.opened",
        subject=call,
        after={"titles": chosen},
        detail={
            "way": selection.way,
            "titles": len(chosen),
            "candidates": len(candidates),
            "seed": campaign.seed,
        },
    )
    return call


@transaction.atomic
def leave_out(*, actor: Actor, call: Call, title_id: int, reason: str) -> None:
    """Take one title out of a draft, with the reason."""
    held = held_campaign(actor, call, Call.State.DRAFT)
    _writer(actor, held)
    reason = stated(reason, "不列入的理由")
    if kept_from(actor, held.campaign.titles.filter(pk=title_id)):
        raise Refused("您应当回避这家企业，不能由您移出。")
    if held.campaign.titles.count() <= 1:
        raise Refused("这是名单里的最后一家。不需要复核的，请作废这次复核。")
    held.campaign.titles.remove(title_id)
    record(
        actor=actor,
        action="recognition.campaign.left_out",
        subject=held,
        before=title_id,
        detail={"title": title_id, "reason": reason[:300]},
    )


@transaction.atomic
def send_campaign(*, actor: Actor, call: Call) -> Call:
    """Put a draft before a second officer. Sending it again changes nothing."""
    held = held_campaign(actor, call, Call.State.DRAFT, Call.State.APPROVAL)
    _writer(actor, held)
    if held.state == Call.State.APPROVAL:
        return held
    _window(held.opens_at, held.closes_at)
    rule = rule_of_campaign(held)
    titles = titles_of(held.campaign)
    words = campaign_letter(held, held.campaign, titles, rule).as_words()
    held.document = keep_draft(
        actor=actor, document=held.document, kind="call", title=held.title, words=words
    )
    held.body = f"复核 {len(titles)} 家企业的{rule.recognition.title}称号。"
    held.state = Call.State.APPROVAL
    held.save()
    open_task(
        actor=actor,
        kind=APPROVE,
        title=f"审签复核通知：{held.title}",
        url=reverse("recognition:campaign", args=[held.pk]),
        organisation=held.organisation,
        role=Role.CITY_OFFICER,
        subject=held,
        by_another=True,
    )
    record(actor=actor, action="recognition.campaign.sent", subject=held, detail={"titles": len(titles)})
    return held


@transaction.atomic
def return_campaign(*, actor: Actor, call: Call, reason: str = "") -> Call:
    """Give it back to its writer with the reason; the writer takes it back without one."""
    held = held_campaign(actor, call, Call.State.APPROVAL)
    own = held.written_by_id == actor.user_id
    reason = reason.strip() if own else stated(reason, "退回的理由", readers="拟稿人照着修改")
    held.state = Call.State.DRAFT
    held.save(update_fields=["state"])
    withdraw_task(actor=actor, kind=APPROVE, subject=held, outcome="拟稿人收回" if own else "退回拟稿人")
    if not own:
        notify(
            actor=actor,
            topic="复核",
            title=f"复核通知被退回：{held.title}"[:200],
            body=reason,
            url=reverse("recognition:campaign", args=[held.pk]),
            users=[held.written_by],
        )
    record(
        actor=actor,
        action="recognition.campaign.returned",
        subject=held,
        detail={"reason": reason[:300]},
    )
    return held


@transaction.atomic
def discard_campaign(*, actor: Actor, call: Call) -> None:
    """Throw a draft away."""
    held = held_campaign(actor, call, Call.State.DRAFT)
    _writer(actor, held)
    number, title, document = held.pk, held.title, held.document
    held.campaign.delete()
    held.delete()
    if document is not None:
        void_document(actor=actor, document=document, reason="拟稿作废")
    record(actor=actor, action="recognition.campaign.discarded", subject_label=f"{title}（{number}）")


@transaction.atomic
def approve_campaign(*, actor: Actor, call: Call) -> Call:
    """Publish what another officer has written; the enterprises' applications are made in the background.

    A second click finds it published. Raises :class:`Refused`.
    """
    _officer(actor)
    held = held_campaign(actor, call, Call.State.APPROVAL, Call.State.PUBLISHED)
    if held.written_by_id == actor.user_id:
        raise Refused("拟稿人不能审签自己写的通知，请由另一位经办人审签。")
    if held.state == Call.State.PUBLISHED:
        return held
    _window(held.opens_at, held.closes_at)
    rule = rule_of_campaign(held)
    held.version = freeze(rule.pack)
    held.limits = limits_for(
        rule.recognition, re_review_route(rule.recognition, rule.pack.settings(held.readings))
    )
    held.state, held.approved_by_id = Call.State.PUBLISHED, actor.user_number
    held.published_at = timezone.now()
    held.save()
    finish_task(actor=actor, kind=APPROVE, subject=held, outcome="已审签发布")
    if held.document is not None:
        held.document = issue_document(actor=actor, document=held.document)
    start(actor=actor, kind=BEGIN, title=f"通知企业：{held.title}", arguments={"call": held.pk})
    record(
        actor=actor,
        action="recognition.campaign.published",
        subject=held,
        after={"titles": sorted(held.campaign.titles.values_list("pk", flat=True))},
        detail={"number": held.document.number if held.document else "", "digest": held.version_id},
    )
    return held


def held_campaign(actor: Actor, call: Call, *states: Call.State) -> Call:
    """The re-review, locked, for an officer of its bureau. Raises :class:`Refused` where it stands elsewhere."""
    _officer(actor)
    held = campaigns_for(actor).select_for_update(of=("self",)).filter(pk=call.pk).first()
    if held is None:
        raise Refused("找不到这次复核，或者它不属于您所在的机构。")
    if held.state not in states:
        raise Refused(f"这次复核现在是“{held.get_state_display()}”，不能这样办理。请刷新页面查看。")
    return held


def rule_of_campaign(call: Call) -> TitleRule:
    """The rule of a re-review that is being prepared. Raises :class:`Refused` where it is gone."""
    rules = own_rules(call.place_id, timezone.localdate())
    found = next((rule for rule in rules if rule.recognition.tier == call.tier), None)
    if found is None:
        raise Refused("这次复核所依据的政策包已经不在政策库里。")
    return found


def _selected(
    actor: Actor, tier: str, selection: Selection, seed: str, today: dt.date
) -> tuple[list[int], list[int]]:
    """The candidates of a draw, and the titles that were chosen."""
    if selection.way == Campaign.Way.WINDOW:
        if selection.ends_from is None or selection.ends_until is None:
            raise Refused("请填写有效期届满的起止日期。", field="ends_from")
        if selection.ends_until < selection.ends_from:
            raise Refused("截止日期早于开始日期，请核对。", field="ends_until")
        rows = ending(actor.place, tier, selection.ends_from, selection.ends_until)
        chosen = list(rows.order_by("pk").values_list("pk", flat=True)[: MOST_TITLES + 1])
        candidates: list[int] = []
    else:
        candidates = list(drawable(actor.place, tier, today).order_by("pk").values_list("pk", flat=True))
        if not 1 <= selection.number <= max(len(candidates), 1):
            raise Refused(
                f"可以抽取的称号有 {len(candidates)} 个，请填 1 至 {len(candidates)}。", field="number"
            )
        chosen = drawn(candidates, selection.number, seed) if candidates else []
    if not chosen:
        raise Refused("没有可以复核的称号：没有在这段时间届满的，或者都已经安排复核。", field="ends_until")
    if len(chosen) > MOST_TITLES:
        raise Refused(f"一次最多复核 {MOST_TITLES:,} 家，请缩短时间段。", field="ends_until")
    return candidates, chosen


def _default_title(rule: TitleRule, opens_at: dt.datetime, selection: Selection) -> str:
    word = "抽查复核" if selection.way == Campaign.Way.SAMPLE else "到期复核"
    return f"关于开展{timezone.localtime(opens_at).year}年度{rule.recognition.title}{word}的通知"[:120]


def _window(opens_at: dt.datetime, closes_at: dt.datetime) -> None:
    if closes_at - opens_at < SHORTEST_WINDOW:
        raise Refused(f"受理时间至少 {SHORTEST_WINDOW.days} 天。", field="closes_at")
    if closes_at <= timezone.now() + SHORTEST_WINDOW:
        raise Refused("截止时间离现在太近，企业来不及准备。", field="closes_at")


def _writer(actor: Actor, held: Call) -> None:
    if not take_over_call(actor, held):
        raise Refused(f"这次复核由{held.written_by}拟稿，请由拟稿人修改；您可以审签或退回。")


def _officer(actor: Actor) -> None:
    if not actor.has(Role.CITY_OFFICER) or not actor.place:
        raise Refused("复核由市级经办岗组织。")
