"""Officers who issue at the same moment, in processes of their own: neighbours in the series, no gap, nothing twice."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from tests.access.world import make_world
from tidu.core.documents.drafting import draft_document
from tidu.core.documents.words import Letter, Paragraph
from tidu.core.models import DocumentSeries, Job, OfficialDocument

ISSUER = """
import sys
import django
django.setup()
from tidu.core.actor import SYSTEM
from tidu.core.documents.drafting import issue_document
from tidu.core.models import OfficialDocument

print("ready", flush=True)
sys.stdin.readline()
for number in sys.argv[1:]:
    issue_document(actor=SYSTEM, document=OfficialDocument.objects.get(pk=number))
"""


#: Drafts and issues in one transaction, so that something is recorded before a number is taken.
DRAFTER = """
import sys, time
import django
django.setup()
from django.db import transaction
from tidu.core.actor import SYSTEM
from tidu.core.documents.drafting import draft_document, issue_document

print("ready", flush=True)
sys.stdin.readline()
organisation, words = int(sys.argv[1]), {"parts": []}
for number in range(12):
    with transaction.atomic():
        document = draft_document(
            actor=SYSTEM, kind="call", title=f"另 {number}", words=words, word="呼工信", organisation_id=organisation
        )
        time.sleep(0.05)
        issue_document(actor=SYSTEM, document=document)
"""


def _environment(folder: Path) -> dict[str, str]:
    there = connection.settings_dict
    if connection.vendor == "sqlite":
        address = f"sqlite:///{there['NAME']}"
    else:
        host = there["OPTIONS"].get("host", there["HOST"])
        address = f"postgres://{there['USER']}@/{there['NAME']}?host={host}"
    return os.environ | {
        "DATABASE_URL": address,
        "TIDU_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "tidu.site.settings",
    }


def _at_once(folder: Path, *programs: list[str]) -> None:
    """Run programs at the same moment; all end well."""
    running = [
        subprocess.Popen(  # noqa: S603 - ours
            [sys.executable, "-c", *program],
            env=_environment(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for program in programs
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=120)[1] for process in running]
    assert [process.returncode for process in running] == [0, 0], said


@pytest.mark.django_db(transaction=True)
def test_documents_issued_at_once_get_neighbouring_numbers(tmp_path: Path) -> None:
    officer = make_world().actor("city_hohhot")
    words = Letter(parts=(Paragraph("特此通知。"),)).as_words()
    documents = [
        draft_document(actor=officer, kind="call", title=f"第 {n} 份", words=words, word="呼工信")
        for n in range(9)
    ]
    own = [[str(document.pk) for document in documents[start:8:2]] for start in (0, 1)]
    both = str(documents[8].pk)  # and one that both issue
    _at_once(tmp_path, [ISSUER, both, *own[0]], [ISSUER, both, *own[1]])
    taken = OfficialDocument.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(taken) == list(range(1, 10))
    series = DocumentSeries.objects.get()
    assert (series.word, series.year, series.last) == ("呼工信", timezone.localdate().year, 9)
    jobs = Job.objects.filter(kind="core.document.files")
    assert sorted(number for job in jobs for number in job.arguments["items"]) == sorted(
        OfficialDocument.objects.values_list("pk", flat=True)
    )


@pytest.mark.django_db(transaction=True)
def test_who_drafts_and_issues_in_one_go_and_who_only_issues_never_wait_for_each_other(
    tmp_path: Path,
) -> None:
    officer = make_world().actor("city_hohhot")
    words = Letter(parts=(Paragraph("特此通知。"),)).as_words()
    documents = [
        draft_document(actor=officer, kind="call", title=f"第 {n} 份", words=words, word="呼工信")
        for n in range(30)
    ]
    _at_once(
        tmp_path,
        [ISSUER, *(str(document.pk) for document in documents)],
        [DRAFTER, str(officer.organisation_number)],
    )
    taken = OfficialDocument.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(taken) == list(range(1, 43))
