"""The feed of announcements."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.access.world import make_world
from tests.recognition.published import certified, issued_document, public_notice
from tidu.recognition.models import Cancellation, Notice

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def _entries(client: Client) -> list[ET.Element]:
    answer = client.get(reverse("recognition:feed"))
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    return ET.fromstring(answer.content).findall(f"{ATOM}entry")  # noqa: S314 - made by us


def test_calls_notices_recognitions_and_cancellations_come_newest_first(client: Client) -> None:
    world = make_world()
    public_notice(world, letters="D")
    certificate = certified(world)
    Cancellation.objects.create(
        enterprise=certificate.title.enterprise,
        title=certificate.title,
        organisation=certificate.organisation,
        origin="report",
        ground="fraud",
        ground_label="弄虚作假",
        cite="监督管理/（一）",
        pack=certificate.pack,
        facts="线索",
        state=Cancellation.State.CANCELLED,
        decision=issued_document(world, "revocation", "关于取消认定的决定"),
        decided_at=timezone.now(),
    )
    entries = _entries(client)
    titles = [entry.findtext(f"{ATOM}title", "") for entry in entries]
    assert {title[1:-1].split("】")[0] for title in titles} == {"申报通知", "公示", "认定", "取消认定"}
    times = [entry.findtext(f"{ATOM}published", "") for entry in entries]
    assert times == sorted(times, reverse=True)
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids)
    for entry in entries:
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert client.get(link.get("href", "").removeprefix("http://testserver")).status_code == 200


def test_what_no_xml_may_hold_does_not_break_the_feed(client: Client) -> None:
    notice = public_notice(make_world(), letters="")
    Notice.objects.filter(pk=notice.pk).update(title="公\x0b示<b>&\x1f")
    assert "【公示】公示<b>&" in {entry.findtext(f"{ATOM}title") for entry in _entries(client)}


def test_an_empty_feed_is_a_feed(client: Client) -> None:
    assert _entries(client) == []
