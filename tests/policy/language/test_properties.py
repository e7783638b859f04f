"""Laws of the rule language over random rules and facts."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.policy.conformance import scope
from tests.policy.rules import MOMENT, complete_facts, facts, rules
from tidu.policy import status
from tidu.policy.language.check import check_condition
from tidu.policy.language.compile import compile_condition
from tidu.policy.language.missing import compile_missing
from tidu.policy.language.parse import parse_rule
from tidu.policy.status import Status

SCOPE = scope()
OPEN = {Status.UNKNOWN, Status.NEEDS_REVIEW}


def outcome(rule: str, values: dict[str, Any]) -> Status:
    return compile_condition(check_condition(parse_rule(rule), SCOPE), MOMENT)(values)


@given(rules, complete_facts, st.data())
def test_learning_more_never_overturns_a_decision(
    rule: str, values: dict[str, Any], data: st.DataObject
) -> None:
    kept = data.draw(st.sets(st.sampled_from(sorted(values))))
    partial = outcome(rule, {key: values[key] for key in kept})
    if partial not in OPEN:
        assert outcome(rule, values) is partial


@given(rules, facts)
def test_every_unknown_says_what_is_missing(rule: str, values: dict[str, Any]) -> None:
    condition = check_condition(parse_rule(rule), SCOPE)
    if compile_condition(condition, MOMENT)(values) is Status.UNKNOWN:
        assert compile_missing(condition, MOMENT)(values)


@given(rules, facts)
def test_only_a_judgement_can_need_review(rule: str, values: dict[str, Any]) -> None:
    if outcome(rule, values) is Status.NEEDS_REVIEW:
        assert "judged" in rule
        assert "judged" not in values


@given(rules, rules, facts)
def test_de_morgan_holds_for_whole_rules(left: str, right: str, values: dict[str, Any]) -> None:
    assert outcome(f"not ({left} and {right})", values) is outcome(f"(not {left}) or (not {right})", values)


@given(st.lists(st.sampled_from(Status), min_size=1, max_size=5), st.data())
def test_the_order_of_parts_does_not_matter(parts: list[Status], data: st.DataObject) -> None:
    other = data.draw(st.permutations(parts))
    wanted = data.draw(st.integers(1, len(parts)))
    assert status.all_of(parts) is status.all_of(other)
    assert status.any_of(parts) is status.any_of(other)
    assert status.at_least(wanted, parts) is status.at_least(wanted, other)


@given(st.lists(st.sampled_from(Status), min_size=2, max_size=5))
def test_asking_for_more_is_never_easier(parts: list[Status]) -> None:
    rank = {Status.NOT_MET: 0, Status.UNKNOWN: 1, Status.NEEDS_REVIEW: 1, Status.MET: 2}
    outcomes = [rank[status.at_least(wanted, parts)] for wanted in range(1, len(parts) + 1)]
    assert outcomes == sorted(outcomes, reverse=True)
