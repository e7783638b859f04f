"""A company registers, proves by a letter that it may act for its enterprise, and is let in by its district."""

from __future__ import annotations

from typing import cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings
from stdnum.cn import uscc as standard

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.core.files.sample_files import pdf
from tidu.accounts.models import Membership, User
from tidu.core.actor import Actor
from tidu.core.models import StoredFile
from tidu.core.models.audit import AuditEvent
from tidu.core.refusals import Refused
from tidu.core.roles import Role
from tidu.core.uscc import check_characters
from tidu.desk.models import Notification, Task, TaskState
from tidu.registry.actions.claims import accept_claim, add_letter, open_claim, refuse_claim
from tidu.registry.models import Claim, ClaimState, Enterprise, EnterpriseStatus

pytestmark = pytest.mark.django_db

NEW = check_characters("91150203MA0TKT9X")
PASSWORD = "Kundulun-fengche-71"


@pytest.fixture
def world(settings: Settings) -> World:
    settings.SIGN_UP_RATE = "1000/h/ip"
    return make_world()


def _said(**changed: str) -> dict[str, str]:
    return {
        "uscc": NEW,
        "enterprise_name": "某市新来科技有限公司",
        "place": "150203",
        "name": "申请人甲",
        "phone": "13900000000",
        "email": "",
        "username": "xinlai",
        "password1": PASSWORD,
        "password2": PASSWORD,
    } | changed


def _letter(client: Client, content: bytes | None = None, name: str = "授权书.pdf") -> HttpResponse:
    upload = SimpleUploadedFile(name, pdf() if content is None else content)
    return cast("HttpResponse", client.post(reverse("registry:my-claim-letter"), {"letter": upload}))


def _claimed(client: Client, **changed: str) -> Claim:
    assert client.post(reverse("registry:sign-up"), _said(**changed)).status_code == 302
    return Claim.objects.latest("pk")


def _officer(world: World, name: str) -> Client:
    client = Client()
    sign_in(client, world.users[name])
    return client


