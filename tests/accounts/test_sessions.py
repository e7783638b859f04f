from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.accounts.people import PASSWORD, acting, holder, person
from tests.accounts.signing_in import sign_in
from tidu.accounts.actions.people import disable_person
from tidu.accounts.models import User
from tidu.core.actor import SYSTEM
from tidu.core.models import AuditEvent
from tidu.core.roles import Role

pytestmark = pytest.mark.django_db

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("role", "idle", "whole"),
    [
        (Role.CITY_OFFICER, dt.timedelta(minutes=30), dt.timedelta(hours=12)),
        (Role.ENTERPRISE_EDITOR, dt.timedelta(hours=2), dt.timedelta(hours=24)),
    ],
)
def test_a_session_ends_when_it_is_not_used_and_after_so_many_hours_in_any_case(
    client: Client, role: Role, idle: dt.timedelta, whole: dt.timedelta
) -> None:
    held = holder(role, place=None if role is Role.ENTERPRISE_EDITOR else "150200")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client, held.user)
        clock.shift(idle - MINUTE)
        assert client.get("/desk/").status_code == 200
        clock.shift(idle + MINUTE)
        answer = client.get("/desk/?page=2")
        assert answer["Location"] == "/accounts/login/?next=%2Fdesk%2F%3Fpage%3D2"
        assert "已超时" in client.get("/accounts/login/").content.decode()
        assert AuditEvent.objects.filter(action="accounts.session.expired", user_id=held.user_id).count() == 1

        sign_in(client, held.user)
        for _ in range(int(whole / (idle / 2)) - 1):
            clock.shift(idle / 2)
            assert client.get("/desk/").status_code == 200
        clock.shift(idle / 2 + MINUTE)
        assert client.get("/desk/").status_code == 302


def test_asking_for_more_time_puts_the_end_off(client: Client) -> None:
    held = holder(Role.CITY_OFFICER)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client, held.user)
        for _ in range(4):
            clock.shift(29 * MINUTE)
            assert client.post("/accounts/session/extend/").status_code == 204
        assert client.get("/desk/").status_code == 200


def test_a_part_of_a_page_that_comes_too_late_sends_the_whole_page_to_sign_in(client: Client) -> None:
    held = holder(Role.CITY_OFFICER)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client, held.user)
        clock.shift(HOUR)
        answer = client.get("/desk/", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer["HX-Redirect"].startswith("/accounts/login/")


def test_people_see_where_they_are_signed_in_and_end_the_others() -> None:
    held = holder(Role.ENTERPRISE_EDITOR, place=None)
    here, elsewhere = (
        Client(),
        Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/150 Edg/150"}),
    )
    for client in (here, elsewhere):
        client.post("/accounts/login/", {"login": held.user.username, "password": PASSWORD})
    page = here.get("/accounts/sessions/").content.decode()
    assert "2 处正在登录" in page
    assert "Windows · Edge" in page
    here.post("/accounts/sessions/")
    assert here.get("/desk/").status_code == 200
    assert elsewhere.get("/desk/").status_code == 302


def test_a_person_of_a_demonstration_signs_in_only_while_the_site_is_one(
    client: Client, settings: Settings
) -> None:
    held = holder(Role.CITY_OFFICER)
    User.objects.filter(pk=held.user_id).update(demonstration=True)
    credentials = {"login": held.user.username, "password": PASSWORD}
    assert client.post("/accounts/login/", credentials)["Location"] == "/accounts/login/"
    assert "不要动态码" not in client.get("/accounts/login/").content.decode()
    settings.DEMONSTRATION = True
    assert "不要动态码" in client.get("/accounts/login/").content.decode()
    assert client.post("/accounts/login/", credentials)["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200, "on this machine without a second factor"
    far = client.get("/desk/", REMOTE_ADDR="203.0.113.7")
    forwarded = client.get("/desk/", headers={"X-Forwarded-For": "203.0.113.7"})
    assert far["Location"] == forwarded["Location"] == "/accounts/second-factor/"
    settings.DEMONSTRATION = False
    assert client.get("/desk/")["Location"].startswith("/accounts/login/")


def test_the_demonstration_relaxes_nothing_for_real_people(client: Client, settings: Settings) -> None:
    settings.DEMONSTRATION = True
    held = holder(Role.CITY_OFFICER)
    client.post("/accounts/login/", {"login": held.user.username, "password": PASSWORD})
    assert client.get("/desk/")["Location"] == "/accounts/second-factor/"


def test_a_sensitive_page_asks_again_after_a_while_and_goes_on_with_what_was_posted(client: Client) -> None:
    held = holder(Role.SYSTEM_ADMINISTRATOR)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client, held.user)
        assert client.get("/accounts/people/new/").status_code == 200
        clock.shift(11 * MINUTE)
        fields = {"username": "li", "name": "李某", "organisation": held.organisation_id}
        asked = client.post("/accounts/people/new/", fields)
        assert asked["Location"].startswith("/accounts/reauthenticate/?next=")
        assert not User.objects.filter(username="li").exists()
        wrong = client.post(asked["Location"], {"password": "wrong", "next": "/accounts/people/new/"})
        assert "密码不正确" in wrong.content.decode()
        done = client.post(asked["Location"], {"password": PASSWORD, "next": "/accounts/people/new/"})
        assert "临时密码" in done.content.decode()
        assert User.objects.filter(username="li").exists()


def test_a_visitor_s_page_costs_no_query_for_identities(
    client: Client, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator] # pytest-django's fixture
        client.get("/accessibility/")


def test_somebody_disabled_in_between_finds_the_session_gone(client: Client) -> None:
    user = person("soon-gone")
    sign_in(client, user)
    assert client.get("/accounts/").status_code == 200
    disable_person(actor=SYSTEM, person=user, reason="离职")
    assert client.get("/accounts/").status_code == 302
    assert acting(holder(Role.EXPERT)).user_id
