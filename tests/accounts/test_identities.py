from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests.accounts.people import HOHHOT, KUNDULUN, acting, holder, organisation, person
from tests.accounts.signing_in import sign_in
from tidu.accounts.actions.delegations import delegate_role, end_delegation
from tidu.accounts.actions.roles import end_role, grant_role
from tidu.accounts.identities import actor_of, identities_of
from tidu.accounts.models import Delegation, Membership
from tidu.core.actor import SYSTEM
from tidu.core.models import AuditEvent
from tidu.core.refusals import Refused
from tidu.core.roles import OrganisationKind, Role

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
WEEK = dt.timedelta(days=7)


def two_officers() -> tuple[Membership, Membership]:
    """Two of one bureau: who goes away, and who stays."""
    bureau = organisation(OrganisationKind.DISTRICT_BUREAU, KUNDULUN)
    return (
        holder(Role.DISTRICT_OFFICER, of=bureau, username="away"),
        holder(Role.DISTRICT_OFFICER, of=bureau, username="stays"),
    )


def test_a_person_of_two_roles_chooses_and_the_choice_is_recorded(client: Client) -> None:
    first = holder(Role.EXPERT)
    second = grant_role(
        actor=SYSTEM,
        person=first.user,
        organisation=organisation(OrganisationKind.EXPERT_BODY, HOHHOT),
        role=Role.EXPERT,
    )
    sign_in(client, first.user)
    answer = client.post("/accounts/identity/", {"identity": str(second.pk), "next": "/accounts/"})
    assert answer["Location"] == "/accounts/"
    event = AuditEvent.objects.get(action="accounts.identity.chosen")
    assert (event.user_id, event.organisation_id) == (first.user_id, second.organisation_id)
    elsewhere = client.post(
        "/accounts/identity/", {"identity": str(first.pk), "next": "https://evil.example/"}
    )
    assert elsewhere["Location"] == "/desk/"


def test_nobody_chooses_a_role_that_is_not_theirs(client: Client) -> None:
    mine, theirs = two_officers()
    sign_in(client, mine.user)
    assert client.post("/accounts/identity/", {"identity": str(theirs.pk)}).status_code == 404
    assert client.post("/accounts/identity/", {"identity": "x"}).status_code == 404
    assert client.get("/accounts/identity/").status_code == 405


def test_a_colleague_stands_in_from_the_first_to_the_last_day_and_the_record_names_both() -> None:
    away, stays = two_officers()
    delegate_role(
        actor=acting(away),
        membership=away,
        delegate=stays.user,
        first_day=TODAY,
        last_day=TODAY + WEEK,
        reason="休假",
    )
    lent = [item for item in identities_of(stays.user) if item.delegation]
    assert [item.label for item in lent] == [f"{away}（代{away.user}）"]
    actor = actor_of(stays.user, lent[0])
    assert (actor.user_id, actor.delegated_by) == (stays.user_id, str(away.user))
    for day in (TODAY - dt.timedelta(days=1), TODAY + WEEK + dt.timedelta(days=1)):
        assert not [item for item in identities_of(stays.user, on=day) if item.delegation]


def test_a_role_is_lent_only_by_whoever_acts_in_it_at_the_time() -> None:
    away, stays = two_officers()
    elsewhere = organisation(OrganisationKind.ENTERPRISE, None, "某企业")
    other = grant_role(actor=SYSTEM, person=away.user, organisation=elsewhere, role=Role.ENTERPRISE_MANAGER)
    with pytest.raises(Refused, match="请先切换到要交出的角色"):
        delegate_role(
            actor=acting(other),
            membership=away,
            delegate=stays.user,
            first_day=TODAY,
            last_day=TODAY,
            reason="出差",
        )
    assert not Delegation.objects.exists()


def test_whoever_has_left_the_organisation_stands_in_for_nobody_there() -> None:
    away, stays = two_officers()
    delegate_role(
        actor=acting(away),
        membership=away,
        delegate=stays.user,
        first_day=TODAY,
        last_day=TODAY,
        reason="出差",
    )
    end_role(actor=SYSTEM, membership=stays, reason="调离")
    assert identities_of(stays.user) == []


