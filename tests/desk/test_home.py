from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.accounts.signing_in import sign_in
from tests.desk.offices import SAIHAN, actor, bureau, deadline, person, task
from tidu.accounts.models import Membership, Organisation
from tidu.core.actor import SYSTEM
from tidu.core.audit.recording import record
from tidu.core.models import AuditEvent, Job
from tidu.core.models.jobs import JobState
from tidu.core.roles import OrganisationKind, Role
from tidu.core.workspace import Kpi
from tidu.desk.actions import ask_another, finish_task
from tidu.desk.empty_states import EMPTY
from tidu.desk.figures import NextStep, Panel, register_figures, register_panels, register_steps
from tidu.desk.kinds import declare_kinds
from tidu.desk.models import Task

pytestmark = pytest.mark.django_db
FRIDAY = dt.date(2026, 11, 20)
NINE = dt.datetime(2026, 11, 20, 9, 0, tzinfo=timezone.get_default_timezone())


def home(client: Client, query: str = "") -> str:
    return client.get(f"/desk/{query}").content.decode()


def test_the_heading_counts_what_presses_and_what_is_late(client: Client) -> None:
    with time_machine.travel(NINE, tick=False):
        office = bureau()
        sign_in(client, person(office))
        assert "<h1>没有待办</h1>" in home(client)
        task(SYSTEM, office, limit=deadline(dt.date(2026, 12, 30)))
        assert "<h1>待办 1 件，三个工作日内没有到期的</h1>" in home(client)
        task(SYSTEM, office, limit=deadline(dt.date(2026, 11, 25)))
        task(SYSTEM, office, limit=deadline(FRIDAY))
        assert "<h1>今天要办 2 件，没有逾期</h1>" in home(client)
        task(SYSTEM, office, limit=deadline(dt.date(2026, 11, 19)))
        task(SYSTEM, office, limit=deadline(dt.date(2026, 11, 10), stopped_on=dt.date(2026, 11, 16)))
        page = home(client)
        assert "<h1>今天要办 3 件，其中 1 件已逾期</h1>" in page
        assert "逾期 1 个工作日" in page
        assert "时钟已停 4 天" in page
        assert page.index("逾期 1 个工作日") < page.index("今天到期") < page.index("时钟已停 4 天")


def test_tabs_show_what_is_done_with_its_outcome_and_what_is_only_to_be_known(client: Client) -> None:
    office = bureau()
    officer = person(office, name="苏某")
    sign_in(client, officer)
    subject = deadline(FRIDAY)
    opened = task(SYSTEM, office, subject=subject)
    copied = task(SYSTEM, office, copy=True)
    assert opened.title in home(client)
    assert copied.title not in home(client)
    assert copied.title in home(client, "?tab=copies")
    finish_task(actor=actor(officer), kind="desk.sample", subject=subject, outcome="已接受认领")
    assert opened.title not in home(client)
    done = home(client, "?tab=done")
    assert "已接受认领" in done
    assert "苏某" in done


def test_what_a_colleague_has_to_sign_is_not_the_writers_to_do(client: Client) -> None:
    office = bureau()
    writer, colleague = person(office), person(office)
    subject = deadline(FRIDAY)
    asked = task(actor(writer), office, subject=subject, by_another=True)
    sign_in(client, writer)
    assert "<h1>没有待办</h1>" in home(client)
    assert asked.title not in home(client)
    assert "等待他人审签" in home(client)
    assert asked.title in home(client, "?tab=asked")
    ask_another(actor=actor(colleague), kind="desk.sample", subject=subject)
    assert asked.title in home(client)
    assert "等待他人审签" not in home(client)
    ask_another(actor=actor(writer), kind="desk.sample", subject=subject)
    sign_in(client, colleague)
    assert asked.title in home(client)
    ask_another(actor=None, kind="desk.sample", subject=subject)
    assert asked.title in home(client)
    finish_task(actor=actor(colleague), kind="desk.sample", subject=subject, outcome="已审签")
    sign_in(client, writer)
    assert asked.title in home(client, "?tab=done")


