"""Who may give which role to whom: the whole table, and what must hold for any sequence of grants."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.accounts.granting import DELEGABLE, combination, grantable, misfit, refusal_to_grant
from tidu.core.actor import SYSTEM, Actor
from tidu.core.roles import ADMINISTRATORS, ENTERPRISE_ROLES, ROLE_RULES, OrganisationKind, Role

BUSINESS = frozenset(Role) - ADMINISTRATORS
roles = st.sampled_from(list(Role))
held = st.frozensets(roles, max_size=4)


def actor(role: Role | None, *, organisation: int = 1) -> Actor:
    return Actor(user_id=7, name="某人", role=role, organisation_id=organisation)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("organisation", [1, 2])
def test_the_table_of_who_may_give_what(role: Role, organisation: int) -> None:
    expected: frozenset[Role] = frozenset()
    if role is Role.SECURITY_ADMINISTRATOR:
        expected = frozenset(Role)
    if role is Role.ENTERPRISE_MANAGER and organisation == 1:
        expected = ENTERPRISE_ROLES
    assert grantable(actor(role), organisation) == expected


def test_somebody_without_a_role_gives_none_and_the_system_any() -> None:
    assert grantable(actor(None), 1) == frozenset()
    assert grantable(SYSTEM, 1) == frozenset(Role)


@pytest.mark.parametrize(("role", "kind"), list(itertools.product(Role, OrganisationKind)))
def test_a_role_fits_the_kinds_that_its_rules_name_and_no_others(role: Role, kind: OrganisationKind) -> None:
    assert (misfit(role, kind) == "") == (kind in ROLE_RULES[role].kinds)


@pytest.mark.parametrize(("first", "second"), list(itertools.permutations(Role, 2)))
def test_two_roles_go_together_only_where_neither_administers(first: Role, second: Role) -> None:
    assert (combination(second, {first}) == "") == ({first, second} <= BUSINESS)


@given(st.lists(roles, max_size=8))
def test_no_sequence_of_grants_makes_two_administrators_of_one_or_mixes_them_with_business(
    wanted: list[Role],
) -> None:
    having: set[Role] = set()
    for role in wanted:
        if not combination(role, having):
            having.add(role)
    assert len(having & ADMINISTRATORS) <= 1
    assert not (having & ADMINISTRATORS and having & BUSINESS)


@given(
    giver=st.one_of(st.none(), roles), having=held, role=roles, kind=st.sampled_from(list(OrganisationKind))
)
def test_nobody_gives_a_role_to_themselves(
    giver: Role | None, having: frozenset[Role], role: Role, kind: OrganisationKind
) -> None:
    said = refusal_to_grant(actor(giver), person_id=7, held=having, organisation_id=1, kind=kind, role=role)
    assert said


@given(giver=roles, having=held, role=roles, kind=st.sampled_from(list(OrganisationKind)))
def test_whatever_is_given_was_the_giver_s_to_give_fits_and_goes_together(
    giver: Role, having: frozenset[Role], role: Role, kind: OrganisationKind
) -> None:
    if refusal_to_grant(actor(giver), person_id=8, held=having, organisation_id=1, kind=kind, role=role):
        return
    assert role in grantable(actor(giver), 1)
    assert kind in ROLE_RULES[role].kinds
    assert not combination(role, having)


def test_the_powers_of_administrators_are_never_lent() -> None:
    assert DELEGABLE == BUSINESS
