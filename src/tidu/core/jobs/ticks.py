"""Periodic work of the jobs themselves."""

from __future__ import annotations

from tidu.core.jobs.worker import forget_old_entries, give_up_dead_jobs
from tidu.core.ticks import tick


@tick("core.jobs.dead")
def dead_jobs() -> str:
    """Give up jobs whose worker died."""
    given_up = give_up_dead_jobs()
    return f"{given_up} 个任务的工作进程中断" if given_up else ""


@tick("core.jobs.queue")
def old_entries() -> str:
    """Keep the queue short."""
    deleted = forget_old_entries()
    return f"清理 {deleted} 条队列记录" if deleted else ""
