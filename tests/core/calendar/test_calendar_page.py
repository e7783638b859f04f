"""The system administrator brings in the holidays of another year."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.access.world import make_world
from tests.accounts.signing_in import sign_in
from tests.core.calendar.test_deadlines import arrangement_of_2027, day
from tidu.core.calendar import start_deadline
from tidu.core.calendar.arrangements import read_arrangements, shipped
from tidu.core.models import AuditEvent, CalendarYear, Deadline
from tidu.core.models.deadlines import DayUnit

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    """A client of an administrator whose place takes in every authority."""
    world = make_world()
    world.put_the_platform_above_both_cities()
    client = Client()
    sign_in(client, world.users["system_administrator"])
    return client


def test_the_page_says_what_would_move_and_then_moves_it(client: Client) -> None:
    deadline = start_deadline(started_on=day("2026-12-28"), length=5, unit=DayUnit.WORKING)
    page = reverse("core:calendar")
    shown = client.get(page).content.decode()
    assert "国办发明电〔2025〕7号" in shown
    assert "有 1 个未办结的期限是暂定的" in shown
    checked = client.post(
        page, {"file": SimpleUploadedFile("2027.csv", arrangement_of_2027())}
    ).content.decode()
    assert "重新计算 1 个未办结的期限，其中 1 个的截止日会变化" in checked
    assert Deadline.objects.get(pk=deadline.pk).due_on == deadline.due_on
    assert not CalendarYear.objects.filter(pk=2027).exists()
    done = client.post(reverse("core:calendar-import"), follow=True).content.decode()
    assert "2027 年的节假日安排已导入" in done
    assert "其中 1 个的截止日有变化" in done
    assert Deadline.objects.get(pk=deadline.pk).due_on == day("2027-01-05")
    assert AuditEvent.objects.filter(action="core.calendar.imported").count() == 1
    assert "没有检查过的文件" in client.post(reverse("core:calendar-import"), follow=True).content.decode()


def test_a_faulty_file_is_shown_with_its_rows(client: Client) -> None:
    bad = arrangement_of_2027().replace("2027-01-03,调休上班".encode(), "2027-01-04,调休上班".encode())
    answer = client.post(reverse("core:calendar"), {"file": SimpleUploadedFile("2027.csv", bad)})
    assert answer.status_code == 422
    assert "2027-01-04 不是周六或周日" in answer.content.decode()


def test_a_year_is_downloaded_as_a_file_that_can_be_sent_back(client: Client) -> None:
    answer = client.get(reverse("core:calendar-file", args=[2026]))
    assert answer["Content-Disposition"] == 'attachment; filename="holidays-2026.csv"'
    assert read_arrangements(answer.content, "2026.csv") == shipped()[-1:]
    assert client.get(reverse("core:calendar-file", args=[2031])).status_code == 404


@pytest.mark.parametrize("name", ["core:calendar", "core:places"])
def test_who_shares_the_platform_with_another_city_changes_nothing_for_both(name: str) -> None:
    world, client = make_world(), Client()
    sign_in(client, world.users["system_administrator"])
    assert "由上级系统管理员导入" in client.get(reverse(name)).content.decode()
    file = SimpleUploadedFile("2027.csv", arrangement_of_2027())
    assert "由平台上的各地共用" in client.post(reverse(name), {"file": file}, follow=True).content.decode()
    assert client.post(reverse(f"{name}-import"), follow=True).status_code == 200
    assert not CalendarYear.objects.filter(pk=2027).exists()
