"""The check of a certificate by a stranger: every state, wrong input, and nothing personal."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from tests.access.world import World, make_world
from tests.recognition.published import certified
from tidu.core.actor import SYSTEM
from tidu.core.audit.recording import record
from tidu.core.audit.verification import verify
from tidu.core.models import AuditEvent
from tidu.recognition.certificates.codes import code_of, shown_code
from tidu.recognition.models import Cancellation, TitleCertificate
from tidu.registry.actions.standing import end_title
from tidu.registry.models.standing import UNDECIDED, TitleState

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
_CHANGING = re.compile(r"<time[^>]*>[^<]*</time>|value=\"[^\"]*\"")


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def certificate(world: World) -> TitleCertificate:
    return certified(world)


def _checked(client: Client, certificate: TitleCertificate) -> str:
    answer = client.get(reverse("recognition:verify-code", args=[certificate.number, code_of(certificate)]))
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    return str(answer.content.decode())


def _asked(client: Client, number: str, proof: str) -> tuple[int, str]:
    answer = client.get(reverse("recognition:verify"), {"number": number, "proof": proof})
    return answer.status_code, answer.content.decode()


def test_a_valid_title_is_shown_with_its_decision_and_digest(
    client: Client, certificate: TitleCertificate
) -> None:
    page = _checked(client, certificate)
    assert "证书真实，称号有效" in page
    assert certificate.document is not None
    for shown in (certificate.number, certificate.name, certificate.uscc, certificate.document.number):
        assert shown in page
    assert f"sm3:{certificate.document.digest}" in page
    paper = client.get(
        reverse("recognition:verify-document", args=[certificate.number, code_of(certificate)])
    )
    assert b"".join(paper.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]


def test_anybody_reads_where_the_record_says_so_and_can_hold_it_against_the_record(
    client: Client, certificate: TitleCertificate
) -> None:
    page = _checked(client, certificate)
    event = AuditEvent.objects.get(action="recognition.certificate.issued")
    assert f"{event.number}</span> 条" in page
    assert f"sm3:{event.hash}" in page
    assert verify(against=(event.number, event.hash)).whole
    assert "逐条核验，前后相接" not in page
    record(actor=SYSTEM, action="core.audit.verified")
    assert "逐条核验，前后相接" in _checked(client, certificate)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (lambda today: {"valid_until": today - DAY}, "证书真实，称号已经届满"),
        (
            lambda today: {"valid_until": today - DAY, "kept_until": UNDECIDED},
            "证书真实，称号正在复核，复核期间继续有效",
        ),
        (
            lambda today: {"state": TitleState.REPLACED, "ended_on": today},
            "证书真实，称号已由其他称号接替",
        ),
    ],
)
def test_every_state_is_said_in_a_sentence(
    client: Client,
    certificate: TitleCertificate,
    changed: Callable[[dt.date], dict[str, object]],
    sentence: str,
) -> None:
    title = certificate.title
    title.recognised_on = timezone.localdate() - 400 * DAY
    for name, value in changed(timezone.localdate()).items():
        setattr(title, name, value)
    title.save()
    assert sentence in _checked(client, certificate)


def test_a_cancelled_title_shows_when_why_and_by_which_document(
    client: Client, world: World, certificate: TitleCertificate
) -> None:
    today = timezone.localdate()
    Cancellation.objects.create(
        enterprise=certificate.title.enterprise,
        title=certificate.title,
        organisation=certificate.organisation,
        origin="report",
        ground="fraud",
        ground_label="弄虚作假",
        cite="监督管理/（一）",
        pack=certificate.pack,
        facts="来自举报人张三 13800001234 的线索",
        state=Cancellation.State.CANCELLED,
        decision=certificate.document,
        decided_at=timezone.now(),
    )
    end_title(
        actor=world.actor("city_hohhot"),
        title=certificate.title,
        state=TitleState.REVOKED,
        ended_on=today,
        reason="内部理由",
    )
    page = _checked(client, certificate)
    assert "证书曾经颁发，称号已于" in page
    assert "弄虚作假" in page
    assert "不得再以此称号宣传" in page
    assert "13800001234" not in page
    assert "内部理由" not in page
    assert certificate.document is not None
    assert certificate.document.number in page


def test_the_form_takes_the_name_the_credit_code_or_the_code(
    client: Client, certificate: TitleCertificate
) -> None:
    for proof in (
        f" {certificate.name} ",
        certificate.uscc.lower(),
        shown_code(certificate),
        code_of(certificate).lower(),
    ):
        status, page = _asked(client, certificate.number.lower(), proof)
        assert (status, "证书真实，称号有效" in page) == (200, True), proof
    _, by_name = _asked(client, certificate.number, certificate.name)
    assert "td-qr" not in by_name  # whoever knows a name alone is not given the code
    assert code_of(certificate) not in by_name


def test_a_wrong_number_and_a_wrong_code_are_answered_alike(
    client: Client, certificate: TitleCertificate
) -> None:
    pages = set()
    for number, code in (
        (certificate.number, "0000000000000000"),
        ("HHHT-2026-9999", code_of(certificate)),
        ("HHHT-2026-9999", "0000000000000000"),
    ):
        answer = client.get(reverse("recognition:verify-code", args=[number, code]))
        assert answer.status_code == 404
        pages.add(_CHANGING.sub("", answer.content.decode()))
        assert "没有查到这张证书" in pages.copy().pop()
    assert len(pages) == 1
    assert (
        client.get(
            reverse("recognition:verify-document", args=[certificate.number, "0000000000000000"])
        ).status_code
        == 404
    )


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "' OR 1=1 --",
        "x" * 5000,
        "../../etc/passwd",
        "%2e%2e%2f",
        "😀",
        "１２３",
    ],
)
def test_hostile_input_finds_nothing_and_is_shown_as_text(
    client: Client, certificate: TitleCertificate, typed: str
) -> None:
    for number, proof in ((typed, typed), (certificate.number, typed)):
        status, page = _asked(client, number, proof)
        assert status == 404
        assert "<script>alert" not in page
        assert len(page) < 60_000


def test_an_incomplete_question_says_what_is_missing(client: Client) -> None:
    assert _asked(client, "", "某某公司")[0] == 422
    assert "请填写证书编号" in _asked(client, "", "某某公司")[1]
    assert "任填一项" in _asked(client, "HHHT-2026-0001", "")[1]


def test_one_address_asks_so_often_and_no_more(
    client: Client, certificate: TitleCertificate, settings: Settings
) -> None:
    settings.CHECK_RATE = "3/day"
    answers = [_asked(client, certificate.number, "错的")[0] for _ in range(4)]
    assert answers == [404, 404, 404, 429]
    page = client.get(reverse("recognition:verify-code", args=[certificate.number, code_of(certificate)]))
    assert page.status_code == 429
    assert certificate.name not in page.content.decode()
    other = client.get(
        reverse("recognition:verify"),
        {"number": certificate.number, "proof": certificate.name},
        REMOTE_ADDR="203.0.113.9",
    )
    assert other.status_code == 200


def test_a_certificate_without_its_key_is_not_vouched_for(
    client: Client, certificate: TitleCertificate
) -> None:
    code = code_of(certificate)
    TitleCertificate.objects.update(key="gone")
    answer = client.get(reverse("recognition:verify-code", args=[certificate.number, code]))
    assert answer.status_code == 404
