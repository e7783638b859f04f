"""Large requests: only to views that receive files, and only from people who have signed in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from tidu.accounts.models import User
from tidu.core.files.request_size import receives_files
from tidu.core.middleware import RequestSize


def _plain(_: HttpRequest) -> HttpResponse:
    return HttpResponse("read")


@receives_files()
def _receiving(_: HttpRequest) -> HttpResponse:
    return HttpResponse("read")


@pytest.mark.parametrize(
    ("view", "megabytes", "signed_in", "taken"),
    [
        (_plain, 1, False, True),
        (_plain, 3, True, False),
        (_receiving, 1, False, True),
        (_receiving, 3, False, False),
        (_receiving, 3, True, True),
        (_receiving, 20, True, True),
        (_receiving, 22, True, False),
    ],
)
def test_who_may_send_how_much(
    rf: RequestFactory,
    view: Callable[[HttpRequest], HttpResponse],
    megabytes: int,
    *,
    signed_in: bool,
    taken: bool,
) -> None:
    request = rf.post("/", CONTENT_LENGTH=str(megabytes * 1024 * 1024))
    request.user = User(username="a") if signed_in else AnonymousUser()
    answer = RequestSize(_plain).process_view(request, view, (), {})
    if taken:
        assert answer is None
    else:
        assert answer is not None
        assert answer.status_code == 413
