from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from tests.accounts.signing_in import sign_in
from tests.desk.offices import actor, bureau, deadline, person, task
from tidu.core.actor import SYSTEM
from tidu.core.models.deadlines import DayUnit
from tidu.desk.actions import finish_task, mark_read, notify, set_pace
from tidu.desk.mail import send_at_once, send_digests
from tidu.desk.models import MailPace, Notification, Preference
from tidu.desk.reminders import remind

pytestmark = pytest.mark.django_db
FRIDAY = dt.date(2026, 11, 20)
NINE = dt.datetime(2026, 11, 20, 9, 0, tzinfo=timezone.get_default_timezone())


def test_a_message_with_a_key_is_told_once() -> None:
    user = person()
    for _ in range(3):
        notify(actor=SYSTEM, users=[user], topic="结果", title="测算完成", key="run-7")
    assert Notification.objects.count() == 1


def test_everybody_of_an_organisation_is_told_unless_disabled_or_gone() -> None:
    office = bureau()
    stays, disabled, gone = person(office), person(office), person(office)
    disabled.is_active = False
    disabled.save()
    gone.memberships.update(ended_at=timezone.now())
    assert notify(actor=SYSTEM, organisation=office, topic="通知", title="明日停机维护") == 1
    assert Notification.objects.get().user == stays


def test_nobody_to_tell_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="users or an organisation"):
        notify(actor=SYSTEM, topic="通知", title="没有收件人")


