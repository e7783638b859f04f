"""Files before experts, for tests: applications that wait, a panel that was drawn, sheets that were filled in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.access.world import World
from tests.recognition.cases import application_at, published_call
from tests.recognition.district_cases import submit_again
from tidu.accounts.models import Membership, User
from tidu.core.roles import Role
from tidu.recognition.actions.assignments import (
    declare_no_conflict,
    save_sheet,
    submit_sheet,
    values_of,
)
from tidu.recognition.actions.panels import Wish, draw_panel
from tidu.recognition.models import Application, Assignment, Panel, Status
from tidu.recognition.queries.sheets import sheet_of

EXPERTS = ("expert_hohhot", "expert_hohhot_second", "expert_hohhot_third")
STATEMENT = "某市试样C科技有限公司为区内四家企业供应阀组，联系电话 13800000000，“试样牌”商标。"


def waiting(world: World, *letters: str, **more: object) -> list[Application]:
    """Applications of Hohhot's enterprises that have come to the experts, each with a submission with a paper."""
    call = published_call(world, **more)
    found = [application_at(world, Status.EXPERTS, letter=letter, call=call) for letter in letters or ("C",)]
    for application in found:
        submit_again(application, revenue="2,318.90 万元", statement=STATEMENT)
    return found


def more_experts(world: World, number: int) -> list[Membership]:
    """So many experts more in the body of Hohhot."""
    made = []
    for place in range(number):
        user = User.objects.create_user(f"more_expert_{place}", name=f"more_expert_{place}")
        made.append(
            Membership.objects.create(
                user=user, organisation=world.organisations["expert_hohhot"], role=Role.EXPERT
            )
        )
        world.users[user.username] = user
        world.memberships[user.username] = made[-1]
    return made


def drawn(
    world: World,
    *letters: str,
    each: int = 3,
    call: dict[str, Any] | None = None,
    **wish: Any,  # noqa: ANN401 - the fields of a wish
) -> Panel:
    """A panel that the city has drawn for these enterprises' applications."""
    files = waiting(world, *letters, **(call or {}))
    return draw_panel(
        actor=world.actor("city_hohhot"),
        call=files[0].call,
        wish=replace(Wish(name="", files=[file.pk for file in files], each=each), **wish),
    )


def assignment_of(world: World, person: str = "expert_hohhot", panel: Panel | None = None) -> Assignment:
    """The first file of a person."""
    rows = Assignment.objects.filter(expert=world.memberships[person])
    if panel is not None:
        rows = rows.filter(panel=panel)
    return rows.order_by("pk")[0]


def declared(world: World, person: str = "expert_hohhot", panel: Panel | None = None) -> Assignment:
    """The person's file, which lies open."""
    return declare_no_conflict(actor=world.actor(person), assignment=assignment_of(world, person, panel))


def filled(world: World, person: str = "expert_hohhot", *, positive: bool = True) -> Assignment:
    """The person's file with every answer of the sheet, not yet handed in."""
    assignment = declared(world, person)
    sheet = sheet_of(assignment.panel.call)
    texts = {name: "met" for name in values_of(assignment, sheet) if name.startswith("finding-")}
    texts |= {"positive": "yes" if positive else "no", "opinion": f"意见：由 {person} 写成。"}
    if not positive:
        first = next(name for name in texts if name.startswith("finding-"))
        texts |= {first: "not_met", first.replace("finding", "note"): f"理由：{person} 不认可。"}
    save_sheet(actor=world.actor(person), assignment=assignment, texts=texts, shown={})
    return Assignment.objects.get(pk=assignment.pk)


def submitted(world: World, person: str = "expert_hohhot", *, positive: bool = True) -> Assignment:
    """The person's file with its sheet handed in."""
    assignment = filled(world, person, positive=positive)
    return submit_sheet(actor=world.actor(person), assignment=assignment)


def all_submitted(world: World) -> Panel:
    """A panel of one file of which everything is in: two for recognition, one against."""
    panel = drawn(world)
    for number, person in enumerate(EXPERTS):
        submitted(world, person, positive=number > 0)
    return panel
