"""Files go out as attachments in which nothing runs, and as pictures made on the server; both on the record."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Mapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import RequestFactory
from PIL import Image

from tests.core.files.sample_files import jpeg, office, pdf
from tidu.core.actor import SYSTEM
from tidu.core.files import previewing
from tidu.core.files.kinds import EVIDENCE_KINDS
from tidu.core.files.receiving import store_file
from tidu.core.files.serving import download, picture
from tidu.core.models import StoredFile
from tidu.core.models.audit import AuditEvent
from tidu.core.requests import ActorRequest

pytestmark = pytest.mark.django_db


def _stored(name: str, content: bytes) -> StoredFile:
    upload = SimpleUploadedFile(name, content)
    return store_file(actor=SYSTEM, upload=upload, allowed=EVIDENCE_KINDS)


@pytest.fixture
def request_of_somebody(rf: RequestFactory) -> ActorRequest:
    request: ActorRequest = rf.get("/")  # type: ignore[assignment]
    request.actor = SYSTEM
    return request


def test_a_download_is_an_attachment_under_its_chinese_name(request_of_somebody: ActorRequest) -> None:
    content = pdf()
    response = download(request_of_somebody, _stored("审计报告.pdf", content), enterprise_id=7)
    assert b"".join(response.streaming_content) == content  # type: ignore[arg-type]
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''%E5%AE%A1")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]
    assert "sandbox" in response.headers["Content-Security-Policy"]
    event = AuditEvent.objects.get(action="core.file.downloaded")
    assert event.enterprise_id == 7


def test_a_file_that_is_gone_is_no_download(request_of_somebody: ActorRequest) -> None:
    stored = _stored("a.pdf", pdf())
    stored.location = "aa/gone"
    with pytest.raises(Http404, match="不在存储里"):
        download(request_of_somebody, stored, enterprise_id=None)
    assert not AuditEvent.objects.filter(action="core.file.downloaded").exists()


@pytest.mark.parametrize(("name", "content"), [("a.pdf", pdf(2)), ("a.jpg", jpeg())])
def test_a_page_comes_as_a_picture(request_of_somebody: ActorRequest, name: str, content: bytes) -> None:
    response = picture(request_of_somebody, _stored(name, content), 1, enterprise_id=7)
    assert response.headers["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(response.content)).format == "PNG"
    assert AuditEvent.objects.get(action="core.file.previewed").enterprise_id == 7


@pytest.mark.parametrize(("form", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png")])
def test_a_picture_tells_nothing_of_whose_device_made_it(
    request_of_somebody: ActorRequest, form: str, name: str
) -> None:
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x013B] = "WHO-TOOK-IT"
    Image.new("RGB", (40, 30), "red").save(made, form, exif=exif, icc_profile=b"WHOSE-SCREEN")
    response = picture(request_of_somebody, _stored(name, made.getvalue()), 1, enterprise_id=None)
    assert b"WHO" not in response.content
    assert not Image.open(io.BytesIO(response.content)).info


def test_a_page_that_is_not_there_or_cannot_be_shown_says_so(request_of_somebody: ActorRequest) -> None:
    stored = _stored("a.pdf", pdf(2))
    assert previewing.page_count(stored) == 2
    assert picture(request_of_somebody, stored, 3, enterprise_id=7).status_code == 422
    assert picture(request_of_somebody, stored, 9_999, enterprise_id=7).status_code == 422
    workbook = _stored("a.xlsx", office())
    assert picture(request_of_somebody, workbook, 1, enterprise_id=7).status_code == 422
    assert not AuditEvent.objects.filter(action="core.file.previewed").exists()


def test_a_page_of_absurd_size_is_bounded(request_of_somebody: ActorRequest) -> None:
    response = picture(request_of_somebody, _stored("a.pdf", pdf(width=14_400, height=3)), 1, enterprise_id=1)
    assert max(Image.open(io.BytesIO(response.content)).size) <= previewing.SIDE


def test_a_reader_that_hangs_is_ended(
    request_of_somebody: ActorRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = _stored("a.pdf", pdf())
    monkeypatch.setattr(previewing, "SECONDS", 0.001)
    response = picture(request_of_somebody, stored, 1, enterprise_id=1)
    assert response.status_code == 422
    assert "时间太长" in response.content.decode()


def test_whatever_opens_a_file_knows_nothing_of_the_sites_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDU_SECRET_KEY", "k" * 50)
    told: list[Mapping[str, str]] = []
    run = subprocess.run

    def running(*given: Any, **more: Any) -> Any:  # noqa: ANN401 - subprocess's own
        told.append(more["env"])
        return run(*given, **more)

    monkeypatch.setattr(subprocess, "run", running)
    assert previewing.page_count(_stored("a.pdf", pdf(2))) == 2
    assert told
    assert all("k" * 50 not in env.values() and "TIDU_SECRET_KEY" not in env for env in told)
