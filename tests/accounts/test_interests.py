"""Declared interests: who declares, who enters and ends them, what stays, and who sees them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.accounts.people import BAOTOU, HOHHOT, KUNDULUN, REGION, acting, holder
from tests.accounts.signing_in import sign_in
from tidu.accounts.actions.interests import ask_to_end, declare_interest, end_interest, keep_interest
from tidu.accounts.models import Ground, Interest, Membership
from tidu.accounts.ties import Party, refuse_tied, ties, ties_of
from tidu.core.models import AuditEvent
from tidu.core.refusals import Refused
from tidu.core.roles import Role
from tidu.core.uscc import check_characters
from tidu.desk.models import Notification, Task

pytestmark = pytest.mark.django_db
CODE = check_characters("91150203MA0TDT8X")
OTHER = check_characters("91150203MA0TDT9X")


def declared(by: Membership, of: Membership | None = None, **more: Any) -> Interest:  # noqa: ANN401 - passed on
    said = {
        "uscc": CODE,
        "name": "某市试样八科技有限公司",
        "ground": Ground.SHARES,
        "since": dt.date(2025, 1, 1),
    }
    return declare_interest(actor=acting(by), person=(of or by).user, **{**said, **more})


def ended(interest: Interest, person: Membership, by: Membership | None = None) -> None:
    ask_to_end(actor=acting(person), interest=interest, reason="股份已全部转让")
    security = by or holder(Role.SECURITY_ADMINISTRATOR)
    end_interest(actor=acting(security), interest=interest, reason="已核对登记")


def text(answer: Any) -> str:  # noqa: ANN401 - the test client's answer has no public type
    return str(answer.content.decode())


def client_of(membership: Membership) -> Client:
    client = Client()
    sign_in(client, membership.user, membership=membership)
    return client


def test_whoever_declares_an_interest_avoids_the_enterprise_until_it_is_ended() -> None:
    officer = holder(Role.DISTRICT_OFFICER, place=KUNDULUN)
    party = Party(organisation_id=None, uscc=CODE)
    assert ties_of(acting(officer)).ground(party) == ""
    interest = declared(officer, uscc=f" {CODE.lower()} ")
    assert ties_of(acting(officer)).ground(party) == "本人持股"
    assert ties_of(acting(officer)).ground(Party(None, OTHER)) == ""
    with pytest.raises(Refused, match="本人持股"):
        refuse_tied(acting(officer), party)
    ended(interest, officer)
    assert ties_of(acting(officer)).ground(party) == ""
    kept_row = Interest.objects.get()
    assert (kept_row.ending_reason, kept_row.ended_reason) == ("股份已全部转让", "已核对登记")
    kept = AuditEvent.objects.filter(action__startswith="accounts.interest.").order_by("pk")
    assert [event.action for event in kept] == [
        f"accounts.interest.{what}" for what in ("declared", "asked", "ended")
    ]


def test_declaring_the_same_twice_is_once_and_again_after_it_was_ended() -> None:
    officer = holder(Role.CITY_OFFICER)
    first = declared(officer)
    assert declared(officer) == first
    assert declared(officer, ground=Ground.FAMILY) != first
    ended(first, officer)
    assert declared(officer) != first


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"uscc": "91150203"}, "uscc"),
        ({"name": " "}, "name"),
        ({"since": dt.date(2999, 1, 1)}, "since"),
        ({"ground": Ground.OTHER}, "note"),
    ],
)
def test_what_is_wrong_with_a_declaration_is_said_beside_its_field(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        declared(holder(Role.CITY_OFFICER), **wrong)
    assert refused.value.field == field


def test_a_security_administrator_enters_what_came_to_light_and_alone_ends_it() -> None:
    officer, colleague = (
        holder(Role.CITY_OFFICER, username="one"),
        holder(Role.CITY_OFFICER, username="two"),
    )
    security = holder(Role.SECURITY_ADMINISTRATOR)
    for other in (colleague, holder(Role.SYSTEM_ADMINISTRATOR), holder(Role.AUDITOR)):
        with pytest.raises(Refused, match="安全管理员"):
            declared(other, officer, note="来信")
    with pytest.raises(Refused, match="管理范围"):
        declared(holder(Role.SECURITY_ADMINISTRATOR, place=HOHHOT), officer, note="来信")
    with pytest.raises(Refused, match="依据"):
        declared(security, officer)
    interest = declared(security, officer, note="核查函〔2026〕3号")
    assert Notification.objects.get().user == officer.user
    with pytest.raises(Refused, match="由安全管理员终止"):
        end_interest(actor=acting(officer), interest=interest, reason="不属实")
    with pytest.raises(Refused, match="须本人先请求终止"):
        end_interest(actor=acting(security), interest=declared(officer, uscc=OTHER), reason="不属实")
    end_interest(actor=acting(security), interest=interest, reason="经核不属实")
    end_interest(actor=acting(security), interest=interest, reason="再点一次")
    assert Interest.objects.get(uscc=CODE).ended_reason == "经核不属实"


def test_an_end_that_is_asked_for_takes_effect_once_a_second_person_has_agreed() -> None:
    officer, security = holder(Role.CITY_OFFICER), holder(Role.SECURITY_ADMINISTRATOR)
    interest, party = declared(officer), Party(organisation_id=None, uscc=CODE)
    with pytest.raises(Refused, match="本人请求"):
        ask_to_end(actor=acting(security), interest=interest, reason="已转让")
    with pytest.raises(Refused, match="写明终止的理由"):
        ask_to_end(actor=acting(officer), interest=interest, reason=" ")
    for reason in ("已转让", "已全部转让"):
        ask_to_end(actor=acting(officer), interest=interest, reason=reason)
    assert ties_of(acting(officer)).ground(party) == "本人持股"
    for other in (officer, holder(Role.CITY_OFFICER, username="two"), holder(Role.AUDITOR)):
        for answer in (end_interest, keep_interest):
            with pytest.raises(Refused):
                answer(actor=acting(other), interest=interest, reason="同意")
    elsewhere = holder(Role.SECURITY_ADMINISTRATOR, place=HOHHOT)
    with pytest.raises(Refused, match="管理范围"):
        end_interest(actor=acting(elsewhere), interest=interest, reason="同意")
    keep_interest(actor=acting(security), interest=interest, reason="登记里还有股份")
    keep_interest(actor=acting(security), interest=interest, reason="再点一次")
    with pytest.raises(Refused, match="须本人先请求"):
        end_interest(actor=acting(security), interest=interest, reason="同意")
    assert Task.objects.get().outcome == "没有同意终止"
    told = Notification.objects.filter(user=officer.user)
    assert told.get().title == "安全管理员没有同意终止您的一项回避"
    assert "请求终止没有同意：登记里还有股份" in text(client_of(officer).get("/accounts/interests/"))
    ended(interest, officer, by=security)
    assert ties_of(acting(officer)).ground(party) == ""
    assert {found.title for found in told} == {
        "安全管理员没有同意终止您的一项回避",
        "安全管理员终止了您的一项回避",
    }
    assert not Task.objects.open().exists()


def test_the_request_is_the_task_of_the_nearest_administrators_in_charge_and_names_no_enterprise() -> None:
    officer = holder(Role.DISTRICT_OFFICER, place=KUNDULUN)
    for place in (REGION, HOHHOT):
        holder(Role.SECURITY_ADMINISTRATOR, place=place, username=f"security{place}")
    ask_to_end(actor=acting(officer), interest=declared(officer), reason="已转让")
    task = Task.objects.get()
    assert task.organisation.place_id == REGION
    assert "试样" not in task.title
    near = holder(Role.SECURITY_ADMINISTRATOR)
    ask_to_end(actor=acting(officer), interest=declared(officer, uscc=OTHER), reason="已转让")
    assert Task.objects.latest("pk").organisation == near.organisation


def test_nobody_ends_their_own_not_even_a_security_administrator() -> None:
    security = holder(Role.SECURITY_ADMINISTRATOR)
    interest = declared(security)
    ask_to_end(actor=acting(security), interest=interest, reason="已转让")
    with pytest.raises(Refused, match="不能终止自己的"):
        end_interest(actor=acting(security), interest=interest, reason="同意")
    assert client_of(security).get(f"/accounts/interests/{interest.pk}/end/").status_code == 404
    colleague = holder(Role.SECURITY_ADMINISTRATOR, username="colleague")
    end_interest(actor=acting(colleague), interest=interest, reason="已核对")


def test_what_was_declared_is_neither_changed_nor_removed() -> None:
    interest = declared(holder(Role.CITY_OFFICER))
    for change in ({"uscc": OTHER}, {"ground": Ground.FAMILY}, {"name": "别的"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Interest.objects.filter(pk=interest.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        interest.delete()


def test_the_ground_of_many_people_and_enterprises_costs_two_queries() -> None:
    people = [holder(Role.CITY_OFFICER, username=f"officer{number}") for number in range(3)]
    declared(people[0])
    parties = [Party(people[2].organisation_id, ""), *(Party(None, code) for code in (CODE, OTHER))]
    with CaptureQueriesContext(connection) as queries:
        found = ties([one.user_id for one in people])
    assert len(queries) == 2
    assert (
        found[people[0].user_id].ground(*parties) == "任职或曾任职"
    )  # a post weighs before what was declared


def test_the_index_finds_what_a_person_has_declared() -> None:
    officer = holder(Role.CITY_OFFICER)
    Interest.objects.bulk_create(
        Interest(
            person=officer.user,
            uscc=f"{number:018}",
            name="某企业",
            ground=Ground.SHARES,
            since=timezone.localdate(),
            declared_by=officer.user,
        )
        for number in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_interest")
    plan = Interest.objects.current().filter(person=officer.user, uscc=f"{7:018}").explain()
    assert "interest_declared_once" in plan


def test_a_person_asks_on_their_own_page_and_a_security_administrator_answers_in_the_register() -> None:
    officer = holder(Role.DISTRICT_OFFICER, place=KUNDULUN)
    security = client_of(holder(Role.SECURITY_ADMINISTRATOR))
    client = client_of(officer)
    assert "没有申报过" in text(client.get("/accounts/interests/"))
    said = {
        "uscc": CODE,
        "name": "某市试样八科技有限公司",
        "ground": "family",
        "since": "2025-3-1",
        "note": "",
    }
    bad = text(client.post("/accounts/interests/", {**said, "uscc": "1"}))
    assert "有 1 处需要改，没有保存" in bad
    assert client.post("/accounts/interests/", said).status_code == 302
    page = text(client.get("/accounts/interests/"))
    assert "近亲属任职或持股" in page
    assert "回避中" in page
    assert "申报了 1 项利害关系" in text(client.get("/accounts/"))
    address = f"/accounts/interests/{Interest.objects.get().pk}"
    assert "请填写终止的理由" in text(client.post(f"{address}/ask/", {"reason": ""}))
    assert client.get(f"{address}/end/").status_code == 404
    assert client.post(f"{address}/ask/", {"reason": "亲属已离职"}).status_code == 302
    page = text(client.get("/accounts/interests/"))
    assert "待核对终止" in page
    assert "亲属已离职" in page
    assert client.get(f"{address}/ask/").status_code == 404
    assert "请求终止一项回避，请核对" in text(security.get("/desk/"))
    assert f"{address}/end/" in text(security.get("/accounts/interests/register/?state=asked"))
    assert "亲属已离职" in text(security.get(f"{address}/keep/"))
    assert security.post(f"{address}/end/", {"reason": "已核对"}).status_code == 302
    assert "没有符合筛选条件的申报" in text(security.get("/accounts/interests/register/?state=asked"))
    assert "已核对" in text(client.get("/accounts/interests/"))


def test_the_register_shows_the_people_of_the_place_and_not_those_of_another() -> None:
    declared(holder(Role.DISTRICT_OFFICER, place=KUNDULUN), note="姐姐持股")
    for role in (Role.SECURITY_ADMINISTRATOR, Role.AUDITOR):
        here = text(client_of(holder(role)).get("/accounts/interests/register/"))
        assert "某市试样八科技有限公司" in here
        assert "姐姐持股" in here
        assert "/end/" not in here  # what people declared is theirs to end
        there = text(client_of(holder(role, place=HOHHOT)).get("/accounts/interests/register/"))
        assert "还没有人申报" in there
    assert client_of(holder(Role.CITY_OFFICER)).get("/accounts/interests/register/").status_code == 404


def test_the_register_costs_the_same_at_one_and_at_many_rows() -> None:
    client = client_of(holder(Role.AUDITOR))
    officer = holder(Role.CITY_OFFICER)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/accounts/interests/register/").status_code == 200
        return len(queries)

    declared(officer)
    cost()
    one = cost()
    for number in range(15):
        declared(officer, uscc=check_characters(f"91150203MA0TDU{number % 10}{'XY'[number // 10]}"))
    assert cost() == one


def test_a_security_administrator_enters_one_from_the_persons_page() -> None:
    officer = holder(Role.CITY_OFFICER, place=BAOTOU)
    client = client_of(holder(Role.SECURITY_ADMINISTRATOR))
    address = f"/accounts/people/{officer.user_id}/interests/new/"
    assert f'href="{address}"' in text(client.get(f"/accounts/people/{officer.user_id}/"))
    said = {
        "uscc": CODE,
        "name": "某市试样八科技有限公司",
        "ground": "advice",
        "since": "2025-03-01",
        "note": "",
    }
    assert "请填写依据" in text(client.post(address, said))
    assert client.post(address, {**said, "note": "来信"}).status_code == 302
    assert "1 项有效" in text(client.get(f"/accounts/people/{officer.user_id}/"))
    assert "（安全管理员）" in text(client_of(officer).get("/accounts/interests/"))
