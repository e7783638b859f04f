"""One call from the first word to the certificates: every outcome, once."""

from __future__ import annotations

import pytest
import time_machine

from tests.access.world import make_world
from tests.recognition.chain import OUTCOMES, RECOGNISED, Chain
from tidu.core.audit.verification import verify
from tidu.core.refusals import Refused
from tidu.recognition.models import Act, CaseKind, Status, TitleCertificate
from tidu.registry.models import Title

pytestmark = pytest.mark.django_db(transaction=True)


def test_eight_applications_each_come_to_their_own_end() -> None:
    chain = Chain(make_world())
    for _, step in chain.steps():
        step()
    with pytest.raises(Refused):
        chain.recognise()
    assert not Title.objects.exists()
    with time_machine.travel(chain.after_notice(), tick=True):
        chain.recognise()
    ends = {letter: chain.of(letter).status for letter in OUTCOMES}
    assert ends == {
        **dict.fromkeys("CDI", Status.RECOGNISED),
        **dict.fromkeys("FGH", Status.NOT_RECOGNISED),
        "E": Status.NOT_RECOMMENDED,
        "J": Status.WITHDRAWN,
    }
    for letter in OUTCOMES:
        application = chain.of(letter)
        if letter in RECOGNISED:
            assert application.title is not None
            assert application.title.valid_until is not None
        elif letter != "J":
            assert application.reason
            assert application.cite
    assert Title.objects.count() == TitleCertificate.objects.count() == len(RECOGNISED)
    assert chain.of("D").submissions.count() == 2
    assert Act.objects.filter(case=CaseKind.APPLICATION, act="recognise").count() == len(RECOGNISED)
    assert verify().whole
