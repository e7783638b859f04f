"""Large requests: only to views that receive files; of visitors less, and less often. Nothing is read before."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from tests.access.world import make_world
from tests.accounts.signing_in import sign_in
from tests.recognition.published import public_notice
from tidu.accounts.models import User
from tidu.core.files.request_size import receives_files
from tidu.core.middleware import RequestSize

MEGABYTE = 1024 * 1024
pytestmark = pytest.mark.django_db


def _plain(_: HttpRequest) -> HttpResponse:
    return HttpResponse("read")


@receives_files()
def _receiving(_: HttpRequest) -> HttpResponse:
    return HttpResponse("read")


@receives_files(visitors="OBJECTION_RATE")
def _of_visitors(_: HttpRequest) -> HttpResponse:
    return HttpResponse("read")


@pytest.mark.parametrize(
    ("view", "megabytes", "signed_in", "taken"),
    [
        (_plain, 1, True, True),
        (_plain, 3, True, False),
        (_plain, 0.4, False, True),
        (_plain, 1, False, False),
        (_receiving, 1, False, False),
        (_receiving, 3, True, True),
        (_receiving, 20, True, True),
        (_receiving, 22, True, False),
        (_of_visitors, 20, False, True),
        (_of_visitors, 22, False, False),
    ],
)
def test_who_may_send_how_much(
    rf: RequestFactory,
    view: Callable[[HttpRequest], HttpResponse],
    megabytes: float,
    *,
    signed_in: bool,
    taken: bool,
) -> None:
    request = rf.post("/", CONTENT_LENGTH=str(int(megabytes * MEGABYTE)))
    request.user = User(username="a") if signed_in else AnonymousUser()
    answer = RequestSize(_plain).process_view(request, view, (), {})
    if taken:
        assert answer is None
    else:
        assert answer is not None
        assert answer.status_code == 413


class Unread(io.BytesIO):
    """A body of which nothing may be read."""

    def read(self, *_: object) -> bytes:
        raise AssertionError


def _sent(client: Client, path: str, size: object, **headers: str) -> Any:  # noqa: ANN401 - the client's own
    """The answer to a body that announces ``size`` and must not be read."""
    wsgi: dict[str, Any] = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(size), **headers}
    return client.post(path, content_type="application/x-www-form-urlencoded", **wsgi)


@pytest.fixture
def careful() -> Client:
    """A client whose requests pass the check of forged ones, which reads the body of whatever reaches it."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def seldom(settings: Settings) -> None:
    settings.VISITOR_RATE, settings.OBJECTION_RATE = "2/min", "1/h"


@pytest.mark.parametrize("size", [600 * 1024, 30 * MEGABYTE, "-1", "9" * 30, "many"])
def test_what_is_too_large_of_a_visitor_is_refused_unread(careful: Client, size: object) -> None:
    answer = _sent(careful, reverse("account_login"), size)
    assert answer.status_code == 413
    text = answer.content.decode()
    assert "没有登录时，一次提交不能超过 512 KB" in text
    assert "请登录后再提交" in text


def test_a_body_of_unknown_length_is_refused_unread(careful: Client) -> None:
    answer = _sent(careful, reverse("account_login"), "", HTTP_TRANSFER_ENCODING="chunked")
    assert answer.status_code == 411


@time_machine.travel("2026-06-01T04:00:15Z", tick=False)
@pytest.mark.usefixtures("seldom")
def test_an_address_that_sends_too_often_is_refused_unread_on_every_form(careful: Client) -> None:
    for _ in range(2):
        assert careful.post(reverse("account_login"), {"login": "a"}).status_code == 403  # no token
    for path in (reverse("account_login"), reverse("portal:size"), reverse("desk:home")):
        answer = _sent(careful, path, 100)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "45")
        assert "请过 45 秒再试" in answer.content.decode()
    assert careful.get(reverse("account_login")).status_code == 200
    assert careful.post(reverse("account_login"), {}, REMOTE_ADDR="192.0.2.9").status_code == 403


@pytest.mark.usefixtures("seldom")
def test_whoever_has_signed_in_is_not_counted(client: Client) -> None:
    sign_in(client, make_world().users["manager_c"])
    assert [client.post(reverse("core:display"), {"modes": ""}).status_code for _ in range(4)] == [204] * 4
    assert client.post(reverse("desk:home"), {"a": "b"}).status_code != 429


@time_machine.travel("2026-06-01T04:15:00Z", tick=False)
@pytest.mark.usefixtures("seldom")
def test_papers_of_an_objection_count_before_they_are_read(careful: Client) -> None:
    path = reverse("recognition:objection-new", args=[public_notice(make_world()).pk])
    assert careful.post(path, {"text": "长" * MEGABYTE}).status_code == 403
    answer = _sent(careful, path, 20 * MEGABYTE)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "2700")
    assert "请过 45 分钟再试" in answer.content.decode()
    assert "也可以不带材料先提交" in answer.content.decode()
    assert careful.post(path, {"text": "短"}).status_code == 403  # without papers it is read


@pytest.mark.usefixtures("seldom")
def test_the_interface_refuses_in_json(careful: Client) -> None:
    for _ in range(2):
        careful.post("/api/openapi.json", {"a": "b"})
    for status, size in ((429, 2), (413, 30 * MEGABYTE)):
        answer = _sent(careful, "/api/openapi.json", size)
        assert answer.status_code == status
        (problem,) = json.loads(answer.content)["errors"]
        assert problem["remedy"]
