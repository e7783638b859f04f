"""The whole chain by the actions that pages call: from a call to titles, with one application for every outcome.

Every step may be done again: it looks at what is there, so that a chain that was cut off goes on where it stood.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.access.world import HOHHOT, HUIMIN, SAIHAN, World
from tests.core.files.sample_files import pdf
from tests.recognition.cases import KNOWING
from tests.recognition.fitting import fit
from tidu.accounts.models import Membership, Organisation, User
from tidu.core.actor import Actor
from tidu.core.files.kinds import PAPER_KINDS
from tidu.core.files.receiving import receive_file
from tidu.core.roles import OrganisationKind, Role
from tidu.core.uscc import check_characters
from tidu.recognition.actions.applying import start_application, withdraw_application
from tidu.recognition.actions.asked_changes import ask_to_close, confirm_change
from tidu.recognition.actions.assignments import declare_no_conflict, save_sheet, submit_sheet, values_of
from tidu.recognition.actions.calls import approve_call, save_call, send_for_approval, start_call
from tidu.recognition.actions.deciding import confirm_proposal
from tidu.recognition.actions.notices import publish_notice
from tidu.recognition.actions.objections import (
    assign_objection,
    decide_objection,
    propose_finding,
    receive_objection,
)
from tidu.recognition.actions.panels import Wish, conclude_panel, draw_panel
from tidu.recognition.actions.proposals import Choice, issue_material, open_proposal, propose, save_choices
from tidu.recognition.actions.recognising import draft_recognition, issue_recognition
from tidu.recognition.actions.reviewing import (
    not_recommend,
    recommend,
    return_for_correction,
    save_finding,
)
from tidu.recognition.actions.submitting import resubmit_application, submit_application
from tidu.recognition.models import Application, Assignment, Call, Notice, Objection, Panel, Proposal, Status
from tidu.recognition.process.rules import recognition_of, route_of_call
from tidu.recognition.queries.conditions import citable_of
from tidu.recognition.queries.reviewing import criteria_of
from tidu.recognition.queries.sheets import sheet_of
from tidu.registry.models import Enterprise

PACK, TIER = "hohhot-2022-recognition", "municipal_srdi"
#: Letter of the enterprise → what becomes of its application.
OUTCOMES: Final = {
    "C": "recognised",
    "D": "returned",
    "E": "not_recommended",
    "F": "experts_against",
    "G": "decided_against",
    "H": "upheld",
    "I": "dismissed",
    "J": "withdrawn",
}
RECOGNISED: Final = frozenset({"C", "D", "I"})
_EXPERTS: Final = ("expert_hohhot", "expert_hohhot_second", "expert_hohhot_third")


def settle(world: World) -> None:
    """Let the enterprises of all outcomes exist, each with a manager and figures that fit. Again it adds nothing."""
    for place, letter in enumerate(OUTCOMES):
        if letter not in world.enterprises:
            district = SAIHAN if place % 2 else HUIMIN
            organisation, _ = Organisation.objects.get_or_create(
                kind=OrganisationKind.ENTERPRISE, name=f"企业{letter}"
            )
            world.organisations[letter] = organisation
            world.enterprises[letter], _ = Enterprise.objects.get_or_create(
                uscc=check_characters(f"9115{district[2:]}MA0TDT{place}Y"[:16]),
                defaults={
                    "name": f"某市试样{letter}科技有限公司",
                    "core_name": f"试样{letter}",
                    "city_id": HOHHOT,
                    "district_id": district,
                    "organisation": organisation,
                },
            )
            name = f"manager_{letter.lower()}"
            world.users[name], _ = User.objects.get_or_create(username=name, defaults={"name": name})
            world.organisations[name] = organisation
            world.memberships[name], _ = Membership.objects.get_or_create(
                user=world.users[name], organisation=organisation, role=Role.ENTERPRISE_MANAGER
            )
        if not world.enterprises[letter].facts.exists():
            fit(world.enterprises[letter])


@dataclass
class Chain:
    """One call of Hohhot with its applications, and whoever does what."""

    world: World

    @property
    def call(self) -> Call:
        """The call as it is now."""
        return Call.objects.select_related("organisation", "version", "place").latest("pk")

    def of(self, letter: str) -> Application:
        """The application of an enterprise as it is now."""
        return Application.objects.select_related("call", "enterprise").get(
            call=self.call, enterprise=self.world.enterprises[letter]
        )

    def actor(self, name: str) -> Actor:
        """A person of the world."""
        return self.world.actor(name)

    def officer_of(self, letter: str) -> Actor:
        """The district's officer for an enterprise."""
        at = self.world.enterprises[letter].district_id
        return self.actor("district_saihan" if at == SAIHAN else "district_huimin")

    def manager_of(self, letter: str) -> Actor:
        """Who hands in for an enterprise."""
        return self.actor(f"manager_{letter.lower()}")

    # ---- the steps

    def publish_call(self) -> None:
        """One officer writes, another approves."""
        first, second = self.actor("city_hohhot"), self.actor("city_hohhot_second")
        call = Call.objects.order_by("-pk").first() or start_call(actor=first, pack=PACK, tier=TIER)
        if call.state == Call.State.DRAFT:
            now = timezone.now()
            call = save_call(
                actor=first,
                call=call,
                values={
                    "opens_at": now - dt.timedelta(minutes=1),
                    "closes_at": now + dt.timedelta(days=20),
                    "base_year": 2025,
                    "materials": [{"kind": "business_licence", "required": False, "note": ""}],
                    "contacts": "市工业和信息化局 0471-0000000",
                },
            )
            call = send_for_approval(actor=first, call=call)
        if call.state == Call.State.APPROVAL:
            approve_call(actor=second, call=call)

    def apply(self, letter: str) -> None:
        """Start, and hand in with what cannot be decided by rules left open."""
        actor = self.manager_of(letter)
        application = start_application(actor=actor, call=self.call)
        if application.status == Status.DRAFT:
            submit_application(
                actor=actor, application=application, declared_by="负责人", accept_unknown=True
            )

    def find(self, letter: str, finding: str = "accepted", note: str = "") -> None:
        """The district's finding on every condition."""
        application = self.of(letter)
        for criterion in criteria_of(application.call):
            save_finding(
                actor=self.officer_of(letter),
                application=application,
                criterion=criterion.id,
                finding=finding,
                note=note,
            )

    def correct(self, letter: str) -> None:
        """Returned, and handed in again."""
        application = self.of(letter)
        if application.submissions.count() > 1:
            return
        if application.status == Status.DISTRICT:
            return_for_correction(
                actor=self.officer_of(letter), application=application, reason="审计报告缺附注，请补。"
            )
        application = self.of(letter)
        if application.status == Status.RETURNED:
            resubmit_application(
                actor=self.manager_of(letter),
                application=application,
                declared_by="负责人",
                accept_unknown=True,
            )

    def review(self, letter: str) -> None:
        """Recommended by its district, or not."""
        application = self.of(letter)
        if application.status != Status.DISTRICT:
            return
        if OUTCOMES[letter] == "not_recommended":
            self.refuse(letter)
            return
        self.find(letter)
        recommend(
            actor=self.officer_of(letter),
            application=self.of(letter),
            opinion="材料齐全，条件符合，同意推荐。",
            document_no="某工信推〔2026〕1号",
            despite=KNOWING,
        )

    def refuse(self, letter: str) -> None:
        """The district says no, with the condition that failed."""
        application = self.of(letter)
        if application.status == Status.DISTRICT:
            save_finding(
                actor=self.officer_of(letter),
                application=application,
                criterion="revenue",
                finding="rejected",
                note="与审计报告不一致",
            )
            not_recommend(
                actor=self.officer_of(letter),
                application=application,
                criterion="revenue",
                reason="审计报告与填报的营业收入不一致。",
            )

    def withdraw(self, letter: str) -> None:
        """The applicant takes it back."""
        application = self.of(letter)
        if application.status != Status.WITHDRAWN:
            withdraw_application(actor=self.manager_of(letter), application=application)

    def draw(self) -> None:
        """Experts for everything that waits for them."""
        if Panel.objects.filter(call=self.call).exists():
            return
        files = Application.objects.filter(call=self.call, status=Status.EXPERTS).values_list("pk", flat=True)
        draw_panel(
            actor=self.actor("city_hohhot"), call=self.call, wish=Wish("第一组", sorted(files), each=3)
        )

    def judge(self) -> None:
        """Every expert declares, judges and hands in."""
        sheet = sheet_of(self.call)
        against = self.of("F").pk
        for name in _EXPERTS:
            actor = self.actor(name)
            for assignment in Assignment.objects.visible_to(actor).exclude(state="submitted"):
                if assignment.declared_at is None:
                    assignment = declare_no_conflict(actor=actor, assignment=assignment)  # noqa: PLW2901
                bad = assignment.application_id == against
                shown = values_of(assignment, sheet)
                texts = {
                    **{f"finding-{item.id}": "not_met" if bad else "met" for item in sheet.judged},
                    **{f"note-{item.id}": "材料不足以说明" if bad else "" for item in sheet.judged},
                    **{f"score-{item.id}": "1" for item in sheet.scored},
                    "positive": "no" if bad else "yes",
                    "opinion": "创新持续性没有依据，不建议认定。"
                    if bad
                    else "特色明显，建议认定为市级企业。",
                }
                save_sheet(actor=actor, assignment=assignment, texts=texts, shown=shown)
                submit_sheet(actor=actor, assignment=assignment)

    def conclude(self) -> None:
        """The panel is closed; everything goes to the decision."""
        panel = Panel.objects.filter(call=self.call).first()
        if panel is not None and panel.state != Panel.State.CLOSED:
            conclude_panel(actor=self.actor("city_hohhot"), panel=panel)

    def close(self) -> None:
        """No more applications: asked for by one officer, confirmed by another."""
        if self.call.closes_at > timezone.now():
            asked = ask_to_close(actor=self.actor("city_hohhot"), call=self.call, reason="企业已全部提交。")
            confirm_change(actor=self.actor("city_hohhot_second"), change=asked)

    def propose(self, against: str = "FG") -> None:
        """The list of the meeting: F falls by the experts' opinion, G by the meeting's own."""
        actor = self.actor("city_hohhot")
        proposal = Proposal.objects.filter(call=self.call).first() or open_proposal(
            actor=actor, call=self.call
        )
        if proposal.state != Proposal.State.DRAFT:
            return
        cite = next(iter(citable_of(self.call))).cite
        refused = {self.of(letter).pk for letter in against}
        choices = {
            item.application_id: Choice(
                selected=item.application_id not in refused,
                rank=place,
                reason="专家意见和会议研究认为持续创新能力不足。" if item.application_id in refused else "",
                cite=cite if item.application_id in refused else "",
            )
            for place, item in enumerate(proposal.items.order_by("pk"), 1)
        }
        save_choices(actor=actor, proposal=proposal, choices=choices)
        issue_material(actor=actor, proposal=proposal)
        minutes = receive_file(actor=actor, upload=SimpleUploadedFile("纪要.pdf", pdf()), allowed=PAPER_KINDS)
        propose(
            actor=actor,
            proposal=proposal,
            meeting_no="2026年第12次",
            meeting_on=timezone.localdate(),
            minutes=minutes,
        )

    def confirm(self) -> None:
        """Another officer confirms."""
        proposal = Proposal.objects.get(call=self.call)
        if proposal.state == Proposal.State.PROPOSED:
            confirm_proposal(actor=self.actor("city_hohhot_second"), proposal=proposal)

    def publish(self) -> None:
        """The public notice."""
        if "notice" in route_of_call(self.call).stages:
            publish_notice(actor=self.actor("city_hohhot"), proposal=Proposal.objects.get(call=self.call))

    def object(self) -> None:
        """Somebody objects to H and to I."""
        notice = Notice.objects.get(call=self.call)
        for letter in "HI":
            item = notice.items.get(application=self.of(letter))
            if not item.objections.exists():
                receive_objection(item=item, text="这家企业的专利不是自己的，请核查。", named=False)

    def look_into(self) -> None:
        """H's objection holds, I's does not."""
        first, second = self.actor("city_hohhot"), self.actor("city_hohhot_second")
        for letter, upholds in (("H", True), ("I", False)):
            objection = Objection.objects.get(item__application=self.of(letter))
            if objection.state == Objection.State.RECEIVED:
                objection = assign_objection(
                    actor=first, objection=objection, colleague=self.world.memberships["city_hohhot"]
                )
            if objection.state == Objection.State.ASSIGNED:
                objection = propose_finding(
                    actor=first,
                    objection=objection,
                    upholds=upholds,
                    finding="经向专利登记部门核实，情况如所附查询结果。",
                    reply="已经核实，感谢反映。",
                    cite=recognition_of(self.call).criteria.all[0].all[0].cite or "",
                )
            if objection.state == Objection.State.PROPOSED:
                decide_objection(
                    actor=second, objection=objection, reason="专利权属与申报不符。" if upholds else ""
                )

    def recognise(self) -> None:
        """After the notice: drafted by one, issued by another."""
        first, second = self.actor("city_hohhot"), self.actor("city_hohhot_second")
        waiting = Application.objects.filter(call=self.call, status__in=(Status.NOTICE, Status.SELECTED))
        if waiting.exists():
            issue_recognition(actor=second, recognition=draft_recognition(actor=first, call=self.call))

    def after_notice(self) -> dt.datetime:
        """The first moment at which the notice is over."""
        return Notice.objects.get(call=self.call).ends_at

    def steps(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Every step before the notice is over, by name."""
        yield "settle", lambda: settle(self.world)
        yield "publish_call", self.publish_call
        for letter in OUTCOMES:
            yield f"apply_{letter}", partial(self.apply, letter)
        yield "correct_D", lambda: self.correct("D")
        yield "withdraw_J", lambda: self.withdraw("J")
        for letter in OUTCOMES:
            if letter != "J":
                yield f"review_{letter}", partial(self.review, letter)
        yield "close", self.close
        yield "draw", self.draw
        yield "judge", self.judge
        yield "conclude", self.conclude
        yield "propose", self.propose
        yield "confirm", self.confirm
        yield "publish", self.publish
        yield "object", self.object
        yield "look_into", self.look_into

    def run(self) -> None:
        """Everything, with the clock moved behind the notice for the last step."""
        for _, step in self.steps():
            step()
        with time_machine.travel(self.after_notice(), tick=True):
            self.recognise()
