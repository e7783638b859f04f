"""How a call and a notice stand at a moment, in the words and the colour of a status."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from tidu.recognition.models import Call, Notice
from tidu.recognition.process.window import last_moment

#: Days before the end of a window from which on it is shown as closing soon.
SOON: Final = dt.timedelta(days=10)
_HOUR: Final = dt.timedelta(hours=1)
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """``badge`` is the value of ``c-status``, ``ends`` the first moment at which it is over."""

    badge: str
    word: str
    begins: dt.datetime
    ends: dt.datetime
    at: dt.datetime
    running: bool = False

    @property
    def left(self) -> dt.timedelta:
        """The time until its end, never negative."""
        return max(self.ends - self.at, dt.timedelta())

    @property
    def words(self) -> str:
        """What is left, in full hours: ``3 天 8 小时``. Nobody is promised an hour that is not there.

        Hours beside many days are no help, and left out.
        """
        days = self.left.days
        hours = 0 if self.left >= SOON else (self.left % _DAY) // _HOUR
        parts = [*([f"{days} 天"] if days else []), *([f"{hours} 小时"] if hours else [])]
        return " ".join(parts) or "不到 1 小时"

    @property
    def share(self) -> tuple[int, int]:
        """Hours that have passed, and all of them."""
        whole = max((self.ends - self.begins) // _HOUR, 1)
        return min(max((self.at - self.begins) // _HOUR, 0), whole), whole


def window_of_call(call: Call, at: dt.datetime | None = None) -> Window:
    """How a published call stands."""
    moment = at or timezone.now()
    ends = last_moment(call)

    def window(badge: str, word: str, *, running: bool = False) -> Window:
        return Window(badge, word, call.opens_at, ends, moment, running)

    if call.state == Call.State.WITHDRAWN:
        return window("revoked", "已撤销")
    if moment < call.opens_at:
        opens = timezone.localtime(call.opens_at)
        return window("future", f"{opens:%Y-%m-%d} 开始受理")
    if call.state == Call.State.PUBLISHED and moment < ends:
        open_ = window("soon" if ends - moment <= SOON else "run", "受理中", running=True)
        return window(open_.badge, f"受理中，还剩 {open_.words}", running=True)
    return window("expired", "已办结" if call.state == Call.State.FINISHED else "已截止")


def window_of_notice(notice: Notice, at: dt.datetime | None = None) -> Window:
    """How a notice stands. Its period is read from the clock, whether or not anybody has closed it."""
    moment = at or timezone.now()
    if notice.state == Notice.State.RECALLED:
        return Window("revoked", "已撤回", notice.published_at, notice.ends_at, moment)
    if notice.state == Notice.State.PUBLISHED and moment < notice.ends_at:
        return Window("run", "公示中", notice.published_at, notice.ends_at, moment, running=True)
    return Window("expired", "公示已结束", notice.published_at, notice.ends_at, moment)
