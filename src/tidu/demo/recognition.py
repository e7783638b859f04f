"""Two calls of Hohhot in the middle of their work, so that every desk has something on it.

The first batch was called for five weeks ago and stands on public notice with an objection to look into; the second
takes applications. Everything is done by the actions that people use, by the accounts of the demonstration, on the days
on which they would have done it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tidu.accounts.identities import Identity, actor_of
from tidu.accounts.models import Membership
from tidu.core.actor import Actor
from tidu.core.documents.typesets import set_letter
from tidu.core.files.kinds import PAPER_KINDS
from tidu.core.files.receiving import receive_file
from tidu.demo.clock import StoryClock
from tidu.demo.evidence import materials_of_demonstration, put_forward, state
from tidu.demo.people import PREFIXES, SHOWN_DISTRICT, Account, make_applicant
from tidu.demo.trades import HOHHOT
from tidu.policy.assess.assessment import assess
from tidu.policy.documents.library import load_library
from tidu.policy.documents.pack import Force
from tidu.policy.status import Status as Verdict
from tidu.recognition.actions.applying import start_application
from tidu.recognition.actions.assignments import declare_no_conflict, save_sheet, submit_sheet, values_of
from tidu.recognition.actions.calls import approve_call, save_call, send_for_approval, start_call
from tidu.recognition.actions.deciding import confirm_proposal
from tidu.recognition.actions.experts import Employer, keep_profile
from tidu.recognition.actions.notices import publish_notice
from tidu.recognition.actions.objections import receive_objection
from tidu.recognition.actions.panels import Wish, conclude_panel, draw_panel
from tidu.recognition.actions.proposals import issue_material, open_proposal, propose
from tidu.recognition.actions.reviewing import Despite, recommend, return_for_correction, save_finding
from tidu.recognition.actions.submitting import submit_application
from tidu.recognition.models import Application, Assignment, Call
from tidu.recognition.queries.experts import experts_seen
from tidu.recognition.queries.reviewing import criteria_of
from tidu.recognition.queries.sheets import sheet_of
from tidu.registry.models import Enterprise
from tidu.registry.queries.facts import facts_of

PACK, TIER = "hohhot-2022-recognition", "municipal_srdi"
FIRST_BATCH: Final = 4
SECOND_BATCH: Final = 4
_DAYS_OPEN: Final = 25
#: Working days before today. Before its first day the demonstration holds nothing.
BEGINNING: Final = 25
_FIRST_OPENS, _FIRST_CLOSES = 24, 9
_APPLIED, _REVIEWED = 20, 15
_SECOND_OPENS: Final = 7
_LOOKED_AT: Final = 120
_EXPERTS: Final = {
    "expert": ("materials", "energy"),
    "expert-second": ("equipment", "quality"),
    "expert-third": ("finance", "management"),
}


@dataclass(slots=True)
class _Desk:
    """Whoever acts in Hohhot, by the end of their login."""

    def actor(self, login: str) -> Actor:
        membership = Membership.objects.select_related("user", "organisation__place").get(
            user__username=f"{PREFIXES[HOHHOT]}-{login}"
        )
        return actor_of(membership.user, Identity(membership))

    def reviewer(self, enterprise: Enterprise) -> Actor:
        """The officer of the enterprise's district."""
        code = enterprise.district_id
        return self.actor("district" if code == SHOWN_DISTRICT[HOHHOT] else f"{code}")


def make_recognition(clock: StoryClock, today: dt.date) -> list[Account]:
    """Both calls, with the accounts that they need. Nothing where the rule is over or too few enterprises fit."""
    last = today + dt.timedelta(days=_DAYS_OPEN)
    if load_library().get(PACK).force(last) is not Force.IN_FORCE:
        return []
    base_year = today.year - 1
    fitting = _fitting(base_year)
    if len(fitting) < FIRST_BATCH + SECOND_BATCH:
        return []
    # Nobody is recommended over much that is unknown; the shown district gets the second batch, which waits for it.
    first, others = fitting[:FIRST_BATCH], fitting[FIRST_BATCH:]
    others.sort(key=lambda item: item.district_id != SHOWN_DISTRICT[HOHHOT])
    second = others[:SECOND_BATCH]
    accounts: list[Account] = []
    desk = _Desk()
    applicants = {}
    for number, enterprise in enumerate([*second, *first], 1):
        made = make_applicant(enterprise, HOHHOT, number)
        accounts += made
        enterprise.refresh_from_db()
        applicants[enterprise.pk] = desk.actor(made[0].username.removeprefix(f"{PREFIXES[HOHHOT]}-"))
    call = _call(desk, clock.moment(_FIRST_OPENS, 9), clock.moment(_FIRST_CLOSES, 18), base_year, more=False)
    files = []
    for place, item in enumerate(first):
        clock.go(_APPLIED - place, 10)
        files.append(_applied(applicants[item.pk]))
    for place, application in enumerate(files):
        clock.go(_REVIEWED - place, 15)
        _reviewed(desk, application)
    clock.go(_SECOND_OPENS + 1, 9)
    opens = clock.moment(_SECOND_OPENS, 9)
    closes = clock.moment(_SECOND_OPENS, 18) + dt.timedelta(days=_DAYS_OPEN)
    _call(desk, opens, closes, base_year, more=True)
    _judged_by_experts(desk, clock, call, files)
    _under_way(desk, clock, [(applicants[item.pk], item) for item in second])
    _on_notice(desk, clock, call)
    return accounts