def test_a_company_registers_is_confirmed_and_fills_in_its_facts(
    client: Client, world: World, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    claim = _claimed(client)
    enterprise = Enterprise.objects.get(uscc=NEW)
    assert enterprise.status == EnterpriseStatus.PENDING
    assert enterprise.district_id == "150203"
    page = client.get(reverse("registry:my-claim")).content.decode()
    assert "还差授权书" in page
    assert client.get(reverse("registry:own")).status_code == 404

    assert _letter(client).status_code == 302
    task = Task.objects.get(subject_id=str(claim.pk))
    assert task.organisation == world.organisations["district_kundulun"]
    assert "等待核实" in client.get(reverse("registry:my-claim")).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        accept_claim(actor=world.actor("district_kundulun"), claim=claim)
        accept_claim(actor=world.actor("district_kundulun"), claim=claim)
    claim.refresh_from_db()
    enterprise.refresh_from_db()
    task.refresh_from_db()
    person = User.objects.get(username="xinlai")
    assert claim.state == ClaimState.ACCEPTED
    assert enterprise.status == EnterpriseStatus.ACTIVE
    assert task.state == TaskState.DONE
    assert Membership.objects.get(user=person).role == Role.ENTERPRISE_MANAGER
    assert Notification.objects.filter(user=person).count() == 1
    assert AuditEvent.objects.filter(action="registry.claim.accepted").count() == 1

    sign_in(client, person)
    assert client.get(reverse("registry:own")).status_code == 200


@pytest.mark.usefixtures("world")
def test_whom_nobody_has_checked_fills_no_disk_with_letters(client: Client) -> None:
    _claimed(client)
    for _ in range(5):
        assert "不能上传" in _letter(client, name="授权书.txt").content.decode()
    answer = _letter(client)
    assert answer.status_code == 422
    assert "授权书传得太频繁" in answer.content.decode()
    assert not StoredFile.objects.exists()


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"uscc": NEW[:17] + ("1" if NEW[17] != "1" else "2")}, "第 18 位校验码应为"),
        ({"uscc": NEW[:10]}, "少 8 位"),
        ({"uscc": NEW.replace("9", "I", 1)}, "不会出现在统一社会信用代码里"),
        ({"enterprise_name": ""}, "请填写企业名称"),
        ({"place": "110101"}, "请从列表里选择注册地"),
        ({"phone": "12345"}, "11 位手机号"),
        ({"password2": "another-one-42"}, "两次填写的密码不一样"),
        ({"password1": "short", "password2": "short"}, "密码太短"),
        ({"username": "district_kundulun"}, "已经有人使用"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(client: Client, changed: dict[str, str], words: str) -> None:
    answer = client.post(reverse("registry:sign-up"), _said(**changed))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Claim.objects.exists()
    assert not User.objects.filter(username="xinlai").exists()


@pytest.mark.usefixtures("world")
def test_an_odd_inner_check_character_is_asked_about_and_can_be_confirmed(client: Client) -> None:
    body = NEW[:16] + ("1" if NEW[16] != "1" else "2")
    odd = body + standard.calc_check_digit(body)
    answer = client.post(reverse("registry:sign-up"), _said(uscc=odd))
    assert answer.status_code == 422
    assert "第 17 位" in answer.content.decode()
    assert client.post(reverse("registry:sign-up"), _said(uscc=odd, sure="yes")).status_code == 302


def test_a_claim_on_a_known_enterprise_shows_nothing_of_it(client: Client, world: World) -> None:
    known = world.a
    known.name = "秘而不宣有限公司"
    known.save()
    _claimed(client, uscc=known.uscc, enterprise_name="另起的名字公司", place="150204")
    page = client.get(reverse("registry:my-claim")).content.decode()
    assert "秘而不宣" not in page
    assert "昆都仑" not in page
    assert client.get(reverse("registry:own")).status_code == 404
    template = client.get(reverse("registry:my-claim-letter-template"))
    assert template.content.startswith(b"%PDF")
    known.refresh_from_db()
    assert known.name == "秘而不宣有限公司"
    assert known.status == EnterpriseStatus.ACTIVE


def test_a_second_claim_joins_the_same_organisation_and_the_first_is_told(
    client: Client, world: World
) -> None:
    claim = _claimed(client, uscc=world.a.uscc)
    _letter(client)
    accept_claim(actor=world.actor("district_kundulun"), claim=claim)
    person = User.objects.get(username="xinlai")
    assert Membership.objects.get(user=person).organisation == world.organisations["A"]
    assert Notification.objects.filter(user=world.users["manager_a"], topic="企业认领").count() == 1


def test_the_officer_sees_the_differences_and_the_other_accounts(client: Client, world: World) -> None:
    claim = _claimed(client, uscc=world.a.uscc, enterprise_name="另起的名字公司", place="150204")
    _letter(client)
    page = _signed_page(world, "district_kundulun", reverse("registry:claim", args=[claim.pk]))
    assert "不一致" in page
    assert world.a.name in page
    assert "manager_a" in page
    assert "通过认领" in page
    listed = _signed_page(world, "district_kundulun", reverse("registry:claims"))
    assert "另起的名字公司" in listed


def _signed_page(world: World, name: str, url: str) -> str:
    answer = _officer(world, name).get(url)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_without_a_letter_nobody_is_let_in(client: Client, world: World) -> None:
    claim = _claimed(client)
    assert not Task.objects.exists()
    with pytest.raises(Refused, match="还没有上传授权书"):
        accept_claim(actor=world.actor("district_kundulun"), claim=claim)


def test_only_the_district_decides_and_the_city_where_the_district_has_nobody(
    client: Client, world: World
) -> None:
    claim = _claimed(client)
    _letter(client)
    for stranger in ("district_qingshan", "city_baotou", "city_hohhot", "auditor_baotou", "manager_b"):
        with pytest.raises(Refused, match="由企业所在旗县区核实"):
            accept_claim(actor=world.actor(stranger), claim=claim)
    Membership.objects.filter(user=world.users["district_kundulun"]).update(ended_at="2026-01-01T00:00Z")
    accept_claim(actor=world.actor("city_baotou"), claim=claim)
    assert Claim.objects.get().state == ClaimState.ACCEPTED


def test_the_task_of_a_claim_without_a_district_is_the_citys(client: Client, world: World) -> None:
    _claimed(client, place="150200")
    _letter(client)
    assert Task.objects.get().organisation == world.organisations["city_baotou"]


def test_a_letter_that_nobody_looked_at_lets_nobody_in(client: Client, world: World) -> None:
    claim = _claimed(client)
    _letter(client)
    officer = _officer(world, "district_kundulun")
    page = officer.get(reverse("registry:claim", args=[claim.pk])).content.decode()
    claim.refresh_from_db()
    assert claim.letter is not None
    seen = claim.letter.sha256
    assert f'name="letter" value="{seen}"' in page
    _letter(client, pdf() + b"\n", name="另一份.pdf")
    accept = reverse("registry:claim-accept", args=[claim.pk])
    assert "换了授权书" in officer.post(accept, {"letter": seen}).content.decode()
    claim.refresh_from_db()
    assert (claim.state, claim.letter.name) == (ClaimState.OPEN, "另一份.pdf")
    assert officer.post(accept, {"letter": claim.letter.sha256}).status_code == 302


def test_nobody_checks_their_own_claim(client: Client, world: World) -> None:
    claim = _claimed(client)
    _letter(client)
    own = Actor(
        user_id=claim.user_id,
        name="申请人甲",
        role=Role.DISTRICT_OFFICER,
        organisation_id=world.organisations["district_kundulun"].pk,
        place="150203",
        level="district",
    )
    with pytest.raises(Refused, match="不能核实自己"):
        accept_claim(actor=own, claim=claim)


def test_a_refusal_needs_a_reason_reaches_the_claimant_and_can_be_answered(
    client: Client, world: World
) -> None:
    claim = _claimed(client)
    _letter(client)
    officer = world.actor("district_kundulun")
    with pytest.raises(Refused, match="理由"):
        refuse_claim(actor=officer, claim=claim, reason=" ")
    refuse_claim(actor=officer, claim=claim, reason="授权书没有盖章")
    refuse_claim(actor=officer, claim=claim, reason="再点一次")
    with pytest.raises(Refused, match="不用再办理"):
        accept_claim(actor=officer, claim=claim)
    page = client.get(reverse("registry:my-claim")).content.decode()
    assert "授权书没有盖章" in page
    again = {name: _said()[name] for name in ("uscc", "enterprise_name", "place")}
    assert client.post(reverse("registry:my-claim"), again).status_code == 302
    assert Claim.objects.filter(state=ClaimState.OPEN).count() == 1
    assert client.post(reverse("registry:my-claim"), again).status_code == 302
    assert Claim.objects.count() == 2
    assert _letter(client).status_code == 302


@pytest.mark.usefixtures("world")
def test_a_withdrawn_claim_takes_the_task_with_it(client: Client) -> None:
    _claimed(client)
    _letter(client)
    client.post(reverse("registry:my-claim-withdraw"))
    client.post(reverse("registry:my-claim-withdraw"))
    assert Claim.objects.get().state == ClaimState.WITHDRAWN
    assert Task.objects.get().state == TaskState.WITHDRAWN


def test_one_claim_at_a_time_and_none_on_ones_own_enterprise(world: World) -> None:
    member = world.actor("manager_a")
    with pytest.raises(Refused, match="不用再次认领"):
        open_claim(actor=member, uscc=world.a.uscc, stated_name="甲", place="150203")
    first = open_claim(actor=member, uscc=NEW, stated_name="新来公司", place="150203")
    assert open_claim(actor=member, uscc=NEW, stated_name="新来公司", place="150203") == first
    with pytest.raises(Refused, match="没有办结"):
        open_claim(actor=member, uscc=world.enterprises["B"].uscc, stated_name="乙", place="150204")


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("content", "name", "words"),
    [(b"MZ", "授权书.exe", "不能上传"), (b"<svg/>", "授权书.png", "内容却不是"), (b"", "a.pdf", "空的")],
)
def test_a_letter_that_is_no_letter_is_refused(client: Client, content: bytes, name: str, words: str) -> None:
    _claimed(client)
    answer = _letter(client, content, name)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Claim.objects.get().letter is None


