"""The mark that tells when the platform was up."""

from __future__ import annotations

from tidu.core.interruptions import mark
from tidu.core.ticks import tick


@tick("core.service_time")
def service_time() -> str:
    """Note that the platform is up."""
    mark()
    return ""
