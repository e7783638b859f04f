"""What the tests of the self-check share: drafts, facts files and pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from html import unescape

from django.test import Client

from tests.portal.conftest import HOHHOT
from tidu.policy.documents.library import load_library
from tidu.policy.vocabulary.vocabulary import Vocabulary
from tidu.portal.self_check import SelfCheck
from tidu.portal.self_check_answers import Answers, answers_of, in_view
from tidu.portal.self_check_draft import Draft

TODAY = dt.date(2026, 11, 20)
FORM = f"/self-check/{HOHHOT}/municipal_srdi/"
RESULT = f"{FORM}result/"
#: An enterprise of Hohhot that fits; four criteria are left to people.
FITS: Mapping[str, str] = {
    "independent_legal_person": "yes",
    "registered_on": "2018-06-12",
    "registered_area-city": "150100",
    "registered_area-place": "150105",
    "industry_code": "C3514",
    "employees_2025": "128",
    "revenue_2023": "1,842.60",
    "revenue_2024": "2,036.40",
    "revenue_2025": "2,318.90",
    "tax_and_credit_good": "yes",
    "major_incident": "no",
    "bad_record": "no",
    "niche_years": "7.6",
    "main_product_revenue_2025": "1,604.68",
    "rank_regional": "6",
    "quality_system_certified": "yes",
    "municipal_brands": "1",
    "utility_models": "2",
    "software_copyrights": "1",
}


def vocabulary() -> Vocabulary:
    return in_view(load_library())


def drafted(**typed: str) -> Draft:
    return Draft(typed=dict(typed))


def fitting(**changes: str) -> Draft:
    return Draft(typed={**FITS, **changes})


def read(draft: Draft, today: dt.date = TODAY) -> Answers:
    return answers_of(draft, vocabulary(), today=today)


def check(draft: Draft, pack_id: str = HOHHOT, tier: str = "municipal_srdi") -> SelfCheck:
    library = load_library()
    return SelfCheck.of(library, library.get(pack_id), tier, draft)


def page(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def save(client: Client, texts: Mapping[str, str], address: str = FORM) -> None:
    assert client.post(address, dict(texts)).status_code == 302
