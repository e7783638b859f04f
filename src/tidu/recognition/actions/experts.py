"""What is on file of an expert: kept by the city's officer, stated by the expert. Both count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone

from tidu.accounts.models import Membership
from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.refusals import Refused
from tidu.core.roles import Role
from tidu.core.uscc import check_uscc
from tidu.recognition.actions.conflicts import end_conflicts
from tidu.recognition.models import Assignment, ExpertProfile
from tidu.recognition.queries.experts import FIELDS, experts_seen, own_membership

_MOST_INTERESTS: Final = 100
_LONGEST_NAME: Final = 120
_LONGEST_NOTE: Final = 100


@dataclass(frozen=True, slots=True)
class Employer:
    """Where an expert works, as typed."""

    name: str = ""
    uscc: str = ""
    group: str = ""


@transaction.atomic
def keep_profile(
    *,
    actor: Actor,
    membership: Membership,
    fields: Iterable[str],
    employer: Employer = Employer(),
    interests: str = "",
) -> int:
    """Write down what the city knows of an expert; ``interests`` are lines of a code and a word.

    Returns how many open files left their hands by it.
    """
    if not actor.has(Role.CITY_OFFICER) or not experts_seen(actor).filter(pk=membership.pk).exists():
        raise Refused("找不到这位专家，或者不在本市的专家库里。")
    if membership.user_id == actor.user_id:
        raise Refused("您自己的专家信息请由同事维护。")
    profile = _locked(membership)
    profile.fields = [name for name in FIELDS if name in set(fields)]
    profile.employer, profile.employer_uscc, profile.group = _checked(employer)
    profile.conflicts = read_interests(interests)
    profile.save()
    left = _leave_conflicting(actor, membership)
    record(
        actor=actor,
        action="recognition.expert.kept",
        subject=profile,
        after={"fields": profile.fields, "conflicts": profile.conflicts, "employer": profile.employer_uscc},
        detail={"left": left},
    )
    return left


@transaction.atomic
def declare_employer(*, actor: Actor, employer: Employer) -> int:
    """Write down where an expert says they work. Returns how many open files left their hands by it."""
    membership = own_membership(actor)
    if membership is None:
        raise Refused("工作单位由专家本人申报，代理人不能代为申报。")
    profile = _locked(membership)
    profile.own_employer, profile.own_employer_uscc, profile.own_group = _checked(employer)
    profile.own_declared_at = timezone.now()
    profile.save()
    left = _leave_conflicting(actor, membership)
    record(
        actor=actor,
        action="recognition.expert.declared",
        subject=profile,
        after={"employer": profile.own_employer_uscc},
        detail={"left": left},
    )
    return left


def read_interests(text: str) -> list[dict[str, str]]:
    """Lines of a code and a word as they are kept. Raises :class:`Refused` at the first line that cannot be read."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        code, _, note = line.strip().replace("　", " ").partition(" ")
        if not code:
            continue
        checked = check_uscc(code)
        if not checked.valid:
            raise Refused(f"第 {number} 行：{checked.errors[0]}", field="interests")
        found[checked.code] = note.strip()[:_LONGEST_NOTE]
    if len(found) > _MOST_INTERESTS:
        raise Refused(f"最多登记 {_MOST_INTERESTS} 家企业，现在有 {len(found)} 家。", field="interests")
    return [{"uscc": code, "note": note} for code, note in found.items()]


def shown_interests(items: Sequence[dict[str, str]]) -> str:
    """The same as lines."""
    return "\n".join(f"{item['uscc']} {item.get('note', '')}".strip() for item in items)


def _checked(employer: Employer) -> tuple[str, str, str]:
    code = ""
    if employer.uscc.strip():
        checked = check_uscc(employer.uscc)
        if not checked.valid:
            raise Refused(checked.errors[0], field="employer_uscc")
        code = checked.code
    names = (employer.name.strip(), employer.group.strip())
    if any(len(name) > _LONGEST_NAME for name in names):
        raise Refused(f"名称请控制在 {_LONGEST_NAME} 个字以内。", field="employer")
    return names[0], code, names[1]


def _locked(membership: Membership) -> ExpertProfile:
    ExpertProfile.objects.get_or_create(membership=membership)
    return ExpertProfile.objects.select_for_update(of=("self",)).get(membership=membership)


def _leave_conflicting(actor: Actor, membership: Membership) -> int:
    """Take files out of the hands of an expert about whom a conflict has become known, in whichever body."""
    rows = Assignment.objects.filter(expert__user=membership.user_id)
    return end_conflicts(actor=actor, rows=rows)
