"""`tidu admins`: the three are made once, each a person of their own, and can be helped on the server."""

from __future__ import annotations

import pytest

from tests.accounts.people import BAOTOU, HOHHOT, holder
from tests.cli.running import messages, run
from tidu.accounts.models import Membership, User
from tidu.accounts.second_factor import is_enrolled, set_application
from tidu.core.models import AuditEvent
from tidu.core.roles import ADMINISTRATORS, Role

pytestmark = pytest.mark.django_db

THREE = ("--system", "xi:习某", "--security", "an:安某", "--audit", "shen:沈某")


def test_three_administrators_are_made_with_passwords_that_are_shown_once() -> None:
    made = run("admins", "create", "--place", BAOTOU, *THREE, "--json").data["administrators"]
    assert [row["username"] for row in made] == ["xi", "an", "shen"]
    assert {row["role"] for row in made} == {role.value for role in ADMINISTRATORS}
    for row in made:
        user = User.objects.get(username=row["username"])
        assert user.check_password(row["password"])
        assert user.must_change_password
    assert AuditEvent.objects.filter(action="accounts.role.granted").count() == 3


def test_where_there_are_administrators_no_more_are_made_and_another_city_has_its_own() -> None:
    assert run("admins", "create", "--place", BAOTOU, *THREE).code == 0
    again = run("admins", "create", "--place", BAOTOU, *THREE, "--json")
    assert "已有管理员" in messages(again.errors)
    others = ("--system", "xi2:甲", "--security", "an2:乙", "--audit", "shen2:丙")
    assert run("admins", "create", "--place", HOHHOT, *others).code == 0
    assert Membership.objects.filter(role__in=sorted(ADMINISTRATORS)).count() == 6


def test_the_three_are_three_people() -> None:
    same = ("--system", "xi:习某", "--security", "XI:习某", "--audit", "shen:沈某")
    said = run("admins", "create", "--place", BAOTOU, *same, "--json")
    assert "三个不同的人" in messages(said.errors)
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--place", "999999", *THREE), "没有代码为 999999 的地区"),
        (("--place", BAOTOU, "--system", "xi:习某"), "三员都要写明"),
        (("--place", BAOTOU, "--system", "xi", *THREE[2:]), "应写作 登录名:姓名"),
    ],
)
def test_what_is_wrong_is_said(arguments: tuple[str, ...], words: str) -> None:
    assert words in messages(run("admins", "create", *arguments, "--json").errors)


def test_an_administrator_who_can_no_longer_sign_in_is_helped_on_the_server() -> None:
    held = holder(Role.SECURITY_ADMINISTRATOR)
    set_application(held.user, "JBSWY3DPEHPK3PXP", period=1)
    password = run("admins", "reset", held.user.username, "--reason", "手机丢失", "--json").data["password"]
    user = User.objects.get(pk=held.user_id)
    assert user.check_password(password)
    assert not is_enrolled(user)
    officer = holder(Role.CITY_OFFICER).user
    refused = run("admins", "reset", officer.username, "--reason", "忘记密码", "--json")
    assert "由系统管理员和安全管理员" in messages(refused.errors)
