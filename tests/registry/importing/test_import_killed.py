"""A process killed in the middle of an import leaves nothing of it behind, on a database that really commits."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from tests.registry.importing.tables import code, csv_file
from tidu.core.models import Job
from tidu.core.models.jobs import JobState
from tidu.registry.importing.ticks import interrupted_imports
from tidu.registry.models import Enterprise, EnterpriseStatus, Fact, Import
from tidu.registry.models.imports import ImportState

ROOT = Path(__file__).resolve().parents[3]
#: Runs in a process of its own: imports the table, and says so on standard output once it is in the midst of writing.
PROGRAM = """
import sys, time
import django
django.setup()
from django.db import connections
database, number, table, in_parts = sys.argv[1:]
connections.databases["default"]["NAME"] = database
from pathlib import Path
from tidu.core.actor import SYSTEM
from tidu.registry.importing import running
from tidu.registry.importing.scope import Scope
from tidu.registry.models import Import

if in_parts == "yes":
    running.fits_one_transaction = lambda facts: False

class Steps:
    def progress(self, done, total, step=""):
        if step == "写入" and done >= 500:
            print("writing", flush=True)
            time.sleep(60)
    def stop_if_wanted(self):
        pass

batch = Import.objects.get(pk=int(number))
running.write(batch=batch, path=Path(table), actor=SYSTEM, scope=Scope(), steps=Steps())
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("in_parts", [False, True], ids=["in one transaction", "in parts"])
def test_killing_the_process_leaves_nothing_half_done(tmp_path: Path, *, in_parts: bool) -> None:
    rows = [(f"某市第{number}科技有限公司", code(number), "赛罕区") for number in range(1, 1001)]
    table = csv_file(tmp_path / "t.csv", ("企业名称", "统一社会信用代码", "注册地"), rows)
    job = Job.objects.create(kind="registry.import.write", title="t", state=JobState.RUNNING)
    batch = Import.objects.create(kind="enterprises", state=ImportState.WRITING, job=job)
    arguments = (
        str(connection.settings_dict["NAME"]),
        str(batch.pk),
        str(table),
        "yes" if in_parts else "no",
    )
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and program
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tidu.site.settings_for_tests"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "writing"
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    time.sleep(0.2)
    written = Fact.objects.filter(batch=batch, ended_at__isnull=True).count()
    assert (written > 0) == in_parts, (
        "one transaction is gone with its process; parts are still to be restored"
    )
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED)  # what the next worker says of it
    interrupted_imports()
    batch.refresh_from_db()
    assert batch.state == ImportState.CHECKED
    assert not Fact.objects.filter(ended_at__isnull=True).exists()
    assert not Enterprise.objects.exclude(status=EnterpriseStatus.WITHDRAWN).exists()
