from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.accounts.people import BAOTOU, HOHHOT, KUNDULUN, REGION, acting, holder, organisation, person
from tests.accounts.signing_in import sign_in
from tidu.accounts.actions.roles import admit_to_enterprise, end_role, grant_role
from tidu.accounts.models import Membership
from tidu.core.actor import SYSTEM, Actor
from tidu.core.models import AuditEvent
from tidu.core.refusals import Refused
from tidu.core.roles import OrganisationKind, Role

pytestmark = pytest.mark.django_db


def security(place: str = BAOTOU) -> Actor:
    return acting(holder(Role.SECURITY_ADMINISTRATOR, place=place))


def test_a_granted_role_is_recorded_with_who_gave_it_to_whom_and_why() -> None:
    giver = security()
    bureau = organisation(OrganisationKind.CITY_BUREAU)
    officer = person("new", home=bureau)
    membership = grant_role(
        actor=giver, person=officer, organisation=bureau, role=Role.CITY_OFFICER, reason="任职文件"
    )
    assert membership.granted_by_id == giver.user_id
    event = AuditEvent.objects.get(action="accounts.role.granted", user_id=giver.user_id)
    assert (event.subject_id, event.place) == (str(membership.pk), BAOTOU)
    assert '"reason": "任职文件"' in event.detail
    again = grant_role(actor=giver, person=officer, organisation=bureau, role=Role.CITY_OFFICER)
    assert again == membership, "a second click changes nothing"
    assert AuditEvent.objects.filter(action="accounts.role.granted", user_id=giver.user_id).count() == 1


def test_rights_that_change_end_the_sessions_of_before_at_their_next_request(client: Client) -> None:
    held = holder(Role.DISTRICT_OFFICER, place=KUNDULUN)
    sign_in(client, held.user)
    assert client.get("/desk/").status_code == 200
    grant_role(
        actor=security(),
        person=held.user,
        organisation=organisation(OrganisationKind.CITY_BUREAU),
        role=Role.CITY_OFFICER,
    )
    assert client.get("/desk/")["Location"].startswith("/accounts/login/")
    held.user.refresh_from_db()
    sign_in(client, held.user)
    end_role(actor=security(REGION), membership=held, reason="调离")
    assert client.get("/desk/")["Location"].startswith("/accounts/login/")


def refusals() -> dict[str, Callable[[], object]]:
    """Every way to be refused, as a call that must raise."""
    giver = security()
    bureau, hohhot = (
        organisation(OrganisationKind.CITY_BUREAU),
        organisation(OrganisationKind.CITY_BUREAU, HOHHOT),
    )
    platform = organisation(OrganisationKind.PLATFORM)
    officer, system = holder(Role.CITY_OFFICER), holder(Role.SYSTEM_ADMINISTRATOR)
    free = person("free", home=bureau)
    disabled = person("disabled", home=bureau)
    disabled.is_active = False
    disabled.save()
    closed = organisation(OrganisationKind.CITY_BUREAU, name="已停用的局")
    closed.is_active = False
    closed.save()

    def grant(
        actor: Actor = giver, to: object = free, of: object = bureau, role: Role = Role.CITY_OFFICER
    ) -> object:
        return grant_role(actor=actor, person=to, organisation=of, role=role)  # type: ignore[arg-type] # objects of the table

    myself = Membership.objects.get(pk=giver.membership_id or 0).user
    return {
        "不能给自己授权": lambda: grant(to=myself, of=platform, role=Role.SECURITY_ADMINISTRATOR),
        "没有授予这个角色的权限": lambda: grant(actor=acting(system)),
        "不在您的管理范围内": lambda: grant(of=hohhot),
        "只能设在": lambda: grant(role=Role.EXPERT),
        "三员中的一员": lambda: grant(to=system.user, of=platform, role=Role.AUDIT_ADMINISTRATOR),
        "不得兼任业务角色，请先": lambda: grant(to=officer.user, of=platform, role=Role.AUDIT_ADMINISTRATOR),
        "此人是管理员": lambda: grant(to=system.user),
        "此人已停用": lambda: grant(to=disabled),
        "该机构已停用": lambda: grant(of=closed),
        "收回的理由": lambda: end_role(actor=giver, membership=officer, reason=" "),
        "收回自己的角色": lambda: end_role(
            actor=giver, membership=Membership.objects.get(pk=giver.membership_id or 0), reason="不想干了"
        ),
        "唯一的安全管理员": lambda: end_role(
            actor=security(REGION),
            membership=Membership.objects.get(pk=giver.membership_id or 0),
            reason="轮岗",
        ),
        "没有认领企业的审核权限": lambda: admit_to_enterprise(
            actor=giver,
            person=free,
            organisation=organisation(OrganisationKind.ENTERPRISE, None),
            reason="",
            enterprise_id=1,
        ),
    }


def test_every_refusal_says_why_and_leaves_nothing_behind() -> None:
    cases = refusals()
    before = (Membership.objects.count(), AuditEvent.objects.count())
    for words, attempt in cases.items():
        if words == "唯一的安全管理员":
            continue  # makes an administrator of the region first
        with pytest.raises(Refused, match=words):
            attempt()
    assert (Membership.objects.count(), AuditEvent.objects.count()) == before
    with pytest.raises(Refused, match="唯一的安全管理员"):
        cases["唯一的安全管理员"]()


def test_a_manager_makes_editors_of_their_own_people_and_nobody_else() -> None:
    mine = organisation(OrganisationKind.ENTERPRISE, None, "甲企业")
    manager = acting(holder(Role.ENTERPRISE_MANAGER, of=mine))
    colleague, stranger = person("colleague", home=mine), person("stranger")
    made = grant_role(actor=manager, person=colleague, organisation=mine, role=Role.ENTERPRISE_EDITOR)
    assert made.granted_by_id == manager.user_id
    with pytest.raises(Refused, match="只能给本企业的人员"):
        grant_role(actor=manager, person=stranger, organisation=mine, role=Role.ENTERPRISE_EDITOR)
    other = organisation(OrganisationKind.ENTERPRISE, None, "乙企业")
    with pytest.raises(Refused, match="不在您的管理范围内"):
        grant_role(actor=manager, person=colleague, organisation=other, role=Role.ENTERPRISE_EDITOR)


def test_an_officer_who_accepts_a_claim_makes_its_author_the_manager_but_never_themselves() -> None:
    officer = holder(Role.DISTRICT_OFFICER, place=KUNDULUN)
    enterprise = organisation(OrganisationKind.ENTERPRISE, None, "丙企业")
    applicant = person("applicant")
    made = admit_to_enterprise(
        actor=acting(officer), person=applicant, organisation=enterprise, reason="授权书属实", enterprise_id=5
    )
    assert (made.role, made.granted_by_id) == (Role.ENTERPRISE_MANAGER, officer.user_id)
    assert AuditEvent.objects.get(subject_id=str(made.pk), action="accounts.role.granted").enterprise_id == 5
    with pytest.raises(Refused, match="自己提出的认领"):
        admit_to_enterprise(
            actor=acting(officer), person=officer.user, organisation=enterprise, reason="", enterprise_id=5
        )


def test_a_role_given_by_the_system_has_no_giver() -> None:
    assert holder(Role.EXPERT).granted_by is None
    assert AuditEvent.objects.filter(action="accounts.role.granted", user_name=SYSTEM.name).exists()
