"""What time does to applications that were returned: a correction that nobody handed in."""

from __future__ import annotations

from tidu.core.ticks import tick
from tidu.recognition.actions.lapsing import lapse_corrections


@tick("recognition.corrections.lapse")
def lapse_late_corrections() -> str:
    """End the applications whose correction did not come in time."""
    ended = lapse_corrections()
    return f"逾期未补正的申报失效 {ended} 件" if ended else ""
