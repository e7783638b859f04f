"""What follows from a new day."""

from __future__ import annotations

from django.utils import timezone

from tidu.core.ticks import tick
from tidu.registry.actions.daily import refresh_if_a_day_began


@tick("registry.columns.refresh")
def refresh() -> str:
    """Bring the lists up to date with the calendar, once a day."""
    changed, expired = refresh_if_a_day_began(timezone.localdate())
    if not changed and not expired:
        return ""
    return f"更新 {changed} 家企业，撤回已满三年的事故答复 {expired} 项"
