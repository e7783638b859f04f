"""The record on pages: each reader sees their own place, finds what they look for, takes it away on the record."""

import csv
import datetime as dt
import io
import re
from dataclasses import replace

import openpyxl
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.access.world import REGION, World, make_world
from tests.accounts.signing_in import sign_in
from tidu.core.actor import SYSTEM
from tidu.core.audit.queries import search
from tidu.core.audit.recording import record
from tidu.core.jobs.running import execute
from tidu.core.models import AuditEvent, Job
from tidu.core.models.audit import AuditResult
from tidu.core.models.jobs import JobState
from tidu.core.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    made = make_world()
    record(actor=SYSTEM, action="core.job.failed", subject_label="系统的")
    for person in ("city_baotou", "district_kundulun", "city_hohhot"):
        record(
            actor=made.actor(person),
            action="core.setting.changed",
            subject_label=f"{person}的设置",
            enterprise_id=made.a.pk if person != "city_hohhot" else made.enterprises["C"].pk,
        )
    record(
        actor=made.actor("manager_a"),
        action="core.file.downloaded",
        subject_label="=cmd|'/c calc'!A1",
        enterprise_id=made.a.pk,
        result=AuditResult.FAILED,
    )
    return made


def labels(world: World, reader: str, **on: str) -> list[str]:
    return [event.subject_label for event in search(world.actor(reader), on)]


def rows_of(page: str) -> int:
    return page.count('<th scope="row">')


def test_a_reader_sees_the_events_of_their_place_and_below(world: World) -> None:
    baotou = ["=cmd|'/c calc'!A1", "district_kundulun的设置", "city_baotou的设置"]
    assert labels(world, "audit_administrator") == baotou
    assert labels(world, "auditor_baotou") == baotou
    assert labels(world, "auditor_hohhot") == ["city_hohhot的设置"]
    for person in ("city_baotou", "system_administrator", "security_administrator", "manager_a"):
        assert labels(world, person) == []


def test_the_region_sees_all_below_and_what_belongs_to_no_place(world: World) -> None:
    of_the_region = replace(world.actor("audit_administrator"), place=REGION, level="region")
    assert len(search(of_the_region, {})) == 5
    assert len(search(replace(of_the_region, role=Role.AUDITOR), {})) == 4
    assert len(search(replace(of_the_region, place=""), {})) == 0


def test_each_filter_finds_its_own(world: World) -> None:
    who = "audit_administrator"
    assert labels(world, who, person="city_baotou") == ["city_baotou的设置"]
    assert labels(world, who, person="没有这个人") == []
    assert len(labels(world, who, action="core.setting.changed")) == 2
    assert labels(world, who, subject="KUNDULUN的") == ["district_kundulun的设置"]
    assert len(labels(world, who, enterprise=world.a.uscc.lower())) == 3
    assert len(labels(world, who, enterprise="试样A")) == 3
    assert labels(world, who, enterprise="试样C") == []
    assert labels(world, who, result="failed") == ["=cmd|'/c calc'!A1"]
    assert labels(world, who, since="不是日子", until="2026-02-30") == labels(world, who)


def test_days_bound_what_is_found(world: World) -> None:
    for day in (10, 11, 12):
        with time_machine.travel(
            dt.datetime(2027, 3, day, 15, 59, 59, tzinfo=dt.UTC), tick=False
        ):  # 23:59:59 here
            record(actor=world.actor("city_baotou"), action="core.setting.changed", subject_label=f"{day}日")
    who = "audit_administrator"
    assert labels(world, who, since="2027-03-11", until="2027-03-11") == ["11日"]
    assert labels(world, who, since="2027-03-11") == ["12日", "11日"]
    assert "12日" not in labels(world, who, until="2027-03-11")
    for written in ("2027年3月12日", "2027/3/12", "20270312"):
        assert labels(world, who, since=written) == ["12日"]
    assert labels(world, who, since="2028-01-01") == []
    assert labels(world, who, until="2001-01-01") == []
    assert labels(world, who, until="0001-01-01") == []
    assert labels(world, who, since="0001-01-01") == labels(world, who)
    assert labels(world, who, until="9999-12-31") == labels(world, who)


def test_no_file_is_made_of_days_that_are_none(client: Client, world: World) -> None:
    sign_in(client, world.users["auditor_baotou"])
    answer = client.get(reverse("core:audit-export", args=["csv"]), {"since": "2028-13-01"}, follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("core:audit"))
    assert "“2028-13-01”不是日期，没有按“自”筛选" in answer.content.decode()
    assert not AuditEvent.objects.filter(action="core.audit.exported").exists()


def test_the_many_actions_stand_under_headings(client: Client, world: World) -> None:
    sign_in(client, world.users["auditor_baotou"])
    page = client.get(reverse("core:audit")).content.decode()
    assert re.findall(r'<optgroup label="([^"]+)">', page) == [
        "账号、机构和授权",
        "平台和文件",
        "其他",
        "申报、认定和称号",
        "企业和数据",
    ]


