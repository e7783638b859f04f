from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.accounts.people import (
    BAOTOU,
    HOHHOT,
    KUNDULUN,
    PASSWORD,
    REGION,
    acting,
    holder,
    organisation,
    person,
)
from tests.accounts.signing_in import sign_in
from tests.accounts.test_signing_in import code_now, submit
from tidu.accounts.actions.invitations import invite
from tidu.accounts.actions.people import (
    create_person,
    disable_person,
    enable_person,
    issue_password,
    unlock_person,
)
from tidu.accounts.actions.roles import grant_role
from tidu.accounts.actions.second_factor import enrol, reset_second_factor
from tidu.accounts.lockout import locked_names
from tidu.accounts.models import User
from tidu.accounts.password_rules import faults
from tidu.accounts.second_factor import is_enrolled, new_secret
from tidu.core.actor import SYSTEM, Actor
from tidu.core.models import AuditEvent
from tidu.core.refusals import Refused
from tidu.core.roles import OrganisationKind, Role

pytestmark = pytest.mark.django_db


def keeper(place: str = BAOTOU) -> Actor:
    return acting(holder(Role.SYSTEM_ADMINISTRATOR, place=place))


def test_a_new_person_changes_the_temporary_password_before_anything_else(client: Client) -> None:
    bureau = organisation(OrganisationKind.CITY_BUREAU)
    made, password = invite(actor=keeper(), username="wang", name="王某某", organisation=bureau)
    broken = faults(password, made)
    assert [fault for fault in broken if "用过的密码" not in fault] == [], (
        "what we issue follows our own rules"
    )
    submit(client, "wang", password)
    assert client.get("/desk/")["Location"] == "/accounts/password/change/"
    assert client.get("/accounts/second-factor/")["Location"] == "/accounts/password/change/"
    page = client.post(
        "/accounts/password/change/", {"oldpassword": password, "password1": password, "password2": password}
    ).content.decode()
    assert "用过的密码" in page
    done = client.post(
        "/accounts/password/change/", {"oldpassword": password, "password1": PASSWORD, "password2": PASSWORD}
    )
    assert done.status_code == 302
    assert client.get("/desk/").status_code == 200, "no role yet, so no second factor yet"
    assert not User.objects.get(pk=made.pk).must_change_password


def test_disabling_ends_the_session_at_once_and_enabling_lets_in_again(client: Client) -> None:
    actor, held = keeper(), holder(Role.CITY_OFFICER)
    sign_in(client, held.user)
    disable_person(actor=actor, person=held.user, reason="离职")
    assert client.get("/desk/")["Location"].startswith("/accounts/login/")
    answer = submit(client, held.user.username)
    assert answer["Location"] == "/accounts/login/"
    assert "已停用" in client.get("/accounts/login/").content.decode()
    enable_person(actor=actor, person=held.user, reason="返聘")
    assert submit(client, held.user.username)["Location"] == "/desk/"
    actions = list(
        AuditEvent.objects.filter(user_id=actor.user_id).order_by("number").values_list("action", flat=True)
    )
    assert actions == ["accounts.person.disabled", "accounts.person.enabled"]


def test_an_administrator_opens_a_locked_name_and_the_record_knows(client: Client) -> None:
    actor, held = keeper(), holder(Role.ENTERPRISE_EDITOR, place=None)
    User.objects.filter(pk=held.user_id).update(organisation=organisation(OrganisationKind.CITY_BUREAU))
    held.organisation.place_id = KUNDULUN
    held.organisation.save()
    for _ in range(5):
        submit(client, held.user.username, "not-the-password")
    assert locked_names([held.user.username]) == {held.user.username}
    unlock_person(actor=actor, person=held.user, reason="本人电话核实")
    assert locked_names([held.user.username]) == set()
    assert submit(client, held.user.username)["Location"] == "/desk/"
    assert AuditEvent.objects.filter(action="accounts.sign_in.unlocked", user_id=actor.user_id).count() == 1


