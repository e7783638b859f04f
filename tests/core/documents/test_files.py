"""The files of an issued document: made once by the job or by the first who asks, and the same from then on."""

import hashlib
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.test import RequestFactory
from pytest_django import Settings

from tests.access.world import World, make_world
from tests.core.documents.reading import text_of
from tidu.core.actor import Actor
from tidu.core.documents.drafting import (
    digest_of_content,
    draft_document,
    issue_document,
    void_document,
)
from tidu.core.documents.making import DocumentAltered, Form, stored_form
from tidu.core.documents.serving import serve_docx, serve_pdf
from tidu.core.documents.template_files import TemplateBroken
from tidu.core.documents.words import Letter, Paragraph
from tidu.core.jobs import retry
from tidu.core.jobs.running import execute
from tidu.core.jobs.worker import drain
from tidu.core.middleware import PapersNotMade
from tidu.core.models import AuditEvent, Job, OfficialDocument, StoredFile
from tidu.core.models.audit import AuditResult
from tidu.core.models.jobs import JobState
from tidu.core.requests import ANYBODY, ActorRequest

pytestmark = pytest.mark.django_db
WORDS = Letter(parts=(Paragraph("特此通知。"),)).as_words()


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def officer(world: World) -> Actor:
    return world.actor("city_hohhot")


def draft(officer: Actor, kind: str = "notice") -> OfficialDocument:
    return draft_document(actor=officer, kind=kind, title="关于名单的公示", words=WORDS, word="呼工信")


def issued(officer: Actor, kind: str = "notice") -> OfficialDocument:
    return issue_document(actor=officer, document=draft(officer, kind))


def asking(actor: Actor) -> ActorRequest:
    request: ActorRequest = RequestFactory().get("/")  # type: ignore[assignment]
    request.actor = actor
    return request


def body(answer: object) -> bytes:
    if getattr(answer, "streaming", False):
        return b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    content: bytes = answer.content  # type: ignore[attr-defined]
    return content


def job_of(document: OfficialDocument) -> Job:
    job = Job.objects.get(kind="core.document.files")
    assert document.pk in job.arguments["items"]
    return job


def test_the_job_makes_both_files_and_running_again_makes_none(officer: Actor) -> None:
    document = issued(officer)
    drain()
    document.refresh_from_db()
    assert document.pdf is not None
    assert document.docx is not None
    assert document.pdf.name == f"{document.number} 关于名单的公示.pdf"
    assert job_of(document).state == JobState.DONE
    with default_storage.open(document.pdf.location) as source:
        content = source.read()
    assert hashlib.sha256(content).hexdigest() == document.pdf.sha256
    assert document.number in text_of(content)
    Job.objects.update(state=JobState.QUEUED)
    execute(job_of(document).pk)
    assert StoredFile.objects.count() == 2
    assert AuditEvent.objects.filter(action="core.document.filed").count() == 2


def test_whoever_asks_before_the_job_gets_the_file_that_stays(officer: Actor) -> None:
    document = issued(officer)
    first = body(serve_pdf(asking(officer), document))
    drain()
    document = OfficialDocument.objects.get(pk=document.pk)
    assert body(serve_pdf(asking(officer), document)) == first
    assert document.pdf is not None
    assert document.pdf.sha256 == hashlib.sha256(first).hexdigest()


def test_of_two_who_make_it_at_once_the_first_files_copy_stays(officer: Actor) -> None:
    document = issued(officer)
    late = OfficialDocument.objects.get(pk=document.pk)
    kept = stored_form(document, Form.PDF, actor=officer)
    assert stored_form(late, Form.PDF, actor=officer) == kept
    assert StoredFile.objects.count() == 1
    folders, _ = default_storage.listdir("")
    lying = [f"{folder}/{name}" for folder in folders for name in default_storage.listdir(folder)[1]]
    assert kept.location in lying


def test_a_draft_is_set_anew_with_a_watermark_and_kept_nowhere(officer: Actor) -> None:
    document = draft(officer)
    answer = serve_pdf(asking(officer), document)
    assert "稿" in text_of(body(answer))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert body(serve_docx(asking(officer), document))[:2] == b"PK"
    assert not StoredFile.objects.exists()
    assert AuditEvent.objects.filter(action="core.file.downloaded").count() == 2


def test_a_void_document_says_so(officer: Actor) -> None:
    document = issued(officer)
    drain()
    void_document(actor=officer, document=document, reason="名单有误")
    document = OfficialDocument.objects.get(pk=document.pk)
    assert "废" in text_of(body(serve_pdf(asking(officer), document)))


def test_a_download_is_on_record_with_the_enterprise(officer: Actor) -> None:
    serve_pdf(asking(officer), issued(officer), enterprise_id=7)
    assert AuditEvent.objects.get(action="core.file.downloaded").enterprise_id == 7


def test_visitors_get_what_is_issued_and_nothing_else(officer: Actor) -> None:
    document = issued(officer)
    assert document.number in text_of(body(serve_pdf(asking(ANYBODY), document)))
    assert not AuditEvent.objects.filter(action="core.file.downloaded").exists()
    with pytest.raises(Http404):
        serve_pdf(asking(ANYBODY), draft(officer))


