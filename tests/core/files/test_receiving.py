"""Taking files in: refused in words, or kept whole; scanned where a scanner is set up; nothing half done."""

from __future__ import annotations

import datetime as dt
import hashlib
import time

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import transaction
from pytest_django import Settings

from tests.core.files.conftest import EICAR
from tests.core.files.sample_files import office, pdf, png
from tidu.core.actor import SYSTEM
from tidu.core.files.kinds import EVIDENCE_KINDS, FileKind, FileRefused
from tidu.core.files.receiving import file_name, keep_file, receive_file, store_file
from tidu.core.files.scanning import scanner_status
from tidu.core.files.sweeping import sweep_files
from tidu.core.models import StoredFile
from tidu.core.models.audit import AuditEvent, AuditResult
from tidu.core.models.files import ScanState

pytestmark = pytest.mark.django_db


def _upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/octet-stream")


def _store(name: str, content: bytes, most: int | None = None) -> StoredFile:
    return store_file(actor=SYSTEM, upload=_upload(name, content), allowed=EVIDENCE_KINDS, most=most)


def test_a_file_is_kept_whole_under_a_name_that_tells_nothing() -> None:
    content = pdf(2)
    stored = _store("../../审计报告.pdf", content)
    assert stored.name == "审计报告.pdf"
    assert stored.content == "application/pdf"
    assert stored.size == len(content)
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert stored.scan == ScanState.UNSCANNED
    assert "审计" not in stored.location
    with default_storage.open(stored.location) as kept:
        assert kept.read() == content
    event = AuditEvent.objects.get(action="core.file.stored")
    assert event.subject_id == str(stored.pk)


def test_a_large_upload_that_lies_on_disk_is_kept_too() -> None:
    content = office(FileKind.XLSX, extra={"xl/media/a.bin": b"x" * 10_000})
    upload = TemporaryUploadedFile("名单.xlsx", "application/zip", len(content), None)
    upload.write(content)
    upload.seek(0)
    stored = store_file(actor=SYSTEM, upload=upload, allowed=EVIDENCE_KINDS)
    assert stored.sha256 == hashlib.sha256(content).hexdigest()


def test_what_is_empty_or_too_large_is_refused(settings: Settings) -> None:
    settings.FILE_BYTES = 1024 * 1024
    with pytest.raises(FileRefused, match="空的"):
        _store("a.pdf", b"")
    with pytest.raises(FileRefused, match="有 2 MB，超过 1 MB"):
        _store("a.pdf", pdf() + bytes(1024 * 1024))
    with pytest.raises(FileRefused, match="超过"):
        _store("a.pdf", pdf(), most=10)


@pytest.mark.parametrize(
    ("content", "words"),
    [(pdf(password=True), "打开密码"), (b"%PDF-1.7 nothing", "打不开"), (pdf(0), "一页也没有|打不开")],
)
def test_a_document_that_its_readers_cannot_open_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(FileRefused, match=words):
        _store("报告.pdf", content)


def test_a_picture_beyond_all_measure_is_refused() -> None:
    with pytest.raises(FileRefused, match="打不开"):
        _store("图.png", png(9_500, 9_500))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\资料\\报告.pdf", "报告.pdf"),
        ("报告\u202efdp.exe.pdf", "报告fdp.exe.pdf"),
        ("a\r\nb\x00.pdf", "ab.pdf"),
        ("..", "文件"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_names_lose_folders_and_what_cannot_be_seen(given: str, kept: str) -> None:
    assert file_name(given) == kept


def test_a_scanned_file_says_so(scanner: list[int]) -> None:
    content = pdf()
    assert _store("报告.pdf", content).scan == ScanState.CLEAN
    assert scanner == [len(content)]
    status = scanner_status()
    assert status.answers
    assert status.version.startswith("ClamAV")


def test_a_virus_is_refused_and_recorded(scanner: list[int]) -> None:
    with pytest.raises(FileRefused, match="Eicar-Test-Signature"):
        _store("报告.pdf", pdf() + b"\n%" + EICAR)
    assert len(scanner) == 1
    event = AuditEvent.objects.get(action="core.file.refused")
    assert event.result == AuditResult.REFUSED
    assert "Eicar" in event.detail
    assert not StoredFile.objects.exists()


def test_a_scanner_that_is_down_lets_nothing_in(settings: Settings) -> None:
    settings.CLAMAV = "127.0.0.1:1"
    with pytest.raises(FileRefused, match="病毒扫描服务暂时不可用"):
        _store("报告.pdf", pdf())
    assert not scanner_status().answers
    settings.CLAMAV = "/nowhere/clamd.ctl"
    with pytest.raises(FileRefused, match="暂时不可用"):
        _store("报告.pdf", pdf())


def _leave_alone() -> str:
    received = receive_file(actor=SYSTEM, upload=_upload("a.pdf", pdf()), allowed=EVIDENCE_KINDS)
    with transaction.atomic():
        keep_file(actor=SYSTEM, received=received)
        transaction.set_rollback(True)
    return received.location


def test_what_an_interrupted_upload_leaves_is_swept_after_a_day_and_not_before() -> None:
    kept = _store("b.pdf", pdf())
    orphan = _leave_alone()
    assert not StoredFile.objects.filter(location=orphan).exists()
    assert sweep_files().removed == 0
    later = dt.datetime.fromtimestamp(time.time() + 2 * 24 * 3600, tz=dt.UTC)
    assert sweep_files(now=later).removed >= 1
    assert not default_storage.exists(orphan)
    assert default_storage.exists(kept.location)


def test_a_row_whose_file_is_gone_is_reported() -> None:
    stored = _store("b.pdf", pdf())
    default_storage.delete(stored.location)
    assert str(stored.pk) in sweep_files().missing
