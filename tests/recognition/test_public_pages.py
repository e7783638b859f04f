"""Calls, notices and the list of titles as anybody reads them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.world import make_world
from tests.recognition.cases import published_call
from tests.recognition.published import certified, public_notice

pytestmark = pytest.mark.django_db
_PAPERS = ("business_licence", "audit_report")


def _text(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"recognition:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_public_page_opens_for_a_visitor(client: Client) -> None:
    world = make_world()
    notice = public_notice(world)
    certified(world)
    for name, args in (
        ("public-calls", ()),
        ("public-call", (notice.call_id,)),
        ("notices", ()),
        ("notice", (notice.pk,)),
        ("objection-new", (notice.pk,)),
        ("objection-status", ()),
        ("recognised", ()),
        ("verify", ()),
        ("feed", ()),
    ):
        _text(client, name, *args)


def test_empty_pages_say_what_will_be_there(client: Client) -> None:
    assert "现在没有公示" in _text(client, "notices")
    assert "还没有申报通知" in _text(client, "public-calls")
    assert "还没有认定的企业" in _text(client, "recognised")


def test_a_call_shows_its_window_materials_and_limits(client: Client) -> None:
    world = make_world()
    asked = [{"kind": kind, "required": kind == "audit_report", "note": ""} for kind in _PAPERS]
    page = _text(client, "public-call", published_call(world, materials=asked).pk)
    assert "受理中" in page
    limits, _, rest = page.partition("办理时限")[2].partition("申报材料")
    assert "审计报告" not in limits
    required, _, folded = rest.partition("<details")
    assert ("审计报告" in required, "营业执照" in required, "营业执照" in folded) == (True, False, True)
    assert "按需提交 1 种" in folded
