from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from tests.accounts.signing_in import sign_in
from tests.desk.offices import SAIHAN, actor, bureau, deadline, person, task
from tidu.core.actor import SYSTEM
from tidu.core.roles import Role
from tidu.desk.actions import acknowledge, finish_task, open_task, withdraw_task
from tidu.desk.models import Notification, Task, TaskState

pytestmark = pytest.mark.django_db
FRIDAY = dt.date(2026, 11, 20)


def test_a_task_opened_twice_is_one_task_with_the_newer_words_and_nobody_is_told_again() -> None:
    office = bureau()
    officer = person(office)
    subject = deadline(FRIDAY)
    first = task(SYSTEM, office, subject=subject)
    again = task(SYSTEM, office, subject=subject)
    assert again.pk == first.pk
    assert Task.objects.get().title == again.title
    assert Notification.objects.filter(user=officer).count() == 1


def test_what_was_only_to_be_known_of_becomes_something_to_do_and_not_the_other_way_round() -> None:
    office = bureau()
    subject = deadline(FRIDAY)
    task(SYSTEM, office, subject=subject, copy=True)
    assert not task(SYSTEM, office, subject=subject).copy
    assert not task(SYSTEM, office, subject=subject, copy=True).copy


def test_a_finished_task_leaves_room_for_the_next_one_about_the_same_subject() -> None:
    office = bureau()
    subject = deadline(FRIDAY)
    first = task(SYSTEM, office, subject=subject)
    assert finish_task(actor=SYSTEM, kind="desk.sample", subject=subject, outcome="已接受") == 1
    assert task(SYSTEM, office, subject=subject).pk != first.pk


def test_finishing_twice_changes_nothing_the_second_time() -> None:
    office, subject = bureau(), deadline(FRIDAY)
    one, other = actor(person(office)), actor(person(office))
    opened = task(SYSTEM, office, subject=subject)
    assert finish_task(actor=one, kind="desk.sample", subject=subject, outcome="已接受") == 1
    assert finish_task(actor=other, kind="desk.sample", subject=subject, outcome="已退回") == 0
    opened.refresh_from_db()
    assert (opened.state, opened.outcome, opened.done_by_id) == (TaskState.DONE, "已接受", one.user_id)


def test_a_task_is_withdrawn_from_one_organisation_and_stays_with_another() -> None:
    here, there, subject = bureau(), bureau(SAIHAN), deadline(FRIDAY)
    task(SYSTEM, here, subject=subject)
    kept = task(SYSTEM, there, subject=subject)
    withdraw_task(actor=SYSTEM, kind="desk.sample", subject=subject, outcome="企业已撤回", organisation=here)
    assert list(Task.objects.open()) == [kept]


def test_only_the_role_of_the_organisation_sees_its_tasks() -> None:
    here, there = bureau(), bureau(SAIHAN)
    mine = task(SYSTEM, here)
    assert list(Task.objects.visible_to(actor(person(here)))) == [mine]
    assert not Task.objects.visible_to(actor(person(there))).exists()
    assert not Task.objects.visible_to(actor(person(here, role=Role.AUDITOR))).exists()
    assert not Task.objects.visible_to(actor(person())).exists()


def test_the_database_refuses_a_second_open_task_about_one_subject() -> None:
    office, subject = bureau(), deadline(FRIDAY)
    opened = task(SYSTEM, office, subject=subject)
    opened.pk = None
    with transaction.atomic(), pytest.raises(IntegrityError):
        opened.save(force_insert=True)


def test_the_person_who_acts_is_not_told_what_they_have_just_done() -> None:
    office = bureau()
    one, other = person(office), person(office)
    task(actor(one), office)
    assert set(Notification.objects.values_list("user_id", flat=True)) == {other.pk}


def test_a_copy_is_acknowledged_once_and_a_task_never() -> None:
    office = bureau()
    officer = actor(person(office))
    copy, duty = task(SYSTEM, office, copy=True), task(SYSTEM, office)
    assert acknowledge(actor=officer, task=copy)
    assert not acknowledge(actor=officer, task=copy)
    assert not acknowledge(actor=officer, task=duty)


def test_nothing_is_told_when_the_change_around_it_fails() -> None:
    office = bureau()
    person(office)
    with transaction.atomic():
        task(SYSTEM, office)
        transaction.set_rollback(True)
    assert not Task.objects.exists()
    assert not Notification.objects.exists()


def test_a_title_longer_than_the_column_is_cut_and_not_refused() -> None:
    office = bureau()
    opened = open_task(
        actor=SYSTEM,
        kind="desk.sample",
        title="长" * 300,
        url="/",
        organisation=office,
        role=Role.DISTRICT_OFFICER,
        subject=office,
    )
    assert len(opened.title) == 200


def test_a_copy_is_marked_as_seen_from_the_page(client: Client) -> None:
    office = bureau()
    officer = person(office)
    copy = task(SYSTEM, office, copy=True)
    sign_in(client, officer)
    assert "标为已阅" in client.get("/desk/?tab=copies").content.decode()
    answer = client.post(f"/desk/tasks/{copy.pk}/acknowledge/")
    assert answer["Location"] == "/desk/?tab=copies"
    copy.refresh_from_db()
    assert copy.outcome == "已阅"