def answered(officer: Actor, document: OfficialDocument) -> HttpResponseBase:
    """What a view answers that serves the document, behind the middleware."""
    request = asking(officer)
    with pytest.raises((TemplateBroken, DocumentAltered)) as raised:
        serve_pdf(request, document)
    answer = PapersNotMade(lambda _: HttpResponse()).process_exception(request, raised.value)
    assert answer is not None
    return answer


def test_a_broken_template_is_said_to_the_officer_goes_on_record_and_loses_nothing(
    officer: Actor, tmp_path: Path, settings: Settings
) -> None:
    settings.DOCUMENT_TEMPLATES = tmp_path
    (tmp_path / "notice.typ").write_text("#broken", encoding="utf-8")
    document = issued(officer)
    answer = answered(officer, document)
    assert answer.status_code == 503
    assert "公文模板“notice.typ”有错误" in body(answer).decode()
    event = AuditEvent.objects.get(action="core.document.unmade")
    assert (event.result, event.subject_id) == (AuditResult.FAILED, str(document.pk))
    drain()
    job = job_of(document)
    assert job.state == JobState.FAILED
    assert "notice.typ" in job.fault
    document.refresh_from_db()
    assert document.state == OfficialDocument.State.ISSUED
    assert document.docx is not None  # the Word template is whole
    (tmp_path / "notice.typ").unlink()
    assert document.number in text_of(body(serve_pdf(asking(officer), document)))


def test_no_file_is_made_of_a_document_that_was_altered_behind_its_digest(officer: Actor) -> None:
    document = issued(officer)
    words = {**document.words, "to": "另一家企业："}
    OfficialDocument.objects.filter(pk=document.pk).update(words=words)
    document.refresh_from_db()
    answer = answered(officer, document)
    assert answer.status_code == 503
    assert "与印发时的摘要不符" in body(answer).decode()
    drain()
    assert job_of(document).state == JobState.FAILED


def letters(officer: Actor, number: int) -> list[OfficialDocument]:
    """So many letters of a decision, issued in one transaction."""
    with transaction.atomic():
        return [issued(officer, "result") for _ in range(number)]


def test_all_letters_of_a_decision_are_one_job(officer: Actor) -> None:
    documents = letters(officer, 3)
    job = job_of(documents[0])
    assert job.arguments == {"items": [item.pk for item in documents]}
    assert job.title == "生成 3 份公文的文件"
    assert AuditEvent.objects.filter(action="core.job.started").count() == 1
    drain()
    job.refresh_from_db()
    assert (job.state, job.total, job.result["summary"]) == (
        JobState.DONE,
        3,
        "3 份公文的 PDF 和 Word 文件已经生成。",
    )
    assert not OfficialDocument.objects.filter(pdf=None).exists()
    later = issued(officer)  # a job that has begun takes nothing in
    assert Job.objects.latest("pk").arguments == {"items": [later.pk]}


def test_a_colleagues_letters_wait_on_a_job_of_their_own(world: World, officer: Actor) -> None:
    issued(officer)
    issued(world.actor("city_hohhot_second"))
    assert [len(job.arguments["items"]) for job in Job.objects.all()] == [1, 1]


def test_one_document_that_fails_keeps_no_other_back(officer: Actor) -> None:
    first, altered, broken, last = letters(officer, 4)
    OfficialDocument.objects.filter(pk=altered.pk).update(words={**altered.words, "to": "另一家企业："})
    broken.words = {**broken.words, "on": "没有这一天"}
    OfficialDocument.objects.filter(pk=broken.pk).update(words=broken.words, digest=digest_of_content(broken))
    drain()
    job = job_of(first)
    assert job.state == JobState.FAILED
    assert job.fault.startswith("2 份已经生成，2 份没有生成：")
    assert altered.number in job.fault
    assert "与印发时的摘要不符" in job.fault
    made = OfficialDocument.objects.filter(pdf__isnull=False, docx__isnull=False)
    assert {item.pk for item in made} == {first.pk, last.pk}


def test_a_job_that_was_killed_goes_on_where_it_was(officer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = letters(officer, 3)

    def killed(document: OfficialDocument, form: Form, *, actor: Actor) -> StoredFile:
        if document.pk == documents[1].pk:
            raise SystemExit
        return stored_form(document, form, actor=actor)

    with monkeypatch.context() as patch:
        patch.setattr("tidu.core.documents.jobs.stored_form", killed)
        with pytest.raises(SystemExit):
            execute(job_of(documents[0]).pk)
    kept = set(StoredFile.objects.values_list("pk", flat=True))
    assert len(kept) == 2
    retry(actor=officer, number=job_of(documents[0]).pk)
    drain()
    assert job_of(documents[0]).state == JobState.DONE
    assert kept < set(StoredFile.objects.values_list("pk", flat=True))
    assert StoredFile.objects.count() == 6
