"""The two small processes behind a title: every state is reached, every open one is left, nothing leaves an end."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tidu.recognition.models import Cancellation, ChangeReport
from tidu.recognition.process.cancelling import CANCELLATION_TABLE
from tidu.recognition.process.changes import CHANGE_OPEN, CHANGE_TABLE
from tidu.recognition.process.life_tables import Table

PROCESSES = [
    (CHANGE_TABLE, ChangeReport.State.REPORTED, frozenset(ChangeReport.State), CHANGE_OPEN),
    (
        CANCELLATION_TABLE,
        Cancellation.State.OPENED,
        frozenset(Cancellation.State),
        frozenset(Cancellation.OPEN_STATES),
    ),
]


def reached_from(table: Table, starts: Iterable[str]) -> frozenset[str]:
    """Every state that the acts of a table lead to from ``starts``, these included."""
    found = set(starts)
    while True:
        further = {
            transition.target
            for transition in table.values()
            if transition.target and transition.sources & found
        }
        if further <= found:
            return frozenset(found)
        found |= further


@pytest.mark.parametrize(("table", "start", "states", "still_open"), PROCESSES)
def test_every_state_is_reached_and_every_open_one_leads_to_an_end(
    table: Table, start: str, states: frozenset[str], still_open: frozenset[str]
) -> None:
    assert reached_from(table, [start]) == states
    for state in still_open:
        assert reached_from(table, [state]) & (states - still_open)


@pytest.mark.parametrize(("table", "start", "states", "still_open"), PROCESSES)
def test_nothing_leaves_an_end(
    table: Table, start: str, states: frozenset[str], still_open: frozenset[str]
) -> None:
    assert start in states
    assert not any(transition.sources - still_open for transition in table.values())


def test_nobody_drops_or_cancels_a_case_that_was_not_proposed() -> None:
    for act in ("cancel", "drop"):
        assert CANCELLATION_TABLE[act].sources == {Cancellation.State.PROPOSED}