def test_letters_of_others_are_out_of_reach(client: Client, world: World) -> None:
    claim = _claimed(client)
    _letter(client)
    url = reverse("registry:claim-letter", args=[claim.pk])
    assert _officer(world, "district_kundulun").get(url).status_code == 200
    assert _officer(world, "district_qingshan").get(url).status_code == 404
    assert _officer(world, "manager_a").get(url).status_code == 404
    assert AuditEvent.objects.get(action="core.file.downloaded").enterprise_id == claim.enterprise_id


@pytest.mark.usefixtures("world")
def test_one_address_cannot_register_without_end(client: Client, settings: Settings) -> None:
    settings.SIGN_UP_RATE = "2/h/ip"
    for _ in range(2):
        client.post(reverse("registry:sign-up"), _said(uscc="1"))
    answer = client.post(reverse("registry:sign-up"), _said())
    assert answer.status_code == 429
    assert "太频繁" in answer.content.decode()
    assert not Claim.objects.exists()


def test_a_letter_for_somebody_elses_claim_is_refused(world: World, client: Client) -> None:
    claim = _claimed(client)
    with pytest.raises(Refused, match="自己的认领"):
        add_letter(actor=world.actor("manager_b"), claim=claim, received=None)  # type: ignore[arg-type]


def test_the_list_of_claims_costs_the_same_at_one_and_at_a_hundred(world: World) -> None:
    counts = []
    for number in (1, 100):
        users = [User(username=f"u{number}-{each}", name="某人") for each in range(number)]
        User.objects.bulk_create(users)
        Claim.objects.bulk_create(
            Claim(user=user, enterprise=world.a, stated_name="甲", stated_place_id="150203") for user in users
        )
        for officer in ("district_kundulun", "city_baotou"):
            client = _officer(world, officer)
            client.get(reverse("registry:claims"))
            with CaptureQueriesContext(connection) as caught:
                assert client.get(reverse("registry:claims")).status_code == 200
            counts.append(len(caught))
    assert len(set(counts)) == 1, counts


