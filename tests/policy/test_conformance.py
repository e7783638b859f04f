from collections.abc import Callable
from itertools import product

import pytest

from tests.policy.conformance import DATA, ConformanceCase, cases
from tidu.policy import status
from tidu.policy.language.compile import compile_condition
from tidu.policy.status import Status

TABLES = DATA["tables"]
Combine = Callable[[list[Status]], Status]


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: f"{case.rule} {case.values} → {case.expect}")
def test_the_closures_reproduce_every_example(case: ConformanceCase) -> None:
    assert compile_condition(case.condition, case.moment)(case.usable) is case.expect


@pytest.mark.parametrize(("word", "combine"), [("and", status.all_of), ("or", status.any_of)])
def test_the_connectives_follow_their_tables_exhaustively(word: str, combine: Combine) -> None:
    for row, column in product(Status, repeat=2):
        assert combine([row, column]) is Status(TABLES[word][row][column]), (row, column)


def test_negation_follows_its_table() -> None:
    assert {found: status.negate(found) for found in Status} == {
        Status(row): Status(result) for row, result in TABLES["not"].items()
    }


@pytest.mark.parametrize("row", TABLES["at_least_2_of_3"], ids=str)
def test_at_least_follows_its_table_in_any_order(row: list[str]) -> None:
    *parts, expected = [Status(word) for word in row]
    for order in (parts, parts[::-1], [parts[1], parts[2], parts[0]]):
        assert status.at_least(2, order) is expected


@pytest.mark.parametrize("parts", list(product(Status, repeat=3)), ids=str)
def test_at_least_meets_and_and_or_at_its_ends(parts: tuple[Status, ...]) -> None:
    assert status.at_least(1, parts) is status.any_of(parts)
    assert status.at_least(3, parts) is status.all_of(parts)


@pytest.mark.parametrize("parts", list(product(Status, repeat=2)), ids=str)
def test_de_morgan_holds_for_all_four_statuses(parts: tuple[Status, ...]) -> None:
    inverted = [status.negate(part) for part in parts]
    assert status.negate(status.all_of(parts)) is status.any_of(inverted)