def test_messages_leave_at_once_only_for_those_who_want_that(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, settings: Settings
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    wants, waits = person(email="a@example.com"), person(email="b@example.com")
    set_pace(actor=actor(wants), user=wants, pace=MailPace.AT_ONCE)
    with django_capture_on_commit_callbacks(execute=True):
        notify(actor=SYSTEM, users=[wants, waits], topic="结果", title="测算完成", url="/registry/")
    assert [letter.to for letter in mail.outbox] == [["a@example.com"]]
    assert "测算完成" in mail.outbox[0].subject
    assert send_at_once() == 0


def test_a_title_with_a_line_break_makes_a_letter_with_one_line_at_its_head() -> None:
    user = person(email="a@example.com")
    set_pace(actor=actor(user), user=user, pace=MailPace.AT_ONCE)
    notify(actor=SYSTEM, users=[user], topic="结果", title="测算\r\nBcc: b@example.com")
    assert send_at_once() == 1
    assert mail.outbox[0].subject.endswith("测算 Bcc: b@example.com")


def test_a_digest_leaves_once_a_day_after_eight_and_names_what_is_unread() -> None:
    user = person(email="a@example.com", name="苏某")
    with time_machine.travel(NINE, tick=False):
        notify(actor=SYSTEM, users=[user], topic="待办", title="核实认领")
        notify(actor=SYSTEM, users=[user], topic="结果", title="导入完成")
        assert send_digests(NINE.replace(hour=7)) == 0
        assert send_digests(NINE) == 1
        assert send_digests(NINE) == 0
        notify(actor=SYSTEM, users=[user], topic="结果", title="测算完成")
        assert send_digests(NINE.replace(hour=18)) == 0
    with time_machine.travel(NINE + dt.timedelta(days=1), tick=False):
        assert send_digests(NINE + dt.timedelta(days=1)) == 1
    first, second = mail.outbox
    assert "苏某，您好" in first.body
    assert "核实认领" in first.body
    assert "导入完成" in first.body
    assert "您有 2 条未读消息" in first.subject
    assert "测算完成" in second.body
    assert "核实认领" not in second.body


def test_no_letter_reminds_of_what_is_done_or_read() -> None:
    office = bureau()
    officer = person(office, email="a@example.com")
    done, subject = task(SYSTEM, office), deadline(FRIDAY)
    task(SYSTEM, office, subject=subject)
    finish_task(actor=SYSTEM, kind="desk.sample", subject=subject, outcome="已接受")
    mark_read(actor=actor(officer), notification=done.notifications.get())
    assert send_digests(timezone.localtime().replace(hour=9)) == 0
    assert mail.outbox == []


def test_nobody_who_wants_no_letters_gets_one() -> None:
    user = person(email="a@example.com")
    set_pace(actor=actor(user), user=user, pace=MailPace.NEVER)
    notify(actor=SYSTEM, users=[user], topic="结果", title="测算完成")
    assert send_digests(timezone.localtime().replace(hour=9)) + send_at_once() == 0


def test_a_letter_that_cannot_be_sent_waits_for_the_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    user = person(email="a@example.com")
    set_pace(actor=actor(user), user=user, pace=MailPace.AT_ONCE)
    notify(actor=SYSTEM, users=[user], topic="结果", title="测算完成")

    def refuse(self: object, fail_silently: bool = False) -> int:  # noqa: ARG001, FBT001, FBT002
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", refuse)
        assert send_at_once() == 0
    assert send_at_once() == 1


def test_a_deadline_is_reminded_of_when_near_and_when_over_once_each() -> None:
    office = bureau()
    person(office)
    task(SYSTEM, office, limit=deadline(dt.date(2026, 11, 24)))
    Notification.objects.all().delete()
    assert remind(NINE.replace(day=18)) == 0  # four working days are left
    assert remind(NINE) == 1
    assert remind(NINE.replace(hour=15)) == 0
    assert remind(NINE.replace(day=25)) == 1
    assert remind(NINE.replace(day=26)) == 0
    assert set(Notification.objects.values_list("topic", flat=True)) == {"催办", "逾期"}


@pytest.mark.parametrize("how", ["finished", "stopped", "early"])
def test_nobody_is_reminded_of_what_is_done_or_stands_still_or_at_night(how: str) -> None:
    office = bureau()
    person(office)
    limit = deadline(FRIDAY, unit=DayUnit.CALENDAR, stopped_on=FRIDAY if how == "stopped" else None)
    task(SYSTEM, office, limit=limit)
    if how == "finished":
        finish_task(actor=SYSTEM, kind="desk.sample", subject=limit, outcome="已接受")
    assert remind(NINE.replace(hour=5) if how == "early" else NINE) == 0


def test_messages_are_read_page_by_page_from_a_fixed_point(client: Client) -> None:
    user = person()
    sign_in(client, user)
    for number in range(1, 46):
        notify(actor=SYSTEM, users=[user], topic="结果", title=f"第{number:02d}条结果")
    first = client.get("/desk/messages/").content.decode()
    assert "第45条结果" in first
    assert "第26条结果" in first
    assert "第25条结果" not in first
    oldest = Notification.objects.get(title="第26条结果").pk
    notify(actor=SYSTEM, users=[user], topic="结果", title="新来的结果")
    second = client.get(f"/desk/messages/?before={oldest}").content.decode()
    assert "第25条结果" in second
    assert "第26条结果" not in second
    back = client.get(
        f"/desk/messages/?after={Notification.objects.get(title='第25条结果').pk}"
    ).content.decode()
    assert "第26条结果" in back
    assert "第45条结果" in back


def test_opening_a_message_marks_it_as_read_and_goes_where_it_leads(client: Client) -> None:
    user = person()
    notify(actor=SYSTEM, users=[user], topic="待办", title="核实认领", url="/desk/?tab=todo")
    notify(actor=SYSTEM, users=[user], topic="待办", title="恶意链接", url="https://elsewhere.example/")
    sign_in(client, user)
    assert '<span class="td-count">2</span>' in client.get("/desk/").content.decode()
    good, bad = Notification.objects.order_by("pk")
    assert client.post(f"/desk/messages/{good.pk}/read/")["Location"] == "/desk/?tab=todo"
    assert client.post(f"/desk/messages/{bad.pk}/read/")["Location"] == "/desk/messages/"
    assert "条未读" not in client.get("/desk/").content.decode()


def test_all_messages_are_marked_as_read_and_only_ones_own(client: Client) -> None:
    user, other = person(), person()
    notify(actor=SYSTEM, users=[user, other], topic="待办", title="核实认领")
    sign_in(client, user)
    client.post("/desk/messages/read/")
    assert list(Notification.objects.unread().values_list("user_id", flat=True)) == [other.pk]


def test_the_pace_of_letters_is_chosen_on_a_page(client: Client) -> None:
    user = person(email="a@example.com")
    sign_in(client, user)
    assert "每天汇总一次" in client.get("/desk/preferences/").content.decode()
    client.post("/desk/preferences/", {"mail": "at_once"})
    assert Preference.objects.get(user=user).mail == MailPace.AT_ONCE
    wrong = client.post("/desk/preferences/", {"mail": "hourly"})
    assert wrong.status_code == 422
    assert "请在三项里选一项" in wrong.content.decode()


def test_nobody_sets_the_pace_of_somebody_else() -> None:
    one, other = person(), person()
    with pytest.raises(ValueError, match="belongs to its person"):
        set_pace(actor=actor(one), user=other, pace=MailPace.NEVER)
