"""Periodic work of the desk."""

from __future__ import annotations

from tidu.core.ticks import tick
from tidu.desk.mail import send_at_once, send_digests
from tidu.desk.reminders import remind


@tick("desk.remind")
def reminders() -> str:
    """Remind of tasks whose deadline is near or over."""
    told = remind()
    return f"提醒 {told} 人次" if told else ""


@tick("desk.mail")
def letters() -> str:
    """Send what is left to send, and the day's digests."""
    sent = send_at_once() + send_digests()
    return f"发出 {sent} 封邮件" if sent else ""