def test_the_list_turns_its_pages_both_ways_and_never_loses_a_row(client: Client, world: World) -> None:
    for index in range(120):
        record(actor=world.actor("city_baotou"), action="core.setting.changed", subject_label=f"第{index}")
    sign_in(client, world.users["auditor_baotou"])
    url, seen, turned = f"{reverse('core:audit')}?action=core.setting.changed", [], []
    while True:
        page = client.get(url).content.decode()
        seen += re.findall(r'data-label="对象">([^<]+)', page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        if older is None:
            break
        turned.append(older[1])
        url = f"{reverse('core:audit')}{older[1].replace('&amp;', '&')}"
        assert "action=core.setting.changed" in url
    assert len(seen) == len(set(seen)) == 122
    assert seen[0] == "第119"
    newer = re.search(r'rel="prev" href="([^"]+)"', page)
    assert newer is not None
    back = client.get(f"{reverse('core:audit')}{newer[1].replace('&amp;', '&')}").content.decode()
    assert re.findall(r'data-label="对象">([^<]+)', back) == seen[50:100]


@pytest.mark.parametrize("place", ["before=x", "after=-1", "before=99999999999999999999", "after=²"])
def test_a_place_in_the_list_that_is_none_gives_the_first_page(
    client: Client, world: World, place: str
) -> None:
    sign_in(client, world.users["auditor_baotou"])
    assert rows_of(client.get(f"{reverse('core:audit')}?{place}").content.decode()) == 3


@pytest.mark.parametrize("person", ["audit_administrator", "auditor_hohhot"])
def test_the_list_takes_the_same_queries_for_one_row_and_for_a_hundred(
    client: Client, world: World, person: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    sign_in(client, world.users[person])
    counts = []
    for more in (0, 100):
        for index in range(more):
            for clerk in ("city_baotou", "city_hohhot"):
                record(
                    actor=world.actor(clerk),
                    action="core.setting.changed",
                    enterprise_id=world.a.pk if index % 2 else world.enterprises["C"].pk,
                )
        with django_assert_max_num_queries(20) as asked:
            client.get(reverse("core:audit"), {"person": "city", "since": "2020-01-01", "enterprise": "试样"})
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_one_event_is_shown_with_its_digests_and_not_to_others(client: Client, world: World) -> None:
    number = AuditEvent.objects.get(subject_label="city_baotou的设置").number
    sign_in(client, world.users["auditor_baotou"])
    page = client.get(reverse("core:audit-event", args=[number])).content.decode()
    assert AuditEvent.objects.get(number=number).hash in page
    assert "city_baotou" in page
    other = Client()
    sign_in(other, world.users["auditor_hohhot"])
    assert other.get(reverse("core:audit-event", args=[number])).status_code == 404


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_holds_what_was_found_and_is_itself_recorded(client: Client, world: World, kind: str) -> None:
    sign_in(client, world.users["auditor_baotou"])
    answer = client.get(reverse("core:audit-export", args=[kind]), {"result": "failed"})
    content = b"".join(answer)
    if kind == "csv":
        table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        table = [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]
    assert len(table) == 2
    assert table[1][table[0].index("对象")] == "'=cmd|'/c calc'!A1"
    assert table[1][table[0].index("动作")] == "下载文件"
    last = AuditEvent.objects.order_by("-number").first()
    assert last is not None
    assert (last.action, last.user_name) == ("core.audit.exported", "auditor_baotou")
    assert '"rows": 1' in last.detail


def test_a_kind_of_file_that_there_is_not_is_not_found(client: Client, world: World) -> None:
    sign_in(client, world.users["auditor_baotou"])
    assert client.get(reverse("core:audit-export", args=["exe"])).status_code == 404


def test_too_many_rows_are_refused_with_a_way_out(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tidu.core.views.audit.MOST_WORKBOOK_ROWS", 2)
    sign_in(client, world.users["auditor_baotou"])
    page = client.get(reverse("core:audit-export", args=["csv"]), follow=True).content.decode()
    assert "请缩短起止日期" in page


def test_the_audit_administrator_has_the_record_verified_in_the_background(
    client: Client, world: World
) -> None:
    sign_in(client, world.users["audit_administrator"])
    answer = client.post(reverse("core:audit-verify"))
    job = Job.objects.get()
    assert answer["Location"] == reverse("core:job", args=[job.pk])
    execute(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert "操作记录完好" in job.result["summary"]
    verified = AuditEvent.objects.get(action="core.audit.verified")
    assert verified.result == AuditResult.DONE
    assert "最近一次核验" in client.get(reverse("core:audit")).content.decode()


def test_a_second_click_starts_no_second_verification() -> None:
    world, client = make_world(), Client()
    sign_in(client, world.users["audit_administrator"])
    addresses = {client.post(reverse("core:audit-verify"))["Location"] for _ in range(2)}
    assert len(addresses) == 1