def _fitting(base_year: int) -> list[Enterprise]:
    """Enterprises that miss no condition, by how little is unknown of them."""
    pack, today = load_library().get(PACK), timezone.localdate()
    found = []
    rows = Enterprise.objects.filter(city_id=HOHHOT, organisation=None, titles=None).order_by("pk")
    for enterprise in rows[:_LOOKED_AT]:
        verdict = assess(pack, facts_of(enterprise), as_of=today, base_year=base_year)
        if not verdict.counts()[Verdict.NOT_MET]:
            found.append((enterprise, verdict.counts()[Verdict.UNKNOWN]))
    found.sort(key=lambda item: item[1])
    return [enterprise for enterprise, _ in found]


def _call(desk: _Desk, opens: dt.datetime, closes: dt.datetime, base_year: int, *, more: bool) -> Call:
    """A published call; with ``more`` it asks for what the second batch does not bring."""
    writer = desk.actor("city")
    call = start_call(actor=writer, pack=PACK, tier=TIER)
    call = save_call(
        actor=writer,
        call=call,
        values={
            "opens_at": opens,
            "closes_at": closes,
            "base_year": base_year,
            "contacts": "市工业和信息化局中小企业科 0471-0000000",
            "materials": materials_of_demonstration(call.materials, more=more),
        },
    )
    call = send_for_approval(actor=writer, call=call)
    return approve_call(actor=desk.actor("city-second"), call=call)


def _started(manager: Actor, *, said: bool) -> Application:
    application = start_application(actor=manager, call=Call.objects.visible_to(manager).latest("pk"))
    put_forward(manager, application)
    if said:
        state(manager, application)
    return application


def _applied(manager: Actor, *, said: bool = True) -> Application:
    application = _started(manager, said=said)
    submit_application(actor=manager, application=application, declared_by=manager.name, accept_unknown=True)
    application.refresh_from_db()
    return application


def _reviewed(desk: _Desk, application: Application) -> None:
    """Every condition accepted, and recommended."""
    reviewer = desk.reviewer(application.enterprise)
    for criterion in criteria_of(application.call):
        save_finding(actor=reviewer, application=application, criterion=criterion.id, finding="accepted")
    recommend(
        actor=reviewer,
        application=application,
        opinion="材料齐全，与证明材料一致，同意推荐。",
        despite=Despite("已到企业现场核对原件（演示）"),
    )


def _judged_by_experts(desk: _Desk, clock: StoryClock, call: Call, files: Iterable[Application]) -> None:
    """From the district to the opinion of the experts."""
    first = desk.actor("city")
    for login, fields in _EXPERTS.items():
        membership = experts_seen(first).get(user__username=f"{PREFIXES[HOHHOT]}-{login}")
        keep_profile(actor=first, membership=membership, fields=fields, employer=Employer("演示大学"))
    panel = draw_panel(actor=first, call=call, wish=Wish("第一组", [item.pk for item in files], each=2))
    for place, login in enumerate(_EXPERTS):
        clock.go(_SECOND_OPENS - place, 14)
        _judged(desk.actor(login), call)
    conclude_panel(actor=first, panel=panel)


def _on_notice(desk: _Desk, clock: StoryClock, call: Call) -> None:
    """From the meeting to the public notice, and somebody objects."""
    first, second = desk.actor("city"), desk.actor("city-second")
    clock.go(2, 14)
    proposal = open_proposal(actor=first, call=call)
    material = issue_material(actor=first, proposal=proposal)
    proposal.refresh_from_db()
    minutes = SimpleUploadedFile("会议纪要（演示）.pdf", set_letter(material))
    propose(
        actor=first,
        proposal=proposal,
        meeting_no="演示第1次",
        meeting_on=timezone.localdate(),
        minutes=receive_file(actor=first, upload=minutes, allowed=PAPER_KINDS),
    )
    clock.go(2, 16)
    confirm_proposal(actor=second, proposal=proposal)
    clock.go(1, 9)
    notice = publish_notice(actor=first, proposal=proposal)
    clock.go(1, 11)
    receive_objection(
        item=notice.items.order_by("number")[0],
        text="这家企业的主导产品收入占比可能没有达到一半，请核查审计报告附注。（演示）",
        named=False,
    )


def _judged(expert: Actor, call: Call) -> None:
    """Whatever the expert was drawn for: declared, judged, handed in."""
    sheet = sheet_of(call)
    for assignment in Assignment.objects.visible_to(expert):
        held = declare_no_conflict(actor=expert, assignment=assignment)
        shown = values_of(held, sheet)
        texts = {
            **{f"finding-{item.id}": "met" for item in sheet.judged},
            **{f"score-{item.id}": f"{item.most:g}" for item in sheet.scored},
            "positive": "yes",
            "opinion": "产品有特色，管理规范，建议认定为市级“专精特新”中小企业。",
        }
        save_sheet(actor=expert, assignment=held, texts=texts, shown=shown)
        submit_sheet(actor=expert, assignment=held)


def _under_way(desk: _Desk, clock: StoryClock, applicants: list[tuple[Actor, Enterprise]]) -> None:
    """The second batch: one is being written, one has been returned, the others wait for their district.

    The last one has left out its statements, so that the district has something to ask for.
    """
    for place, (manager, enterprise) in enumerate(applicants):
        clock.go(4, 10 + place)
        if place == 0:
            _started(manager, said=False)
            continue
        application = _applied(manager, said=place < len(applicants) - 1)
        if place == 1:
            return_for_correction(
                actor=desk.reviewer(enterprise),
                application=application,
                reason="请补充主导产品收入的专项说明，并写明产业链配套情况。",
            )