def refusals() -> dict[str, Callable[[], object]]:
    mine, theirs = keeper(), holder(Role.CITY_OFFICER, place=HOHHOT)
    bureau = organisation(OrganisationKind.CITY_BUREAU)
    officer = holder(Role.CITY_OFFICER)
    above = holder(Role.EXPERT, place=REGION, username="above")
    User.objects.filter(pk=above.user_id).update(organisation=bureau)
    security, auditing = holder(Role.SECURITY_ADMINISTRATOR), holder(Role.AUDIT_ADMINISTRATOR)
    me = User.objects.get(pk=mine.user_id or 0)
    return {
        "没有新建人员的权限": lambda: create_person(
            actor=acting(security), username="x", name="某", organisation=bureau
        ),
        "管理范围内的机构": lambda: create_person(
            actor=mine, username="x", name="某", organisation=theirs.organisation
        ),
        "登录名已经有人使用": lambda: create_person(
            actor=mine, username=officer.user.username.upper(), name="某", organisation=bureau
        ),
        "此人不在您的管理范围内": lambda: issue_password(actor=mine, person=theirs.user, reason="忘记"),
        "由上级系统管理员": lambda: issue_password(actor=mine, person=above.user, reason="忘记"),
        "没有管理账号的权限": lambda: issue_password(
            actor=acting(security), person=officer.user, reason="忘记"
        ),
        "重置的理由": lambda: issue_password(actor=mine, person=officer.user, reason=""),
        "停用自己": lambda: disable_person(actor=mine, person=me, reason="休假"),
        "停用的理由": lambda: disable_person(actor=mine, person=officer.user, reason=" "),
        "唯一的审计管理员": lambda: disable_person(actor=mine, person=auditing.user, reason="离职"),
        "由安全管理员办理": lambda: reset_second_factor(actor=mine, person=officer.user, reason="丢失"),
        "重置自己的动态码": lambda: reset_second_factor(
            actor=acting(security), person=security.user, reason="丢失"
        ),
        "由上级安全管理员": lambda: reset_second_factor(
            actor=acting(security), person=above.user, reason="丢失"
        ),
    }


def test_every_refusal_about_an_account_says_why_and_leaves_nothing_behind() -> None:
    cases = refusals()
    before = (
        User.objects.count(),
        AuditEvent.objects.count(),
        sorted(User.objects.values_list("password", "is_active")),
    )
    for words, attempt in cases.items():
        with pytest.raises(Refused, match=words):
            attempt()
    after = (
        User.objects.count(),
        AuditEvent.objects.count(),
        sorted(User.objects.values_list("password", "is_active")),
    )
    assert after == before


def test_no_single_administrator_can_take_over_an_enrolled_account() -> None:
    """The password is one administrator's matter and the second factor another's."""
    officer = holder(Role.CITY_OFFICER)
    secret = new_secret()
    enrol(actor=acting(officer), person=officer.user, secret=secret, code=code_now(secret))
    system, security = keeper(), acting(holder(Role.SECURITY_ADMINISTRATOR))
    issue_password(actor=system, person=officer.user, reason="忘记")
    assert is_enrolled(officer.user)
    reset_second_factor(actor=security, person=officer.user, reason="手机丢失")
    assert not is_enrolled(officer.user)


def test_administrators_of_a_city_see_their_own_and_those_of_the_region_all_below() -> None:
    for place in (KUNDULUN, HOHHOT):
        kind = OrganisationKind.DISTRICT_BUREAU if place == KUNDULUN else OrganisationKind.CITY_BUREAU
        person(f"of.{place}", home=organisation(kind, place))

    def seen(actor: Actor) -> set[str]:
        names = User.objects.visible_to(actor).values_list("username", flat=True)
        return {name for name in names if name.startswith("of.")}

    assert seen(keeper(BAOTOU)) == {f"of.{KUNDULUN}"}
    assert seen(keeper(HOHHOT)) == {f"of.{HOHHOT}"}
    assert seen(keeper(REGION)) == {f"of.{KUNDULUN}", f"of.{HOHHOT}"}
    assert seen(acting(holder(Role.CITY_OFFICER))) == set(), (
        "an officer sees the people of the own organisation"
    )
    assert seen(SYSTEM) == {f"of.{KUNDULUN}", f"of.{HOHHOT}"}


def test_somebody_who_serves_in_two_places_is_seen_in_both() -> None:
    both = holder(Role.EXPERT, username="of.both")
    grant_role(
        actor=SYSTEM,
        person=both.user,
        organisation=organisation(OrganisationKind.EXPERT_BODY, HOHHOT),
        role=Role.EXPERT,
    )
    for place in (BAOTOU, HOHHOT):
        assert User.objects.visible_to(keeper(place)).filter(pk=both.user_id).exists()
