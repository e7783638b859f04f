"""What stands beside an expert's sheet: what the machine found, with each way in which it may be fulfilled."""

from __future__ import annotations

import pytest

from tests.access.world import make_world
from tests.recognition.cases import application_at
from tidu.recognition.models import Status
from tidu.recognition.process.rules import pack_of
from tidu.recognition.queries.submissions import read_submission
from tidu.recognition.sheet_page import machine_rows

pytestmark = pytest.mark.django_db


def test_a_condition_of_several_ways_shows_how_each_of_them_came_out() -> None:
    ways = [
        {
            "id": "rank_national",
            "label": "国内前二十位",
            "status": "unknown",
            "shown": "",
            "parent": "market_rank",
        },
        {
            "id": "rank_regional",
            "label": "区内前十位",
            "status": "met",
            "shown": "7 位",
            "parent": "market_rank",
        },
    ]
    whole = {"id": "market_rank", "label": "细分市场名次", "status": "met", "shown": "—", "limit": "2 选 1"}
    content = {"verdict": {"status": "met", "criteria": [whole, *ways]}}
    case = application_at(make_world(), Status.EXPERTS, content=content)
    (row,) = machine_rows(pack_of(case.call), read_submission(case.submissions.get()), ())
    assert [(branch.label, branch.status.value, branch.shown) for branch in row.branches] == [
        ("国内前二十位", "unknown", ""),
        ("区内前十位", "met", "7 位"),
    ]
