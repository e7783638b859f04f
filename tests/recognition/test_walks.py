"""Random walks: whoever tries whatever in any order, a case only goes the way that the document names.

The table below is written out once more, by hand and in another form than the program's, so that a mistake in one of
the two shows.
"""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.access.world import World, make_world
from tests.recognition.cases import application_at, published_call
from tidu.core.actor import SYSTEM
from tidu.core.audit.chain import digest_of
from tidu.core.refusals import Refused
from tidu.recognition.models import Act, Application, Call, CaseKind, Status, Submission
from tidu.recognition.process.moving import take

#: (status, act) → status, for the way of Hohhot: every stage, with a public notice.
WAY: Final[dict[tuple[str, str], str]] = {
    ("draft", "submit"): "district",
    ("draft", "withdraw"): "withdrawn",
    ("draft", "lapse"): "lapsed",
    ("district", "return"): "returned",
    ("district", "ask"): "district",
    ("district", "answer"): "district",
    ("district", "recommend"): "experts",
    ("district", "not_recommend"): "not_recommended",
    ("district", "withdraw"): "withdrawn",
    ("returned", "resubmit"): "district",
    ("returned", "withdraw"): "withdrawn",
    ("returned", "lapse"): "lapsed",
    ("experts", "conclude"): "decision",
    ("experts", "withdraw"): "withdrawn",
    ("decision", "select"): "selected",
    ("decision", "reject"): "not_recognised",
    ("decision", "withdraw"): "withdrawn",
    ("selected", "publish"): "notice",
    ("notice", "uphold"): "not_recognised",
    ("notice", "recognise"): "recognised",
}
MAY: Final[dict[str, frozenset[str]]] = {
    "submit": frozenset({"manager_c"}),
    "withdraw": frozenset({"manager_c"}),
    "resubmit": frozenset({"manager_c"}),
    "answer": frozenset({"manager_c", "editor_c"}),
    **dict.fromkeys(
        ("return", "ask", "recommend", "not_recommend"),
        frozenset({"district_saihan", "district_saihan_second"}),
    ),
    **dict.fromkeys(
        ("conclude", "select", "reject", "publish", "uphold", "recognise"),
        frozenset({"city_hohhot", "city_hohhot_second"}),
    ),
    "lapse": frozenset({"system"}),
}
PERSONS: Final = (
    "manager_c",
    "editor_c",
    "manager_d",
    "district_saihan",
    "district_saihan_second",
    "district_huimin",
    "city_hohhot",
    "city_hohhot_second",
    "city_baotou",
    "expert_hohhot",
    "auditor_hohhot",
    "system_administrator_hohhot",
    "system",
)
STEPS = st.lists(st.tuples(st.sampled_from(PERSONS), st.sampled_from(sorted(MAY))), min_size=8, max_size=30)
#: Walks that get somewhere: mostly the right person for the act.
LIKELY = st.lists(
    st.sampled_from(sorted(MAY)).flatmap(
        lambda act: st.tuples(st.sampled_from(sorted(MAY[act])), st.just(act))
    ),
    min_size=8,
    max_size=40,
)


def attempt(world: World, application: Application, person: str, act: str) -> bool:
    """Whether the act was done."""
    actor = SYSTEM if person == "system" else world.actor(person)
    try:
        case = take(actor=actor, application=application, act=act, reason="有理由的尝试")
    except Refused:
        return False
    if case.repeated:
        return False
    case.application.submitted_at = case.application.submitted_at or case.application.started_at
    case.application.number = case.application.number or f"W{case.application.pk}"
    case.move()
    return True


class Walks(TestCase):
    """One world; what an example does to it is rolled back behind it."""

    world: World

    @classmethod
    def setUpTestData(cls) -> None:
        cls.world = make_world()
        published_call(cls.world)

    def walk(self, steps: list[tuple[str, str]]) -> None:
        world = self.world
        application = application_at(world, Status.DRAFT, call=Call.objects.get())
        frozen = Submission.objects.create(
            application=application,
            number=1,
            submitted_by_name="某人",
            submitted_at=application.started_at,
            pack_digest="0" * 64,
            content={"facts": []},
            digest=digest_of({"facts": []}),
        )
        history = []
        for person, act in steps:
            application.refresh_from_db()
            before = application.status
            done = attempt(world, application, person, act)
            application.refresh_from_db()
            wanted = WAY.get((before, act))
            if done:
                assert wanted == application.status, (before, act, application.status)
                assert person in MAY[act], (person, act)
                history.append(act)
            else:
                assert application.status == before
        acts = list(
            Act.objects.filter(case=CaseKind.APPLICATION, case_id=application.pk).values_list(
                "act", flat=True
            )
        )
        assert acts == history
        assert ("recognise" in acts) == (application.status == Status.RECOGNISED)
        if "recognise" in acts:
            assert {"submit", "recommend", "conclude", "select", "publish"} <= set(acts)
        frozen.refresh_from_db()
        assert frozen.digest == digest_of(frozen.content)

    @given(STEPS)
    @settings(max_examples=15)
    def test_nobody_gets_a_case_off_its_way(self, steps: list[tuple[str, str]]) -> None:
        self.walk(steps)

    @given(LIKELY)
    @settings(max_examples=25)
    def test_the_right_persons_go_the_way_and_no_step_is_left_out(self, steps: list[tuple[str, str]]) -> None:
        self.walk(steps)


@pytest.mark.django_db
def test_the_whole_way_is_gone_by_those_whose_it_is() -> None:
    world = make_world()
    application = application_at(world, Status.DRAFT)
    way = [
        ("manager_c", "submit", "district"),
        ("district_saihan", "return", "returned"),
        ("manager_c", "resubmit", "district"),
        ("district_saihan_second", "recommend", "experts"),
        ("city_hohhot", "conclude", "decision"),
        ("city_hohhot_second", "select", "selected"),
        ("city_hohhot", "publish", "notice"),
        ("city_hohhot", "recognise", "recognised"),
    ]
    for person, act, status in way:
        assert attempt(world, application, person, act), act
        application.refresh_from_db()
        assert application.status == status
    assert not attempt(world, application, "manager_c", "withdraw")
