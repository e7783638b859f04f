"""Background work. What others use: ``job_kind``, ``JobRun``, ``JobFault``, ``start``, ``retry``, ``stop``.

An application declares its kinds in ``<app>/jobs.py``, which is found by itself::

    @job_kind("registry.import.check", label="校验导入")
    def check_import(run: JobRun) -> dict[str, Any]:
        for number, chunk in enumerate(chunks, start=1):
            run.stop_if_wanted()
            with transaction.atomic():
                ...
            run.progress(number, len(chunks), "校验第 3 张工作表")
        return {"summary": "共 600 行，2 行有误。", "url": "/registry/imports/7/"}

and starts one inside its action: ``start(actor=actor, kind="registry.import.check", title="…", arguments={…})``,
or with ``start_for(…, item=…)``, which gathers many items into one job.

Three rules for a job:

- It may run again from the beginning (retried, or its worker died), so what it does twice must come out as once.
- It runs outside any transaction and opens its own, each a few seconds at most: on SQLite nobody else can write while
  one is open. Progress never waits for that lock (see ``board``).
- It says what is wrong in words: ``JobFault("…")`` or the engine's ``InputError``. Anything else is a fault of the
  program; its owner reads a reference number, the log keeps the trace.
"""

from tidu.core.jobs.actions import retry, start, start_for, stop
from tidu.core.jobs.kinds import JobFault, JobStopped, job_kind
from tidu.core.jobs.running import JobRun

__all__ = ["JobFault", "JobRun", "JobStopped", "job_kind", "retry", "start", "start_for", "stop"]
