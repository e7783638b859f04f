"""Certificates: one of a title at a time, a code that nobody makes without the key, a file that stays the same."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from tests.access.world import make_world
from tests.accounts.signing_in import sign_in
from tests.recognition.published import certified, recognised_title
from tidu.core.crypto.key_uses import uses_of
from tidu.core.jobs.running import execute
from tidu.core.models import Job
from tidu.core.refusals import Refused
from tidu.recognition.actions.certificates import PAPERS, issue_certificate, reissue_certificate
from tidu.recognition.certificates.codes import check_url, code_fits, code_of, shown_code, tidied_code
from tidu.recognition.certificates.papers import stored_paper
from tidu.recognition.models import TitleCertificate
from tidu.registry.actions.standing import end_title
from tidu.registry.models import Title
from tidu.registry.models.standing import TitleState

pytestmark = pytest.mark.django_db
OLD, NEW = ("k1", "11" * 16), ("k2", "22" * 16)


def test_a_title_gets_one_certificate_however_often_it_is_issued() -> None:
    world = make_world()
    application, title = recognised_title(world)
    actor = world.actor("city_hohhot_second")
    first = issue_certificate(actor=actor, title=title, application=application)
    assert issue_certificate(actor=actor, title=title, application=application) == first
    assert first.number == f"HHHT-{first.issued_at.astimezone().year}-0001"
    assert (first.name, first.uscc) == (title.enterprise.name, title.enterprise.uscc)
    assert first.document is not None
    assert Job.objects.filter(kind=PAPERS).count() == 1


def test_certificates_of_one_decision_are_numbered_on_and_made_by_one_job() -> None:
    world = make_world()
    assert [certified(world, letter=letter).number[-4:] for letter in "CD"] == ["0001", "0002"]
    job = Job.objects.get(kind=PAPERS)
    execute(job.pk)
    job.refresh_from_db()
    assert job.result["summary"] == "2 份证书已经生成。"
    assert not TitleCertificate.objects.filter(file__isnull=True).exists()


def test_a_title_that_is_not_held_gets_no_certificate() -> None:
    world = make_world()
    application, title = recognised_title(world)
    actor = world.actor("city_hohhot_second")
    end_title(actor=actor, title=title, state=TitleState.REVOKED, ended_on=title.recognised_on, reason="理由")
    with pytest.raises(Refused, match="不能发证"):
        issue_certificate(actor=actor, title=title, application=application)


def test_a_code_fits_its_own_certificate_alone() -> None:
    world = make_world()
    first, second = certified(world), certified(world, letter="D")
    assert code_fits(first, shown_code(first))
    assert not code_fits(first, code_of(second))
    assert not code_fits(first, "")
    assert not code_fits(first, "A" * 5000)


def test_a_code_is_read_as_people_write_it() -> None:
    assert tidied_code(" 7k2m-qx9d 0o1i－l ") == "7K2MQX9D00111"


@pytest.mark.parametrize("field", ["name", "uscc", "title_name", "number"])
def test_a_row_that_was_altered_no_longer_fits_its_code(field: str) -> None:
    certificate = certified(make_world())
    code = code_of(certificate)
    setattr(certificate, field, f"{getattr(certificate, field)[:-1]}0X"[:18])
    assert not code_fits(certificate, code)
    certificate.refresh_from_db()
    certificate.until = dt.date(2099, 1, 1)
    assert not code_fits(certificate, code)


def test_a_code_outlives_newer_keys_and_its_key_is_never_dropped(settings: Settings) -> None:
    settings.FIELD_KEY_FILE, settings.FIELD_KEYS = None, [OLD]
    certificate = certified(make_world())
    code = code_of(certificate)
    settings.FIELD_KEYS = [NEW, OLD]
    assert certificate.key == "k1"
    assert code_fits(certificate, code)
    assert uses_of("k1") == ["1 份证书的核验码"]
    assert uses_of("k2") == []
    settings.FIELD_KEYS = [NEW]
    assert not code_fits(certificate, code)  # rather no answer than one without the key


def test_the_picture_leads_to_the_public_address(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://zjtx.example.gov.cn"
    certificate = certified(make_world())
    assert check_url(certificate).startswith(
        f"https://zjtx.example.gov.cn/recognition/verify/{certificate.number}/"
    )


def test_after_a_change_of_name_a_new_certificate_follows_and_the_old_one_says_so() -> None:
    world = make_world()
    old = certified(world)
    enterprise = old.title.enterprise
    enterprise.name = "某市新名科技有限公司"
    enterprise.save(update_fields=("name",))
    actor = world.actor("city_hohhot")
    new = reissue_certificate(actor=actor, certificate=old, reason="企业更名")
    old.refresh_from_db()
    assert (new.name, new.number[-4:]) == ("某市新名科技有限公司", "0002")
    assert (old.replaced_reason, new.replaced_at) == ("企业更名", None)
    assert code_fits(old, code_of(old))
    assert reissue_certificate(actor=actor, certificate=old, reason="再点一次") == new
    with pytest.raises(Refused, match="换发的原因"):
        reissue_certificate(actor=actor, certificate=new, reason=" ")


def test_the_file_is_made_once_kept_for_good_and_downloaded_by_those_concerned(client: Client) -> None:
    world = make_world()
    certificate = certified(world)
    stored = stored_paper(certificate, actor=world.actor("city_hohhot"))
    again = stored_paper(TitleCertificate.objects.get(), actor=world.actor("city_hohhot"))
    assert again == stored
    sign_in(client, world.users["manager_c"])
    answer = client.get(reverse("recognition:certificate-paper", args=[certificate.pk]))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert b"pdfaid" in content
    page = client.get(reverse("recognition:certificate", args=[certificate.pk])).content.decode()
    assert shown_code(certificate) in page


def test_a_title_that_was_recognised_here_is_not_taken_away_by_an_entry(client: Client) -> None:
    world = make_world()
    title = certified(world).title
    sign_in(client, world.users["district_saihan"])
    address = reverse("registry:enterprise-title-end", args=[title.enterprise_id, title.pk])
    sent = {"state": "revoked", "ended_on": f"{timezone.localdate()}", "reason": "〔2026〕9号，提供虚假材料"}
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert "取消要由市级经办岗在称号页立案" in answer.content.decode()
    title.refresh_from_db()
    assert title.state == TitleState.HELD
    assert "没有登记有效的上级称号" in client.post(address, sent | {"state": "replaced"}).content.decode()
    Title.objects.create(
        enterprise=title.enterprise, tier="srdi", name="“专精特新”中小企业", recognised_on=title.recognised_on
    )
    assert client.post(address, sent | {"state": "replaced"}).status_code == 302