def test_the_role_on_loan_is_used_over_the_pages_and_ends_early_at_once(client: Client) -> None:
    bureau = organisation(OrganisationKind.DISTRICT_BUREAU, KUNDULUN)
    away = holder(Role.DISTRICT_OFFICER, of=bureau, username="away")
    city = holder(Role.CITY_OFFICER, username="stays")
    stays = grant_role(actor=SYSTEM, person=city.user, organisation=bureau, role=Role.DISTRICT_OFFICER).user
    sign_in(client, away.user)
    fields = {
        "membership": away.pk,
        "delegate": stays.pk,
        "first_day": TODAY.isoformat(),
        "last_day": (TODAY + WEEK).isoformat(),
        "reason": "出差",
    }
    assert client.post("/accounts/delegations/", fields)["Location"] == "/accounts/delegations/"
    client.post("/accounts/delegations/", fields)
    delegation = Delegation.objects.get()
    other = Client()
    sign_in(other, stays)
    other.post("/accounts/identity/", {"identity": str(away.pk)})
    chosen = AuditEvent.objects.get(action="accounts.identity.chosen")
    assert (chosen.user_id, chosen.delegated_by) == (stays.pk, str(away.user))
    assert "（代" in other.get("/desk/").content.decode()
    client.post(f"/accounts/delegations/{delegation.pk}/end/")
    assert other.get("/desk/").status_code == 302, "the delegate's session ends with the loan"
    assert AuditEvent.objects.filter(action="accounts.delegation.ended").count() == 1


def refusals() -> dict[str, Callable[[], object]]:
    away, stays = two_officers()
    administrator = holder(Role.SYSTEM_ADMINISTRATOR)
    stranger = holder(Role.DISTRICT_OFFICER, place="150105", username="stranger").user
    mine = acting(away)

    def lend(
        *,
        actor: object = mine,
        membership: Membership = away,
        delegate: object = stays.user,
        first: dt.date = TODAY,
        last: dt.date = TODAY + WEEK,
        reason: str = "休假",
    ) -> object:
        return delegate_role(
            actor=actor,  # type: ignore[arg-type] # objects of the table
            membership=membership,
            delegate=delegate,  # type: ignore[arg-type] # as above
            first_day=first,
            last_day=last,
            reason=reason,
        )

    return {
        "自己现任的角色": lambda: lend(actor=acting(stays)),
        "管理员的角色不能代理": lambda: lend(actor=acting(administrator), membership=administrator),
        "本机构的在任同事": lambda: lend(delegate=stranger),
        "早于开始日": lambda: lend(last=TODAY - dt.timedelta(days=1)),
        "已经过去": lambda: lend(first=TODAY - WEEK - WEEK, last=TODAY - WEEK),
        "最多代理 90 天": lambda: lend(last=TODAY + dt.timedelta(days=90)),
        "代理的事由": lambda: lend(reason=" "),
    }


def test_every_refusal_of_a_delegation_says_why() -> None:
    for words, attempt in refusals().items():
        with pytest.raises(Refused, match=words):
            attempt()
    assert not Delegation.objects.exists()


def test_a_time_that_is_taken_is_not_taken_twice_and_saying_the_same_again_is_nothing_new() -> None:
    away, stays = two_officers()
    third = holder(Role.DISTRICT_OFFICER, of=away.organisation, username="third")
    plan = {
        "actor": acting(away),
        "membership": away,
        "first_day": TODAY,
        "last_day": TODAY + WEEK,
        "reason": "休假",
    }
    first = delegate_role(delegate=stays.user, **plan)  # type: ignore[arg-type] # one plan twice
    assert delegate_role(delegate=stays.user, **plan) == first  # type: ignore[arg-type] # as above
    with pytest.raises(Refused, match="已经安排了代理"):
        delegate_role(delegate=third.user, **plan)  # type: ignore[arg-type] # as above


def test_whoever_stands_in_becomes_no_administrator_and_no_administrator_stands_in() -> None:
    away, stays = two_officers()
    delegation = delegate_role(
        actor=acting(away),
        membership=away,
        delegate=stays.user,
        first_day=TODAY,
        last_day=TODAY + WEEK,
        reason="休假",
    )
    # The own role has ended; the one on loan still runs.
    Membership.objects.filter(pk=stays.pk).update(ended_at=timezone.now())
    with pytest.raises(Refused, match="正在代理"):
        grant_role(
            actor=SYSTEM,
            person=stays.user,
            organisation=organisation(OrganisationKind.PLATFORM),
            role=Role.AUDIT_ADMINISTRATOR,
        )
    end_delegation(actor=acting(away), delegation=delegation)
    grant_role(
        actor=SYSTEM,
        person=stays.user,
        organisation=organisation(OrganisationKind.PLATFORM),
        role=Role.AUDIT_ADMINISTRATOR,
    )


def test_a_loan_ends_by_itself(client: Client) -> None:
    away, stays = two_officers()
    delegate_role(
        actor=acting(away),
        membership=away,
        delegate=stays.user,
        first_day=TODAY,
        last_day=TODAY,
        reason="半天",
    )
    with time_machine.travel(timezone.now() + dt.timedelta(days=1), tick=False):
        sign_in(client, stays.user)
        assert client.post("/accounts/identity/", {"identity": str(away.pk)}).status_code == 404


def test_a_person_without_any_role_sees_their_account_and_nothing_else(client: Client) -> None:
    sign_in(client, person("nobody"))
    page = client.get("/accounts/").content.decode()
    assert "还没有角色" in page
    assert client.get("/accounts/people/").status_code == 404
