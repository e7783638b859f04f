"""Who must not review which application, and why: by what is on record, not by what an expert says of one file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tidu.accounts.identities import Identity, actor_of
from tidu.accounts.models import Interest, Membership
from tidu.core.roles import TERRITORIAL
from tidu.recognition.models import Act, Application, Assignment, CaseKind, ExpertProfile, Level
from tidu.registry.models import Enterprise, Fact
from tidu.registry.naming import core_name, folded_name

MEMBER: Final = "member"
EMPLOYER: Final = "employer"
GROUP: Final = "group"
INTEREST: Final = "interest"
ACTED: Final = "acted"
OFFICE: Final = "office"
#: What is recorded of an exclusion, in words.
REASONS: Final[Mapping[str, str]] = {
    MEMBER: "在申请企业任职或曾经任职",
    EMPLOYER: "工作单位就是申请企业",
    GROUP: "与申请企业同属一个集团",
    INTEREST: "登记或自报与申请企业有利害关系",
    ACTED: "以其他身份办理过这一件",
    OFFICE: "另任能够查看这一件的职务",
}
#: Facts that name whoever stands behind an enterprise; enterprises that share one belong together.
CONTROLLERS: Final = ("controlling_shareholder", "actual_controller")
_SHORTEST_NAME: Final = 2

#: Reasons by application and expert (number of the membership). Pairs without a reason are left out.
Exclusions = dict[int, dict[int, list[str]]]


@dataclass(slots=True)
class _Ties:
    """What ties one expert to enterprises, by codes and by folded names."""

    employers: set[str] = field(default_factory=set)
    interests: set[str] = field(default_factory=set)
    employer_names: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)


def exclusions(experts: Sequence[Membership], applications: Sequence[Application]) -> Exclusions:
    """Every pair of expert and application that must not meet, with the reasons.

    Eight queries for any number, and one for each office that one of the experts holds. ``applications`` come with
    their enterprise, ``experts`` with their user and organisation.
    """
    profiles = _profiles(experts)
    declared = declared_codes(experts)
    ties = {
        expert.pk: _ties(expert, profiles.get(expert.user_id, ()), declared.get(expert.user_id, set()))
        for expert in experts
    }
    tied_codes = {code for tie in ties.values() for code in tie.employers | tie.interests}
    tied = list(Enterprise.objects.filter(uscc__in=tied_codes).only("pk", "uscc", "name"))
    controllers = _controllers({item.enterprise_id for item in applications} | {item.pk for item in tied})
    behind = {item.uscc: controllers.get(item.pk, set()) | {folded_name(item.name)} for item in tied}
    works = _works(experts, applications)
    acted = _acted(experts, applications)
    seen_in_office = _seen_in_office(experts, applications)
    found: Exclusions = {}
    for application in applications:
        enterprise = application.enterprise
        stand_behind = controllers.get(enterprise.pk, set())
        for expert in experts:
            tie = ties[expert.pk]
            reasons = [
                reason
                for reason, holds in (
                    (MEMBER, (expert.user_id, enterprise.organisation_id) in works),
                    (EMPLOYER, _employed(tie, enterprise)),
                    (GROUP, _same_group(tie, enterprise, stand_behind, behind)),
                    (INTEREST, enterprise.uscc in tie.interests),
                    (ACTED, (expert.user_id, application.pk) in acted),
                    (OFFICE, (expert.user_id, application.pk) in seen_in_office),
                )
                if holds
            ]
            if reasons:
                found.setdefault(application.pk, {})[expert.pk] = reasons
    return found


def conflict_of(expert: Membership, application: Application) -> str:
    """Why an expert must not review an application, in words; empty where nothing is known."""
    return _words(exclusions([expert], [application]), application.pk, expert.pk)


def conflicts_in(assignments: Collection[Assignment]) -> dict[int, str]:
    """Which of these are in conflict now, by their numbers, with the reasons in words.

    As many queries as :func:`exclusions`. They come with their application's enterprise, and their expert's user and
    organisation.
    """
    experts = {row.expert_id: row.expert for row in assignments}
    applications = {row.application_id: row.application for row in assignments}
    found = exclusions(list(experts.values()), list(applications.values())) if experts else {}
    said = {row.pk: _words(found, row.application_id, row.expert_id) for row in assignments}
    return {pk: words for pk, words in said.items() if words}


def _words(found: Exclusions, application: int, expert: int) -> str:
    return "；".join(REASONS[reason] for reason in found.get(application, {}).get(expert, ()))


def _profiles(experts: Sequence[Membership]) -> dict[int, list[ExpertProfile]]:
    """What is on file of each person, whichever of their bodies it was said in. One query."""
    found: dict[int, list[ExpertProfile]] = {}
    people = [expert.user_id for expert in experts]
    for profile in ExpertProfile.objects.filter(membership__user__in=people).select_related("membership"):
        found.setdefault(profile.membership.user_id, []).append(profile)
    return found


def declared_codes(experts: Collection[Membership]) -> dict[int, set[str]]:
    """The codes of the enterprises in which each person has declared an interest on their account. One query."""
    found: dict[int, set[str]] = {}
    rows = Interest.objects.current().filter(person__in=[expert.user_id for expert in experts])
    for person, code in rows.values_list("person_id", "uscc"):
        found.setdefault(person, set()).add(code)
    return found


def _ties(expert: Membership, profiles: Iterable[ExpertProfile], declared: Collection[str]) -> _Ties:
    found = _Ties(interests=set(declared), employer_names={folded_name(expert.organisation.name)})
    for profile in profiles:
        found.employers |= {code for code in (profile.employer_uscc, profile.own_employer_uscc) if code}
        found.interests |= {str(item["uscc"]) for item in profile.conflicts if item.get("uscc")}
        found.employer_names |= {
            folded_name(name) for name in (profile.employer, profile.own_employer) if name
        }
        named = {folded_name(core_name(name)) for name in (profile.group, profile.own_group) if name}
        found.groups |= {name for name in named if len(name) >= _SHORTEST_NAME}
    return found


def _controllers(enterprises: set[int]) -> dict[int, set[str]]:
    """The folded names of those who stand behind enterprises, by number."""
    found: dict[int, set[str]] = {}
    facts = Fact.objects.filter(enterprise_id__in=enterprises, indicator__in=CONTROLLERS, chosen=True)
    for enterprise, value in facts.values_list("enterprise_id", "value"):
        name = folded_name(value)
        if len(name) >= _SHORTEST_NAME:
            found.setdefault(enterprise, set()).add(name)
    return found


def _works(experts: Sequence[Membership], applications: Sequence[Application]) -> set[tuple[int, int | None]]:
    organisations = {
        item.enterprise.organisation_id
        for item in applications
        if item.enterprise.organisation_id is not None
    }
    held = Membership.objects.filter(
        user_id__in=[expert.user_id for expert in experts], organisation_id__in=organisations
    )
    return set(held.values_list("user_id", "organisation_id"))


def _acted(experts: Sequence[Membership], applications: Sequence[Application]) -> set[tuple[int | None, int]]:
    acts = Act.objects.filter(
        case=CaseKind.APPLICATION,
        case_id__in=[item.pk for item in applications],
        user_id__in=[expert.user_id for expert in experts],
    ).exclude(level=Level.EXPERT)
    return set(acts.values_list("user_id", "case_id"))


def _seen_in_office(
    experts: Sequence[Membership], applications: Sequence[Application]
) -> set[tuple[int, int]]:
    """Who could read which of them as an officer or auditor, and so knows more than a panel is shown."""
    numbers = [item.pk for item in applications]
    offices = Membership.objects.filter(
        user_id__in=[expert.user_id for expert in experts], role__in=TERRITORIAL, ended_at__isnull=True
    ).select_related("user", "organisation__place")
    return {
        (office.user_id, number)
        for office in offices
        for number in Application.objects.in_reach_of(actor_of(office.user, Identity(office)))
        .filter(pk__in=numbers)
        .values_list("pk", flat=True)
    }


def _employed(tie: _Ties, enterprise: Enterprise) -> bool:
    return enterprise.uscc in tie.employers or folded_name(enterprise.name) in tie.employer_names


def _same_group(
    tie: _Ties, enterprise: Enterprise, stand_behind: set[str], behind: Mapping[str, set[str]]
) -> bool:
    """Its group is named, its employer stands behind the other, or both share whoever stands behind them."""
    name = folded_name(enterprise.name)
    if any(group in other for group in tie.groups for other in {name, *stand_behind}):
        return True
    if tie.employer_names & stand_behind:
        return True
    for code in tie.employers | tie.interests:
        shared = behind.get(code, set())
        if code != enterprise.uscc and (shared & stand_behind or name in shared):
            return True
    return False
