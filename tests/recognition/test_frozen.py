"""What was submitted stays as it was, whoever talks to the database."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from tests.access.world import make_world
from tests.recognition.cases import application_at
from tidu.core.actor import SYSTEM
from tidu.recognition.models import Act, CaseKind, Level, Status, Submission
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


def test_the_history_of_a_case_only_grows() -> None:
    act = write_act(
        actor=SYSTEM, case=CaseKind.APPLICATION, case_id=1, act="lapse", label="逾期失效", level=Level.SYSTEM
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        Act.objects.filter(pk=act.pk).update(label="别的")
    with pytest.raises(DatabaseError), transaction.atomic():
        act.delete()
    assert Act.objects.get(pk=act.pk).label == "逾期失效"
