"""The experts whom a city can draw from, and what is known of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tidu.accounts.models import Membership
from tidu.core.actor import Actor
from tidu.core.models import Jurisdiction
from tidu.core.roles import OrganisationKind, Role
from tidu.recognition.models import Assignment, Call, ExpertProfile, Status
from tidu.recognition.queries.conflicts import declared_codes

#: Fields of work, in which a panel can be drawn.
FIELDS: Final[dict[str, str]] = {
    "materials": "新材料与化工",
    "equipment": "装备制造",
    "electronics": "电子信息",
    "biomedicine": "生物医药",
    "energy": "新能源与节能环保",
    "food": "农畜产品加工",
    "software": "软件与数字化",
    "management": "企业管理",
    "finance": "财务会计",
    "quality": "质量与标准",
    "property": "知识产权",
}
#: Assignments that count as an expert's load: in hand or done, but not given back.
HELD: Final = (Assignment.State.ASSIGNED, Assignment.State.OPEN, Assignment.State.SUBMITTED)
UNFINISHED: Final = (Assignment.State.ASSIGNED, Assignment.State.OPEN)


@dataclass(frozen=True, slots=True)
class Expert:
    """One expert of the pool with what is known of them. ``interests`` are those of the officer and their own."""

    membership: Membership
    profile: ExpertProfile | None
    fields: tuple[str, ...]
    employers: tuple[str, ...]
    interests: int
    open: int
    done: int

    @property
    def field_labels(self) -> str:
        """The fields of work in words."""
        return "、".join(FIELDS[name] for name in self.fields if name in FIELDS)


def experts_of_place(place: Jurisdiction | None) -> QuerySet[Membership]:
    """Who may be drawn in a city: experts of the bodies of the city and of its region."""
    if place is None:
        return Membership.objects.none()
    return (
        Membership.objects.filter(
            Q(organisation__place_id=place.pk) | Q(organisation__place_id=place.parent_id),
            role=Role.EXPERT,
            organisation__kind=OrganisationKind.EXPERT_BODY,
            organisation__is_active=True,
            user__is_active=True,
            ended_at__isnull=True,
        )
        .select_related("user", "organisation", "expert_profile")
        .order_by("organisation__name", "user__name", "pk")
    )


def experts_of_call(call: Call) -> QuerySet[Membership]:
    """Who may be drawn for a call: each person once, and nobody who works for the bureau that organises it."""
    staff = Membership.objects.filter(organisation_id=call.organisation_id, ended_at__isnull=True)
    experts = experts_of_place(call.place)
    first = experts.order_by().filter(user_id=OuterRef("user_id"), pk__lt=OuterRef("pk"))
    return experts.exclude(user_id__in=staff.values("user_id")).filter(~Exists(first))


def experts_seen(actor: Actor) -> QuerySet[Membership]:
    """The pool of the officer's or auditor's city."""
    if not actor.has(Role.CITY_OFFICER, Role.AUDITOR) or not actor.place:
        return Membership.objects.none()
    return experts_of_place(Jurisdiction.objects.filter(pk=actor.place).first())


def with_field(experts: QuerySet[Membership], fields: Iterable[str]) -> list[Membership]:
    """The experts who work in one of the fields; all of them without any. Read here, as JSON lists have no index."""
    wanted = set(fields)
    return [item for item in experts if not wanted or wanted & set(fields_of(item))]


def fields_of(membership: Membership) -> tuple[str, ...]:
    """The fields of work on file."""
    profile = profile_of(membership)
    return () if profile is None else tuple(str(name) for name in profile.fields)


def profile_of(membership: Membership) -> ExpertProfile | None:
    """What is on file of an expert, if anything. No query where it was selected along."""
    found: ExpertProfile | None = getattr(membership, "expert_profile", None)
    return found


def described(memberships: Iterable[Membership]) -> list[Expert]:
    """The experts with their open and finished work. Two queries."""
    listed = list(memberships)
    declared = declared_codes(listed)
    counts = {
        row["expert"]: (row["open"], row["done"])
        for row in Assignment.objects.filter(expert__in=listed)
        .values("expert")
        .annotate(
            open=Count("pk", filter=Q(state__in=UNFINISHED, application__status=Status.EXPERTS)),
            done=Count("pk", filter=Q(state=Assignment.State.SUBMITTED)),
        )
    }
    return [
        _described(item, declared.get(item.user_id, set()), counts.get(item.pk, (0, 0))) for item in listed
    ]


def load_in(call: Call) -> dict[int, int]:
    """How many files of a call each expert holds or has done."""
    rows = Assignment.objects.filter(application__call=call, state__in=HELD)
    return dict(rows.order_by().values_list("expert").annotate(number=Count("pk")))


def own_membership(actor: Actor) -> Membership | None:
    """The expert's own role; nobody declares or reviews in the name of a colleague."""
    if actor.membership_id is None or actor.user_id is None:
        return None
    return (
        Membership.objects.filter(
            pk=actor.membership_id, user_id=actor.user_id, role=Role.EXPERT, ended_at__isnull=True
        )
        .select_related("user", "organisation", "expert_profile")
        .first()
    )


def _described(membership: Membership, declared: set[str], counted: tuple[int, int]) -> Expert:
    profile = profile_of(membership)
    employers: tuple[str, ...] = ()
    if profile is not None:
        employers = tuple(dict.fromkeys(filter(None, (profile.employer, profile.own_employer))))
        declared = declared | {str(item["uscc"]) for item in profile.conflicts}
    return Expert(
        membership,
        profile,
        fields_of(membership),
        employers,
        len(declared),
        *counted,
    )
