"""Imports whose writing was interrupted are put back to where a person decided on them."""

from __future__ import annotations

from tidu.core.actor import SYSTEM
from tidu.core.jobs.queries import ACTIVE
from tidu.core.ticks import tick
from tidu.registry.importing.running import step_back
from tidu.registry.models import Import
from tidu.registry.models.imports import ImportState


class _Quiet:
    """Steps that nobody watches."""

    def progress(self, done: int, total: int, step: str = "") -> None:
        """Nobody is told."""

    def stop_if_wanted(self) -> None:
        """Nobody stops it."""


@tick("registry.imports.interrupted")
def interrupted_imports() -> str:
    """Restore imports that stand as being written though no job writes them any more."""
    found = Import.objects.filter(state=ImportState.WRITING, job__isnull=False).exclude(job__state__in=ACTIVE)
    restored = 0
    for batch in found:
        step_back(batch, SYSTEM, _Quiet())
        restored += 1
    return f"{restored} 次导入中断，已还原" if restored else ""
