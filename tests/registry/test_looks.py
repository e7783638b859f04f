"""谁看过我的数据: the enterprise reads which bodies and roles have looked, and never an officer's or expert's name."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tidu.core.actor import SYSTEM
from tidu.core.audit.exports import record_export
from tidu.core.audit.recording import record
from tidu.core.models.audit import AuditResult

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    made = make_world()
    a = made.a.pk
    record(
        actor=made.actor("city_baotou"),
        action="core.personal.revealed",
        subject_label="联系人王一",
        enterprise_id=a,
        detail={"label": "电话", "purpose": "contact"},
    )
    record(
        actor=made.actor("expert_baotou"),
        action="core.file.downloaded",
        subject_label="审计报告.pdf",
        enterprise_id=a,
    )
    record(actor=made.actor("manager_a"), action="registry.facts.recorded", enterprise_id=a)
    record(actor=SYSTEM, action="registry.facts.recorded", enterprise_id=a)
    record(
        actor=made.actor("district_kundulun"),
        action="core.file.downloaded",
        enterprise_id=a,
        result=AuditResult.REFUSED,
    )
    record(
        actor=made.actor("city_hohhot"),
        action="registry.facts.recorded",
        enterprise_id=made.enterprises["C"].pk,
    )
    return made


def rows(page: str) -> list[tuple[str, ...]]:
    cells = r'data-label="谁">([^<]*)</td>\s*<td data-label="做了什么">([^<]*)</td>\s*<td data-label="内容">([^<]*)<'
    return re.findall(cells, page)


def test_an_enterprise_sees_bodies_and_roles_and_no_name_of_an_expert(client: Client, world: World) -> None:
    sign_in(client, world.users["editor_a"])
    page = client.get(reverse("registry:looks")).content.decode()
    bureau = world.organisations["city_baotou"].name
    assert rows(page) == [
        ("评审专家", "下载文件", "审计报告.pdf"),
        (f"{bureau} · 市级经办岗", "查看个人信息", "电话，联系本人办理业务"),
    ]
    assert "expert_baotou" not in page
    assert "city_baotou" not in page


def test_with_its_own_people_it_sees_their_names(client: Client, world: World) -> None:
    sign_in(client, world.users["manager_a"])
    found = rows(client.get(reverse("registry:looks"), {"all": "1"}).content.decode())
    assert [who for who, _, _ in found] == [
        "系统",
        "manager_a（企业负责人）",
        "评审专家",
        found[3][0],
    ]


def test_nobody_sees_what_was_done_with_another_s_data(client: Client, world: World) -> None:
    sign_in(client, world.users["manager_b"])
    assert "还没有人看过" in client.get(reverse("registry:looks")).content.decode()


def test_a_long_list_takes_the_same_queries(
    client: Client, world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    sign_in(client, world.users["manager_a"])
    counts, page = [], ""
    for more in (0, 100):
        for _ in range(more):
            record(
                actor=world.actor("city_baotou"), action="registry.facts.recorded", enterprise_id=world.a.pk
            )
        with django_assert_max_num_queries(15) as asked:
            page = client.get(reverse("registry:looks")).content.decode()
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert "更早的" in page


def test_a_list_in_which_it_was_exported_is_told_by_its_length_and_no_more(
    client: Client, world: World
) -> None:
    officer = Client()
    sign_in(officer, world.users["city_baotou"])
    answer = officer.post(f"{reverse('registry:enterprises-act')}?q=", {"act": "csv", "all": "1"})
    lines = b"".join(answer).decode().strip().splitlines()
    assert len(lines) > 1
    sign_in(client, world.users["manager_a"])
    found = rows(client.get(reverse("registry:looks")).content.decode())
    bureau = world.organisations["city_baotou"].name
    assert found[0] == (f"{bureau} · 市级经办岗", "导出数据", f"含本企业的名单，共 {len(lines) - 1} 行")
    assert "企业名单" not in "".join(found[0])
    elsewhere = Client()
    sign_in(elsewhere, world.users["manager_c"])
    assert "含本企业的名单" not in elsewhere.get(reverse("registry:looks")).content.decode()


def test_lists_and_looks_stand_in_one_order_over_all_pages(client: Client, world: World) -> None:
    for number in range(70):
        if number % 2:
            record(
                actor=world.actor("city_baotou"), action="registry.facts.recorded", enterprise_id=world.a.pk
            )
        else:
            record_export(
                actor=world.actor("city_baotou"), enterprises=[world.a.pk, 999_999], detail={"rows": number}
            )
    sign_in(client, world.users["manager_a"])
    first = client.get(reverse("registry:looks")).content.decode()
    assert len(rows(first)) == 50
    assert rows(first)[1][2] == "含本企业的名单，共 68 行"
    older = re.search(r'href="(\?before=\d+)"', first)
    assert older
    second = client.get(reverse("registry:looks") + older[1]).content.decode()
    assert len(rows(second)) == 22
    newer = re.search(r'href="(\?after=\d+)"', second)
    assert newer
    assert rows(client.get(reverse("registry:looks") + newer[1]).content.decode()) == rows(first)
