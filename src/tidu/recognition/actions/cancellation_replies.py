"""The enterprise's right of reply before its title is taken away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.files.receiving import Received
from tidu.core.refusals import Refused, stated
from tidu.desk.actions import finish_task, withdraw_task
from tidu.recognition.actions.cancellation_steps import (
    PROPOSE,
    REPLY,
    ask_city,
    ask_enterprise,
    drop_proposal,
    keep_files,
    reply_is_late,
)
from tidu.recognition.models import Cancellation
from tidu.recognition.process.life_moving import LifeCase, take_life

LONGEST_REPLY: Final = 2_000
_State: Final = Cancellation.State


@transaction.atomic
def reply(*, actor: Actor, case: Cancellation, text: str, files: Sequence[Received] = ()) -> Cancellation:
    """The enterprise's statement. One that is late is heard as long as nothing is decided."""
    life = take_life(actor=actor, row=case, act="reply")
    return life.row if life.repeated else _heard(life, text, files)


@transaction.atomic
def record_reply(
    *, actor: Actor, case: Cancellation, text: str, files: Sequence[Received] = ()
) -> Cancellation:
    """Enter a statement that an enterprise without an account has made on paper."""
    life = take_life(actor=actor, row=case, act="record_reply")
    if life.repeated:
        return life.row
    if life.row.enterprise.organisation_id is not None:
        raise Refused("这家企业有账户，请由企业自己在平台上陈述。")
    return _heard(life, text, files)


@transaction.atomic
def withdraw_reply(*, actor: Actor, case: Cancellation) -> Cancellation:
    """Take a statement back before anything is proposed. The limit has run on meanwhile."""
    life = take_life(actor=actor, row=case, act="withdraw_reply")
    if life.repeated:
        return life.row
    row = life.row
    row.reply, row.replied_at = "", None
    row.reply_files.clear()
    withdraw_task(actor=actor, kind=PROPOSE, subject=row, outcome="企业撤回陈述")
    ask_enterprise(actor, row)
    return life.move()


def _heard(life: LifeCase[Cancellation], text: str, files: Sequence[Received]) -> Cancellation:
    row, actor = life.row, life.actor
    if row.state == _State.PROPOSED and row.replied_at is not None:
        raise Refused("您的陈述已经收到，处理意见正在确认，不能再改。")
    text = stated(text, "陈述", most=LONGEST_REPLY, field="text")
    if row.state == _State.PROPOSED:
        drop_proposal(actor, row, "企业提交了陈述，处理意见作废")
    row.reply, row.replied_at = text, timezone.now()
    row.reply_files.set(keep_files(actor, 0, files))
    finish_task(actor=actor, kind=REPLY, subject=row, outcome="已陈述")
    ask_city(actor, row, _State.REPLIED)
    return life.move(target=_State.REPLIED, detail={"late": reply_is_late(row)})