def test_a_task_does_not_say_twice_what_it_is_about(client: Client) -> None:
    office = bureau()
    sign_in(client, person(office))
    opened = task(SYSTEM, office)
    Task.objects.filter(pk=opened.pk).update(
        title="审核申报：晨光公司", subject_label="晨光公司　HH2026-1-0007"
    )
    page = home(client)
    assert page.count("晨光公司") == 1
    assert "HH2026-1-0007" in page


def test_tasks_are_narrowed_to_a_kind_and_the_chip_takes_it_back(client: Client) -> None:
    declare_kinds({"desk.sample": "认领核实", "desk.other": "重名核对"})
    office = bureau()
    sign_in(client, person(office))
    one, other = task(SYSTEM, office), task(SYSTEM, office, kind="desk.other")
    page = home(client, "?kind=desk.other&tab=todo")
    assert other.title in page
    assert one.title not in page
    assert "事项：重名核对（1）" in page
    assert one.title in home(client, "?kind=made-up")


def test_another_district_sees_nothing_of_it(client: Client) -> None:
    opened = task(SYSTEM, bureau())
    sign_in(client, person(bureau(SAIHAN)))
    page = home(client)
    assert opened.title not in page
    assert EMPTY[Role.DISTRICT_OFFICER][0] in page


@pytest.mark.parametrize("role", [None, *Role])
def test_every_role_has_a_home_that_says_what_will_appear(client: Client, role: Role | None) -> None:
    kinds = {
        Role.ENTERPRISE_MANAGER: OrganisationKind.ENTERPRISE,
        Role.ENTERPRISE_EDITOR: OrganisationKind.ENTERPRISE,
    }
    organisation = Organisation.objects.create(
        kind=kinds.get(role, OrganisationKind.PLATFORM) if role else OrganisationKind.PLATFORM,
        name="某机构",
        place_id="150200",
    )
    user = person(None if role is None else organisation, role=role or Role.AUDITOR)
    sign_in(client, user)
    page = home(client)
    assert EMPTY[role][0] in page
    assert EMPTY[role][1] in page
    mapped = client.get("/site-map/").content.decode()
    if role is None:
        assert Role.AUDITOR.label in mapped
    else:
        assert "您的角色能进入的页面" in mapped


def test_a_bank_without_tasks_is_shown_what_it_can_look_up(client: Client) -> None:
    bank = Organisation.objects.create(kind=OrganisationKind.INSTITUTION, name="某银行", place_id="150200")
    sign_in(client, person(bank, role=Role.INSTITUTION_OFFICER))
    page = home(client)
    for address in ("/recognition/verify/", "/recognition/public/recognised/", "/api/docs/"):
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200


def _with_tasks(number: int) -> tuple[Client, str]:
    office = bureau()
    officer = person(office)
    client = Client()
    sign_in(client, officer)
    for index in range(number):
        limit = deadline(FRIDAY + dt.timedelta(days=index))
        task(SYSTEM, office, kind=f"desk.kind{index % 4}", limit=limit)
        record(actor=actor(officer), action="core.export.made", subject=limit)
    return client, "?tab=todo"


@pytest.mark.parametrize(
    "path", ["/desk/?tab=todo", "/desk/?tab=done", "/desk/?tab=copies", "/desk/messages/"]
)
def test_one_task_and_a_hundred_cost_the_same_queries(path: str) -> None:
    costs = []
    for number in (1, 100):
        client, _ = _with_tasks(number)
        client.get(path)  # the first visit fills the caches of the process
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1]
    assert costs[1] <= 32


def test_recent_events_are_those_of_ones_own_organisation_without_signing_in(client: Client) -> None:
    here, there = bureau(), bureau(SAIHAN)
    officer = person(here, name="苏某")
    sign_in(client, officer)
    record(actor=actor(officer), action="core.export.made", subject=here, subject_label="赛罕名录")
    record(actor=actor(person(there)), action="core.export.made", subject=there, subject_label="别处名录")
    record(actor=actor(officer), action="accounts.sign_in.done", subject=officer)
    page = home(client)
    assert "赛罕名录" in page
    assert "别处名录" not in page
    assert "登录</" not in page.split("recent-title")[1]


