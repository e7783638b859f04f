"""An enterprise with everything that Hohhot's rule asks, and an application filled in for it."""

from __future__ import annotations

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.access.world import World
from tests.core.files.sample_files import pdf
from tidu.core.files.kinds import EVIDENCE_KINDS
from tidu.core.files.receiving import receive_file
from tidu.recognition.actions.applying import start_application
from tidu.recognition.actions.filling import save_part
from tidu.recognition.applying.questions import questions_of
from tidu.recognition.models import Application, Call
from tidu.registry.actions.evidence import add_evidence
from tidu.registry.actions.facts import NewFact, record_facts
from tidu.registry.models import Enterprise, Evidence, Source
from tidu.registry.own.saving import Typed

WAN = 10_000 * 100
#: What meets every condition that a machine decides, in the base year 2025.
FIGURES: dict[tuple[str, int], object] = {
    ("registered_on", 0): dt.date(2018, 6, 12),
    ("independent_legal_person", 0): True,
    ("industry_code", 0): "3599",
    ("revenue", 2023): 1_842 * WAN,
    ("revenue", 2024): 2_036 * WAN,
    ("revenue", 2025): 2_318 * WAN,
    ("employees", 2025): 128,
    ("total_assets", 2025): 3_000 * WAN,
    ("main_product_revenue", 2025): 1_900 * WAN,
    ("niche_years", 0): 6.0,
    ("rank_regional", 0): 3,
    ("quality_system_certified", 0): True,
    ("municipal_brands", 0): 1,
    ("invention_patents", 0): 2,
}
#: What others say.
CONFIRMED: dict[tuple[str, int], object] = {
    ("tax_and_credit_good", 0): True,
    ("major_incident", 0): False,
    ("bad_record", 0): False,
}


def state(world: World, letter: str = "C", **changed: object) -> Enterprise:
    """Record the figures; ``changed`` replaces those of an indicator, ``None`` leaves it out."""
    enterprise = world.enterprises[letter]
    figures = {**FIGURES, **CONFIRMED}
    for name, value in changed.items():
        for key in [key for key in figures if key[0] == name]:
            if value is None:
                del figures[key]
            else:
                figures[key] = value
    record_facts(
        actor=world.actor(f"manager_{letter.lower()}"),
        enterprise=enterprise,
        facts=[NewFact(name, value, year) for (name, year), value in figures.items()],  # type: ignore[arg-type]
        source=Source.DECLARED,
    )
    return enterprise


def paper(world: World, kind: str, *, letter: str = "C", year: int | None = None, name: str = "") -> Evidence:
    """A document of a kind on the enterprise's list."""
    actor = world.actor(f"manager_{letter.lower()}")
    upload = SimpleUploadedFile(name or f"{kind}.pdf", pdf())
    return add_evidence(
        actor=actor,
        enterprise=world.enterprises[letter],
        kind=kind,
        year=year,
        note="",
        received=receive_file(actor=actor, upload=upload, allowed=EVIDENCE_KINDS),
    )


def say(
    world: World, application: Application, letter: str = "C", text: str = "我们多年专注这一产品。"
) -> None:
    """Write a statement about everything that people judge."""
    for part in questions_of(application.call).parts:
        texts = {judged.control: f"{judged.label}：{text}" for judged in part.judged}
        save_part(
            actor=world.actor(f"manager_{letter.lower()}"),
            application=application,
            part=part,
            typed=Typed(texts, dict.fromkeys(texts, "")),
        )


def ready_application(world: World, call: Call, letter: str = "C", **changed: object) -> Application:
    """A draft that can be handed in: figures, statements."""
    state(world, letter, **changed)
    application = start_application(actor=world.actor(f"manager_{letter.lower()}"), call=call)
    say(world, application, letter)
    return application
