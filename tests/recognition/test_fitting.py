"""The enterprise that other tests start from fits indeed: what is left is for people to judge."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.access.world import make_world
from tests.recognition.fitting import fit
from tidu.policy.assess.assessment import assess
from tidu.policy.documents.library import load_library
from tidu.policy.status import Status
from tidu.registry.queries.facts import facts_of

pytestmark = pytest.mark.django_db


def test_nothing_but_judgement_is_left() -> None:
    enterprise = make_world().enterprises["C"]
    fit(enterprise)
    enterprise.refresh_from_db()
    pack = load_library().get("hohhot-2022-recognition")
    found = assess(pack, facts_of(enterprise), as_of=dt.date(2026, 11, 1), base_year=2025)
    assert found.status is Status.NEEDS_REVIEW
    assert not found.counts()[Status.UNKNOWN]