@pytest.mark.usefixtures("world")
def test_a_double_click_registers_once_and_lands_on_the_same_page(client: Client) -> None:
    first, second = Client(), Client()
    assert first.post(reverse("registry:sign-up"), _said()).status_code == 302
    assert second.post(reverse("registry:sign-up"), _said())["Location"] == reverse("registry:my-claim")
    assert Claim.objects.count() == 1
    assert User.objects.filter(username="xinlai").count() == 1
    stranger = _said(password1="Another-fengche-72", password2="Another-fengche-72")
    assert client.post(reverse("registry:sign-up"), stranger).status_code == 422


@pytest.mark.parametrize("status", [EnterpriseStatus.ACTIVE, EnterpriseStatus.WITHDRAWN])
def test_an_enterprise_without_a_place_is_checked_where_the_claimant_says(
    client: Client, world: World, status: EnterpriseStatus
) -> None:
    Enterprise.objects.filter(pk=world.a.pk).update(status=status, city=None, district=None)
    claim = _claimed(client, uscc=world.a.uscc, place="150204")
    _letter(client)
    assert Task.objects.get().organisation == world.organisations["district_qingshan"]
    accept_claim(actor=world.actor("district_qingshan"), claim=claim)
    world.a.refresh_from_db()
    assert (world.a.status, world.a.district_id) == (EnterpriseStatus.ACTIVE, "150204")