def test_what_somebody_did_to_one_thing_many_times_is_one_line(client: Client) -> None:
    here = bureau()
    officer = person(here, name="苏某")
    sign_in(client, officer)
    for label in ("旧名录", *["新名录"] * 7):
        record(actor=actor(officer), action="core.export.made", subject=here, subject_label=label)
    recent = home(client).split('id="recent-title"')[1]
    assert recent.count("新名录") == 1
    assert "连续 7 次" in recent
    assert "旧名录" in recent


def test_applications_add_figures_steps_and_cards_for_a_role(client: Client) -> None:
    role = Role.EXPERT
    register_figures([role], lambda _: [Kpi("待评审", "7", "份")])
    register_steps(
        [role],
        lambda _: [NextStep("声明利益冲突", "/desk/", "去声明"), NextStep("领取材料", "/", "去", done=True)],
    )
    register_panels(
        [role], lambda _: [Panel("sample", "评审进度", empty="还没有开始", empty_note="分派之后显示。")]
    )
    office = Organisation.objects.create(kind=OrganisationKind.EXPERT_BODY, name="某协会", place_id="150200")
    sign_in(client, person(office, role=role))
    page = home(client)
    assert "待评审" in page
    assert "声明利益冲突" in page
    assert page.index("声明利益冲突") < page.index("领取材料")
    assert "还没有开始" in page


def test_the_system_administrator_sees_failed_jobs_scanner_calendar_and_places(client: Client) -> None:
    office = Organisation.objects.create(kind=OrganisationKind.PLATFORM, name="某平台", place_id="150200")
    sign_in(client, person(office, role=Role.SYSTEM_ADMINISTRATOR))
    Job.objects.create(kind="registry.import.check", title="校验某表", state=JobState.FAILED, fault="缺列")
    page = home(client)
    assert "校验某表" in page
    assert "缺列" not in page  # what is in a job is its owner's
    assert "没有接入" in page  # no scanner in tests
    assert "旗县区和开发区" in page


def test_the_security_administrator_sees_role_changes_of_the_own_city_alone(client: Client) -> None:
    office = Organisation.objects.create(kind=OrganisationKind.PLATFORM, name="某平台", place_id="150200")
    admin = person(office, role=Role.SECURITY_ADMINISTRATOR)
    sign_in(client, admin)
    membership = Membership.objects.get(user=admin)
    for place, label in (("150203", "昆都仑区审核岗"), ("150105", "赛罕区审核岗")):
        record(
            actor=SYSTEM, action="accounts.role.granted", subject=membership, subject_label=label, place=place
        )
    page = home(client)
    assert "昆都仑区审核岗" in page
    assert "赛罕区审核岗" not in page


def test_the_audit_administrator_sees_whether_the_chain_was_verified_and_what_came_since(
    client: Client,
) -> None:
    office = Organisation.objects.create(kind=OrganisationKind.PLATFORM, name="某平台", place_id="150200")
    sign_in(client, person(office, role=Role.AUDIT_ADMINISTRATOR))
    assert "最近 50,000 条里没有核验" in home(client)
    record(actor=SYSTEM, action="core.audit.verified")
    record(actor=SYSTEM, action="core.export.made", subject=office)
    page = home(client)
    assert "完整" in page
    assert "核验之后新增" in page


def test_the_export_holds_the_tasks_of_the_tab_and_is_on_the_record(client: Client) -> None:
    office = bureau()
    sign_in(client, person(office))
    wanted = task(SYSTEM, office, kind="desk.wanted")
    wanted.title = "=HYPERLINK(1)"
    wanted.save()
    other = task(SYSTEM, office)
    elsewhere = task(SYSTEM, bureau(SAIHAN), kind="desk.wanted")
    answer = client.get("/desk/tasks/export/?tab=todo&kind=desk.wanted")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).worksheets[0]
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    assert "'=HYPERLINK(1)" in cells
    assert other.title not in cells
    assert elsewhere.subject_label not in cells
    event = AuditEvent.objects.get(action="core.export.made")
    assert '"rows": 1' in event.detail
