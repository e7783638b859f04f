"""The pages of the three administrators and of an enterprise's manager, as they use them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.accounts.people import BAOTOU, HOHHOT, KUNDULUN, PASSWORD, holder, organisation, person
from tests.accounts.signing_in import sign_in
from tests.accounts.test_signing_in import submit
from tidu.accounts.models import Membership, Organisation, User
from tidu.core.models import AuditEvent
from tidu.core.roles import OrganisationKind, Role

pytestmark = pytest.mark.django_db


def signed_in(role: Role, **more: Any) -> Client:  # noqa: ANN401 - passed on
    client = Client()
    sign_in(client, holder(role, **more).user)
    return client


def text(answer: Any) -> str:  # noqa: ANN401 - the test client's answer has no public type
    return str(answer.content.decode())


def test_a_bureau_its_officer_and_the_role_come_about_through_two_administrators() -> None:
    system, security = signed_in(Role.SYSTEM_ADMINISTRATOR), signed_in(Role.SECURITY_ADMINISTRATOR)
    made = system.post(
        "/accounts/organisations/new/",
        {
            "kind": "district_bureau",
            "name": "昆都仑区工业和信息化局",
            "short_name": "昆区工信局",
            "document_word": "昆工信",
            "place": KUNDULUN,
        },
    )
    bureau = Organisation.objects.get(name="昆都仑区工业和信息化局")
    assert bureau.document_word == "昆工信"
    assert "发文字号 昆工信" in text(system.get(f"/accounts/organisations/{bureau.pk}/"))
    assert made["Location"] == f"/accounts/organisations/{bureau.pk}/"
    page = text(
        system.post("/accounts/people/new/", {"username": "zhao", "name": "赵某", "organisation": bureau.pk})
    )
    officer = User.objects.get(username="zhao")
    password = re.search(r'ac-issued">([A-Za-z0-9-]+)<', page)
    assert password
    assert "没有角色" in text(security.get(f"/accounts/people/{officer.pk}/"))
    fields = {"organisation": bureau.pk, "role": "district_officer", "reason": "任职文件〔2026〕3号"}
    assert (
        security.post(f"/accounts/people/{officer.pk}/roles/new/", fields)["Location"]
        == f"/accounts/people/{officer.pk}/"
    )
    assert "昆区工信局" in text(security.get(f"/accounts/people/{officer.pk}/"))
    client = Client()
    assert submit(client, "zhao", password[1])["Location"] == "/desk/"
    held = Membership.objects.get(user=officer)
    ended = security.post(f"/accounts/roles/{held.pk}/end/", {"reason": "调离"})
    assert ended["Location"] == f"/accounts/people/{officer.pk}/"
    assert "曾任角色" in text(security.get(f"/accounts/people/{officer.pk}/"))


def test_a_refusal_stands_beside_the_field_and_what_was_typed_stays() -> None:
    security = signed_in(Role.SECURITY_ADMINISTRATOR)
    bureau = organisation(OrganisationKind.CITY_BUREAU)
    officer = person("qian", home=bureau)
    page = text(
        security.post(
            f"/accounts/people/{officer.pk}/roles/new/",
            {"organisation": bureau.pk, "role": "expert", "reason": "外聘"},
        )
    )
    assert "别的角色不能设在这个机构" in page
    assert "外聘" in page
    nothing = text(security.post(f"/accounts/people/{officer.pk}/roles/new/", {}))
    assert "请选择角色。" in nothing
    assert "请填写理由。" in nothing


def test_only_the_roles_that_an_organisation_can_have_are_listed() -> None:
    security = signed_in(Role.SECURITY_ADMINISTRATOR)
    bureau, body = organisation(OrganisationKind.CITY_BUREAU), organisation(OrganisationKind.EXPERT_BODY)
    address = f"/accounts/people/{person('qian', home=bureau).pk}/roles/new/"

    def listed(query: str) -> set[str]:
        return set(re.findall(r'type="radio" name="role" value="(\w+)"', text(security.get(address + query))))

    assert listed("") == {"city_officer"}
    assert listed(f"?organisation={body.pk}") == {"expert"}
    elsewhere = organisation(OrganisationKind.CITY_BUREAU, HOHHOT)
    assert security.get(f"{address}?organisation={elsewhere.pk}").status_code == 404
    Organisation.objects.filter(pk=bureau.pk).update(is_active=False)
    assert "请先选择机构" in text(security.get(address))


def test_a_person_who_moves_keeps_account_and_roles() -> None:
    system = signed_in(Role.SYSTEM_ADMINISTRATOR)
    officer = holder(Role.CITY_OFFICER)
    other = organisation(OrganisationKind.DISTRICT_BUREAU, KUNDULUN)
    taken = person("taken", home=other, employee_no="G-1")
    fields = {"name": "新名", "organisation": other.pk, "employee_no": taken.employee_no, "email": ""}
    assert "工号已经有人使用" in text(system.post(f"/accounts/people/{officer.user_id}/change/", fields))
    fields["employee_no"] = "G-2"
    assert system.post(f"/accounts/people/{officer.user_id}/change/", fields).status_code == 302
    changed = User.objects.get(pk=officer.user_id)
    assert (changed.name, changed.organisation, changed.employee_no) == ("新名", other, "G-2")
    assert Membership.objects.active().filter(user=changed).count() == 1


def test_a_reason_is_asked_for_and_missing_it_asks_again() -> None:
    system = signed_in(Role.SYSTEM_ADMINISTRATOR)
    officer = holder(Role.CITY_OFFICER).user
    asked = system.post(f"/accounts/people/{officer.pk}/disable/", {"reason": ""})
    assert asked.status_code == 422
    assert "请填写停用的理由" in text(asked)
    assert system.post(f"/accounts/people/{officer.pk}/disable/", {"reason": "离职"}).status_code == 302
    assert "停用" in text(system.get(f"/accounts/people/{officer.pk}/"))
    assert system.post(f"/accounts/people/{officer.pk}/enable/", {"reason": "返聘"}).status_code == 302


def test_an_organisation_is_changed_closed_and_opened_again() -> None:
    system = signed_in(Role.SYSTEM_ADMINISTRATOR)
    tax = organisation(OrganisationKind.DEPARTMENT)
    page = text(system.get(f"/accounts/organisations/{tax.pk}/change/"))
    assert "可确认的事项" in page
    fields = {"name": "市税务局", "short_name": "税务", "place": BAOTOU, "confirms": ["tax"]}
    assert system.post(f"/accounts/organisations/{tax.pk}/change/", fields).status_code == 302
    tax.refresh_from_db()
    assert (tax.name, tax.confirms) == ("市税务局", ["tax"])
    officer = holder(Role.DEPARTMENT_OFFICER, of=tax)
    client = Client()
    sign_in(client, officer.user)
    system.post(f"/accounts/organisations/{tax.pk}/close/", {"reason": "机构改革"})
    assert client.get("/desk/").status_code == 302, "its people's sessions end"
    assert "停用" in text(system.get("/accounts/organisations/?state=closed"))
    system.post(f"/accounts/organisations/{tax.pk}/reopen/", {"reason": "恢复"})
    tax.refresh_from_db()
    assert tax.is_active
    assert list(
        AuditEvent.objects.filter(action__startswith="accounts.organisation.")
        .order_by("number")
        .values_list("action", flat=True)
    ) == [f"accounts.organisation.{word}" for word in ("changed", "closed", "reopened")]


def test_a_city_s_administrator_moves_nothing_out_of_the_city() -> None:
    system = signed_in(Role.SYSTEM_ADMINISTRATOR)
    tax = organisation(OrganisationKind.DEPARTMENT)
    page = text(system.post(f"/accounts/organisations/{tax.pk}/change/", {"name": "税务局", "place": HOHHOT}))
    assert "没有保存" in page
    tax.refresh_from_db()
    assert tax.place_id == BAOTOU


def test_a_manager_invites_a_colleague_who_works_for_the_enterprise_and_ends_it() -> None:
    enterprise = organisation(OrganisationKind.ENTERPRISE, None, "某企业")
    manager = signed_in(Role.ENTERPRISE_MANAGER, of=enterprise)
    page = text(
        manager.post(
            "/accounts/colleagues/new/", {"username": "sun", "name": "孙某", "role": "enterprise_editor"}
        )
    )
    assert "临时密码" in page
    held = Membership.objects.get(user__username="sun")
    assert (held.organisation, held.role, held.user.organisation) == (
        enterprise,
        Role.ENTERPRISE_EDITOR,
        enterprise,
    )
    assert "孙某" in text(manager.get("/accounts/colleagues/"))
    assert "临时密码" in text(
        manager.post(f"/accounts/colleagues/{held.user_id}/password/", {"reason": "忘记密码"})
    )
    assert manager.post(f"/accounts/colleagues/roles/{held.pk}/end/", {"reason": "离职"}).status_code == 302
    manager.get("/accounts/colleagues/")  # which tells that it is done
    assert "孙某" not in text(manager.get("/accounts/colleagues/"))


@pytest.mark.parametrize("count", [1, 100])
def test_the_lists_cost_the_same_for_one_row_and_for_a_hundred(
    count: int,
    django_assert_max_num_queries: Any,  # noqa: ANN401 - pytest-django's fixture
) -> None:
    bureau = organisation(OrganisationKind.CITY_BUREAU)
    body = organisation(OrganisationKind.EXPERT_BODY)
    User.objects.bulk_create(
        User(username=f"many{number}", name=f"人员{number}", organisation=bureau) for number in range(count)
    )
    Membership.objects.bulk_create(
        Membership(user=user, organisation=body, role=Role.EXPERT)
        for user in User.objects.filter(username__startswith="many")
    )
    Organisation.objects.bulk_create(
        Organisation(kind=OrganisationKind.DEPARTMENT, name=f"部门{number}", place_id=BAOTOU)
        for number in range(count)
    )
    narrow = signed_in(Role.SYSTEM_ADMINISTRATOR)
    broad = signed_in(Role.SECURITY_ADMINISTRATOR, place="150000")
    for client in (narrow, broad):
        for path in ("/accounts/people/", "/accounts/organisations/"):
            with django_assert_max_num_queries(9):
                assert client.get(path).status_code == 200


def test_the_security_administrator_reads_the_rules_in_force() -> None:
    page = text(signed_in(Role.SECURITY_ADMINISTRATOR).get("/accounts/policy/"))
    assert "每 90 天更换一次" in page
    assert "30 分钟没有操作即退出，最长 12 小时" in page


def test_people_change_their_own_particulars_and_the_phone_is_masked() -> None:
    held = holder(Role.CITY_OFFICER)
    client = Client()
    sign_in(client, held.user)
    bad = text(client.post("/accounts/profile/", {"name": "新名", "phone": "12"}))
    assert "请填写 11 位手机号" in bad
    client.post("/accounts/profile/", {"name": "新名", "phone": "138 0000 1234", "email": "x@example.org"})
    page = text(client.get("/accounts/"))
    assert "138****1234" in page
    assert "13800001234" not in page
    client.post("/accounts/profile/", {"name": "新名", "phone": "", "email": "x@example.org"})
    assert User.objects.get(pk=held.user_id).phone == "13800001234", "left empty, it stays"
    event = AuditEvent.objects.filter(action="accounts.person.changed").latest("number")
    assert "13800001234" not in event.detail


def test_a_password_is_reset_by_mail_and_the_answer_tells_nothing(mailoutbox: list[Any]) -> None:
    held = holder(Role.ENTERPRISE_EDITOR, place=None)
    User.objects.filter(pk=held.user_id).update(email="known@example.org")
    answers = [
        Client().post("/accounts/password/reset/", {"email": email})
        for email in ("known@example.org", "no@example.org")
    ]
    assert answers[0]["Location"] == answers[1]["Location"] == "/accounts/password/reset/done/"
    assert [mail.to for mail in mailoutbox] == [["known@example.org"]]
    link = re.search(r"https?://testserver(\S+)", mailoutbox[0].body)
    assert link
    client = Client()
    page = client.get(link[1], follow=True)
    new = "weidenbaumgarten-7"
    done = client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    assert done["Location"] == "/accounts/password/reset/key/done/"
    assert submit(Client(), held.user.username, new)["Location"] == "/desk/"
    assert "不能用了" in text(Client().get(link[1], follow=True)), "a link works once"
    assert submit(Client(), held.user.username, PASSWORD).status_code == 200
    sign_in(client, held.user)
    client.post("/accounts/profile/", {"name": "新名", "email": "new@example.org"})
    Client().post("/accounts/password/reset/", {"email": "known@example.org"})
    assert len(mailoutbox) == 1, "an address that was given up opens nothing"
