"""The mark that tells when the platform was up."""

from __future__ import annotations

from tidu.core.ticks import tick
from tidu.recognition.actions.making_up import make_up
from tidu.recognition.process.interruptions import mark


@tick("recognition.service_time")
def service_time() -> str:
    """Give back the days of an interruption that is just over, then note that the platform is up."""
    done = make_up()
    mark()
    return f"平台中断顺延期限 {done} 个" if done else ""
