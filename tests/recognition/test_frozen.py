"""What was submitted stays as it was, whoever talks to the database."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from tests.access.world import make_world
from tests.recognition.cases import application_at
from tests.recognition.deciding_cases import many, on_notice
from tests.recognition.expert_cases import drawn, filled, submitted
from tidu.core.actor import SYSTEM
from tidu.recognition.actions.notices import recall_notice
from tidu.recognition.models import Act, Assignment, CaseKind, Level, NoticeItem, Status, Submission
from tidu.recognition.process.moving import write_act

pytestmark = pytest.mark.django_db


def test_a_submission_is_neither_changed_nor_removed() -> None:
    application = application_at(make_world(), Status.DISTRICT)
    frozen = application.submissions.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        Submission.objects.filter(pk=frozen.pk).update(digest="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        frozen.delete()
    assert Submission.objects.get(pk=frozen.pk).digest == frozen.digest


def test_a_sheet_that_was_handed_in_says_for_good_what_it_says() -> None:
    world = make_world()
    drawn(world)
    begun, sheet = filled(world, "expert_hohhot_second"), submitted(world)
    rows = Assignment.objects.filter(pk=sheet.pk)
    assert Assignment.objects.filter(pk=begun.pk).update(opinion="还没有交，可以改。") == 1
    changes: list[dict[str, object]] = [
        {"opinion": "别人改的意见。"},
        {"positive": False},
        {"judgements": {}},
        {"scores": {"a": "1"}},
        {"submitted_at": timezone.now()},
        {"expert": world.memberships["expert_hohhot_third"]},
    ]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(state=Assignment.State.OPEN)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()
    rows.update(conflict="后来查出的利害关系")
    rows.update(state=Assignment.State.REPLACED)
    rows.get().save()  # the same again is no change
    assert rows.get().opinion == sheet.opinion


def test_what_a_notice_said_of_an_enterprise_stays_and_is_recalled_once() -> None:
    world = make_world()
    notice = on_notice(world, many(world, 1)[0].call)
    rows = NoticeItem.objects.filter(notice=notice)
    for change in (
        {"name": "别的公司"},
        {"uscc": "91150105MA0TDT3X9K"},
        {"district": "回民区"},
        {"number": 9},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()
    recall_notice(actor=world.actor("city_hohhot"), notice=notice, reason="名称有误。")
    assert rows.get().recalled
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(recalled=False)


def test_the_history_of_a_case_only_grows() -> None:
    act = write_act(
        actor=SYSTEM, case=CaseKind.APPLICATION, case_id=1, act="lapse", label="逾期失效", level=Level.SYSTEM
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        Act.objects.filter(pk=act.pk).update(label="别的")
    with pytest.raises(DatabaseError), transaction.atomic():
        act.delete()
    assert Act.objects.get(pk=act.pk).label == "逾期失效"
