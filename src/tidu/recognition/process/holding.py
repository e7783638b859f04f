"""Holding what several cases share, before the first of them is moved.

Every move ends with an event in the record, whose chain stays locked until the transaction ends. A transaction that
moves many cases would then wait for a row that somebody else holds while they wait for the chain. So it takes all rows
that its moves will touch at the start: the enterprises, the numbers of documents.
"""

from __future__ import annotations

from collections.abc import Collection

from tidu.accounts.ties import ties_of
from tidu.core.actor import Actor
from tidu.core.documents.numbering import hold_numbers
from tidu.core.refusals import Refused
from tidu.recognition.models import Act, Application, Call, CaseKind, Level
from tidu.recognition.process.moving import who_acted
from tidu.registry.actions.facts import lock_enterprises


def hold_shared(call: Call, *, enterprises: Collection[int] = ()) -> None:
    """Lock what the call's cases share. Call it once the cases themselves are taken."""
    lock_enterprises(sorted(enterprises))
    hold_numbers(call.organisation_id)


def check_person_for_all(*, actor: Actor, applications: Collection[Application], level: Level) -> None:
    """What :func:`tidu.recognition.process.moving.check_person` asks, of many applications at once. Three queries.

    The applications bring their enterprise. Raises :class:`Refused`, naming the first that stands in the way.
    """
    by_number = {item.pk: item for item in applications}
    other = (
        Act.objects.filter(case=CaseKind.APPLICATION, case_id__in=by_number, user_id__in=actor.people)
        .exclude(level=level)
        .order_by("id")
        .first()
    )
    if other is not None:
        who, side = who_acted(actor, other), other.get_level_display()
        raise Refused(
            f"“{by_number[other.case_id].enterprise.name}”的申报，{who}曾以{side}身份办理过（{other.label}），"
            f"不能再以{level.label}身份办理。请转给同事。"
        )
    if ties_of(actor).ground(*(item.enterprise for item in by_number.values())):
        # Without a name: the actor must not learn that this enterprise is on the list.
        raise Refused("这里有您应当回避的企业。请转给同事。")
