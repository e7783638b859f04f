"""What time does to applicants: a correction that nobody handed in, and days that an interruption took."""

from __future__ import annotations

from tidu.core.ticks import tick
from tidu.recognition.actions.lapsing import lapse_corrections
from tidu.recognition.actions.making_up import make_up


@tick("recognition.corrections.lapse")
def lapse_late_corrections() -> str:
    """End the applications whose correction did not come in time."""
    ended = lapse_corrections()
    return f"逾期未补正的申报失效 {ended} 件" if ended else ""


@tick("recognition.limits.made_up")
def give_days_back() -> str:
    """Give back the days of an interruption that is just over."""
    done = make_up()
    return f"平台中断顺延期限 {done} 个" if done else ""
