from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.accounts.people import PASSWORD, acting, holder, organisation, person
from tests.accounts.signing_in import sign_in
from tidu.accounts.actions.passwords import REMEMBERED, change_password
from tidu.accounts.models import User
from tidu.accounts.password_rules import PROFILES, faults, must_change
from tidu.core.roles import OrganisationKind, Role

pytestmark = pytest.mark.django_db


def officer() -> User:
    bureau = organisation(OrganisationKind.CITY_BUREAU)
    return person("zhang.wei", home=bureau, name="张伟民", phone="13812345678", email="weimin@example.org")


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("Ab3-x", "太短"),
        ("onlysmallletters", "至少用 3 类"),
        ("Zhang.Wei-2026-ok", "登录名"),
        ("ok-ZhangWeimin-77", "拼音"),
        ("Ok-13812345678-x", "手机号"),
        ("Admin@123456789", "常见"),
        ("P@ssw0rd123456", "常见"),
        ("Qwertyuiop1234!", "常见"),
        ("Aa1!Aa1!Aa1!" + "x" * 130, "太长"),
        (PASSWORD, "用过的密码"),
    ],
)
def test_a_bad_password_of_staff_is_told_what_is_wrong(password: str, words: str) -> None:
    assert any(words in fault for fault in faults(password, officer()))


@pytest.mark.parametrize("password", ["Grau-Tanne-81", "correct-horse-Battery-9", "乌拉山Xiaobai-2047"])
def test_a_good_password_is_taken(password: str) -> None:
    assert faults(password, officer()) == []


def test_enterprises_need_length_and_no_classes_and_never_rotate() -> None:
    manager = holder(Role.ENTERPRISE_MANAGER, place=None).user
    assert faults("weidenbaumgarten", manager) == []
    assert any("太短" in fault for fault in faults("Ab3-weide", manager))
    User.objects.filter(pk=manager.pk).update(password_changed_at=timezone.now() - dt.timedelta(days=999))
    manager.refresh_from_db()
    assert not must_change(manager)


def test_the_other_profile_asks_staff_for_length_alone(settings: Settings) -> None:
    settings.PASSWORD_PROFILE = "asvs"
    user = officer()
    assert faults("weidenbaumgarten", user) == []
    User.objects.filter(pk=user.pk).update(password_changed_at=timezone.now() - dt.timedelta(days=999))
    user.refresh_from_db()
    assert not must_change(user)


def test_staff_change_their_password_every_ninety_days(client: Client) -> None:
    held = holder(Role.CITY_OFFICER)
    days = PROFILES["dengbao"].days
    assert days == 90
    with time_machine.travel(timezone.now() + dt.timedelta(days=days - 1), tick=False):
        sign_in(client, held.user)
        assert client.get("/desk/").status_code == 200
    with time_machine.travel(timezone.now() + dt.timedelta(days=days + 1), tick=False):
        sign_in(client, held.user)
        assert client.get("/desk/")["Location"] == "/accounts/password/change/"
        assert "已经到期" in client.get("/accounts/password/change/").content.decode()


def test_the_last_five_passwords_are_not_taken_again_but_the_one_before_is() -> None:
    held = holder(Role.CITY_OFFICER)
    used = [PASSWORD, *(f"Weide-Garten-{number}" for number in range(REMEMBERED))]
    for password in used[1:]:
        change_password(actor=acting(held), person=held.user, password=password)
    for password in used[1:]:
        assert any("用过的密码" in fault for fault in faults(password, held.user))
    assert faults(used[0], held.user) == []
    assert held.user.former_passwords.count() == REMEMBERED


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one() -> None:
    held = holder(Role.ENTERPRISE_EDITOR, place=None)
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.post("/accounts/login/", {"login": held.user.username, "password": PASSWORD})
        assert client.get("/desk/").status_code == 200
    new = "weidenbaumgarten-9"
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert here.get("/desk/").status_code == 200
    assert elsewhere.get("/desk/")["Location"].startswith("/accounts/login/")
