"""Work for tests with real processes: it leaves a line in a file for each step, as an import leaves rows."""

import time
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from tidu.core.jobs import JobRun, job_kind


@job_kind("slow.steps", label="慢任务")
def steps(run: JobRun) -> dict[str, Any]:
    """So many steps of a tenth of a second, each with its line."""
    total = int(run.arguments["steps"])
    trace = Path(run.arguments["trace"])
    for number in range(1, total + 1):
        run.stop_if_wanted()
        with trace.open("a", encoding="ascii") as handle:
            handle.write(f"{run.attempt}:{number}\n")
        run.progress(number, total, f"第 {number} 步")
        time.sleep(0.1)
    return {"summary": f"{total} 步"}


@job_kind("slow.locked", label="占用数据库的任务")
def locked(run: JobRun) -> dict[str, Any]:
    """One transaction of several seconds that holds the writer's lock all the while."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE core_calendaryear SET source = source")
        for number in range(1, 51):
            run.progress(number, 50, f"第 {number} 段")
            time.sleep(0.1)
    return {"summary": "写完了"}
