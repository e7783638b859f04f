"""A second city, of another province, whose pack and places come from a folder beside the program.

Everybody in it works as in Hohhot; only the pack differs: no experts, a notice in working days, two calls a year, and
whoever plainly misses a condition is warned and may hand in all the same.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.core.files.sample_files import pdf
from tests.recognition.cases import KNOWING
from tidu.accounts.identities import Identity, actor_of
from tidu.accounts.models import Membership, Organisation, User
from tidu.core.actor import SYSTEM, Actor
from tidu.core.files.kinds import PAPER_KINDS
from tidu.core.files.receiving import receive_file
from tidu.core.places.seeding import seed
from tidu.core.roles import OrganisationKind, Role
from tidu.core.uscc import check_characters
from tidu.policy.quantities import Value
from tidu.policy.vocabulary.places import load_places
from tidu.recognition.actions.applying import start_application
from tidu.recognition.actions.calls import approve_call, save_call, send_for_approval, start_call
from tidu.recognition.actions.deciding import confirm_proposal
from tidu.recognition.actions.notices import publish_notice
from tidu.recognition.actions.proposals import Choice, issue_material, open_proposal, propose, save_choices
from tidu.recognition.actions.recognising import draft_recognition, issue_recognition
from tidu.recognition.actions.reviewing import recommend, save_finding
from tidu.recognition.actions.submitting import submit_application
from tidu.recognition.models import Application, Call, Notice
from tidu.recognition.queries.conditions import citable_of
from tidu.recognition.queries.reviewing import criteria_of
from tidu.registry.actions.facts import NewFact, record_facts
from tidu.registry.models import Enterprise, Source

PACKS: Final = Path(__file__).resolve().parents[1] / "packs"
PACK, TIER = "hangzhou-2024-recognition", "municipal_srdi"
HANGZHOU, BINJIANG, YUHANG = "330100", "330108", "330110"
_STAFF: Final = {
    "city": (OrganisationKind.CITY_BUREAU, HANGZHOU, Role.CITY_OFFICER, "杭州市科学技术局"),
    "city_second": (OrganisationKind.CITY_BUREAU, HANGZHOU, Role.CITY_OFFICER, "杭州市科学技术局"),
    "binjiang": (OrganisationKind.DISTRICT_BUREAU, BINJIANG, Role.DISTRICT_OFFICER, "滨江区科学技术局"),
    "yuhang": (OrganisationKind.DISTRICT_BUREAU, YUHANG, Role.DISTRICT_OFFICER, "余杭区科学技术局"),
}
_FEN: Final = 1_000_000  # in 10,000 yuan


@dataclass
class SecondCity:
    """Two officers of the city, two districts, and as many enterprises as are asked for."""

    people: dict[str, Actor] = field(default_factory=dict)
    enterprises: dict[str, Enterprise] = field(default_factory=dict)

    @classmethod
    def made(cls) -> SecondCity:
        """The city in the database. ``TIDU_PACKS`` names :data:`PACKS` by now."""
        seed(load_places())
        city = cls()
        for name, (kind, place, role, label) in _STAFF.items():
            bureau, _ = Organisation.objects.get_or_create(kind=kind, name=label, place_id=place)
            city._person(name, bureau, role)
        return city

    def _person(self, name: str, organisation: Organisation, role: Role) -> None:
        user = User.objects.create_user(f"hz_{name}", name=f"hz_{name}")
        membership = Membership.objects.create(user=user, organisation=organisation, role=role)
        self.people[name] = actor_of(user, Identity(membership))

    def add(self, name: str, place: str = BINJIANG, *, rd_staff: int = 20) -> Enterprise:
        """An enterprise with a manager, whose figures fit where enough of its staff do research."""
        organisation = Organisation.objects.create(kind=OrganisationKind.ENTERPRISE, name=f"企业{name}")
        number = len(self.enterprises) + 1
        enterprise = Enterprise.objects.create(
            uscc=check_characters(f"9133{place[2:]}MA2TDT{number}Y"[:16]),
            name=f"试例{name}科技有限公司",
            core_name=f"试例{name}",
            city_id=HANGZHOU,
            district_id=place,
            organisation=organisation,
        )
        self._person(f"manager_{name}", organisation, Role.ENTERPRISE_MANAGER)
        year = timezone.localdate().year - 1
        plain: dict[str, Value] = {
            "independent_legal_person": True,
            "registered_on": dt.date(year - 1, 3, 1),
            "industry_code": "I6513",
            "invention_patents": 1,
            "utility_models": 1,
            "software_copyrights": 0,
            "pending_ip_applications": 2,
            "pct_published": 0,
            "selected_talents": 1,
        }
        yearly: dict[str, Value] = {
            "employees": 50,
            "rd_staff": rd_staff,
            "revenue": 3000 * _FEN,
            "rd_expense": 600 * _FEN,
            "total_assets": 2000 * _FEN,
        }
        stated = [NewFact(key, value) for key, value in plain.items()]
        stated += [NewFact(key, value, year) for key, value in yearly.items()]
        record_facts(actor=SYSTEM, enterprise=enterprise, facts=stated, source=Source.AUDITED)
        self.enterprises[name] = enterprise
        return enterprise

    def call(self, opens_at: dt.datetime | None = None, *, days: int = 30) -> Call:
        """A call that one officer has written and the other has published."""
        first, second = self.people["city"], self.people["city_second"]
        opens = opens_at or timezone.now() - dt.timedelta(minutes=1)
        call = start_call(actor=first, pack=PACK, tier=TIER)
        call = save_call(
            actor=first,
            call=call,
            values={
                "opens_at": opens,
                "closes_at": opens + dt.timedelta(days=days),
                "year": opens.year,
                "base_year": timezone.localdate().year - 1,
                "materials": [{"kind": "business_licence", "required": False, "note": ""}],
            },
        )
        send_for_approval(actor=first, call=call)
        return approve_call(actor=second, call=call)

    def apply(self, name: str, call: Call, *, accept_not_met: bool = False) -> Application:
        """Handed in by the manager."""
        manager = self.people[f"manager_{name}"]
        application = start_application(actor=manager, call=call)
        submit_application(
            actor=manager,
            application=application,
            declared_by="负责人",
            accept_unknown=True,
            accept_not_met=accept_not_met,
        )
        return self.of(name, call)

    def of(self, name: str, call: Call) -> Application:
        """The application of an enterprise as it is now."""
        return Application.objects.select_related("call", "enterprise").get(
            call=call, enterprise=self.enterprises[name]
        )

    def recommend(self, name: str, call: Call) -> Application:
        """Every condition looked at and found in order, and recommended."""
        district = "binjiang" if self.enterprises[name].district_id == BINJIANG else "yuhang"
        application = self.of(name, call)
        for criterion in criteria_of(call):
            save_finding(
                actor=self.people[district],
                application=application,
                criterion=criterion.id,
                finding="accepted",
                note="经核对，符合。",
            )
        recommend(
            actor=self.people[district],
            application=self.of(name, call),
            opinion="材料齐全，同意推荐。",
            document_no="区科推〔2026〕1号",
            despite=KNOWING,
        )
        return self.of(name, call)

    def decide(self, call: Call, *, against: frozenset[str] = frozenset()) -> Notice:
        """The meeting's list, confirmed by the other officer and put on notice."""
        first, second = self.people["city"], self.people["city_second"]
        proposal = open_proposal(actor=first, call=call)
        refused = {self.of(name, call).pk for name in against}
        cite = next(iter(citable_of(call))).cite
        choices = {
            item.application_id: Choice(
                selected=item.application_id not in refused,
                rank=rank,
                reason="集体审定认为成长潜力不足。" if item.application_id in refused else "",
                cite=cite if item.application_id in refused else "",
            )
            for rank, item in enumerate(proposal.items.order_by("pk"), 1)
        }
        save_choices(actor=first, proposal=proposal, choices=choices)
        issue_material(actor=first, proposal=proposal)
        minutes = receive_file(actor=first, upload=SimpleUploadedFile("纪要.pdf", pdf()), allowed=PAPER_KINDS)
        propose(
            actor=first,
            proposal=proposal,
            meeting_no="第9次局长办公会",
            meeting_on=timezone.localdate(),
            minutes=minutes,
        )
        confirm_proposal(actor=second, proposal=proposal)
        return publish_notice(actor=first, proposal=proposal)

    def recognise(self, call: Call) -> None:
        """Drafted by one officer, issued by the other."""
        recognition = draft_recognition(actor=self.people["city"], call=call)
        issue_recognition(actor=self.people["city_second"], recognition=recognition)
