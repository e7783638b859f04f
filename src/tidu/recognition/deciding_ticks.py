"""Periodic work of decisions: notices whose period is over."""

from __future__ import annotations

from tidu.core.ticks import tick
from tidu.recognition.actions.notices import finish_notices


@tick("recognition.notices.finish")
def finish() -> str:
    """Mark notices whose period is over, and tell their officers."""
    number = finish_notices()
    return f"公示期满 {number} 件" if number else ""
