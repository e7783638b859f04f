"""Two bureaus with people in them, and deadlines, for tests of the desk."""

from __future__ import annotations

import datetime as dt
from itertools import count

from tidu.accounts.identities import Identity, actor_of
from tidu.accounts.models import Membership, Organisation, User
from tidu.core.actor import Actor
from tidu.core.models import Deadline
from tidu.core.models.deadlines import DayUnit
from tidu.core.roles import OrganisationKind, Role
from tidu.desk.actions import open_task
from tidu.desk.models import Task

KUNDULUN, SAIHAN = "150203", "150105"
_numbers = count(1)


def bureau(place: str = KUNDULUN) -> Organisation:
    return Organisation.objects.create(
        kind=OrganisationKind.DISTRICT_BUREAU, name=f"某区工信局{next(_numbers)}", place_id=place
    )


def person(
    organisation: Organisation | None = None,
    *,
    role: Role = Role.DISTRICT_OFFICER,
    name: str = "",
    email: str = "",
) -> User:
    login = f"desk{next(_numbers)}"
    user = User.objects.create_user(login, name=name or login, email=email)
    if organisation is not None:
        Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def actor(user: User) -> Actor:
    membership = Membership.objects.select_related("organisation__place").filter(user=user).first()
    return actor_of(user, None if membership is None else Identity(membership))


def deadline(
    due_on: dt.date, *, unit: DayUnit = DayUnit.WORKING, stopped_on: dt.date | None = None
) -> Deadline:
    return Deadline.objects.create(
        started_on=due_on - dt.timedelta(days=5), length=5, unit=unit, due_on=due_on, stopped_on=stopped_on
    )


def task(
    by: Actor,
    organisation: Organisation,
    *,
    kind: str = "desk.sample",
    limit: Deadline | None = None,
    copy: bool = False,
    subject: Deadline | Organisation | None = None,
    role: Role = Role.DISTRICT_OFFICER,
    by_another: bool = False,
) -> Task:
    number = next(_numbers)
    return open_task(
        actor=by,
        kind=kind,
        title=f"核实认领 {number}",
        url=f"/desk/?n={number}",
        organisation=organisation,
        role=role,
        subject=subject or limit or deadline(dt.date(2026, 11, 30)),
        subject_label=f"某市试样{number}有限公司",
        deadline=limit,
        copy=copy,
        by_another=by_another,
    )
