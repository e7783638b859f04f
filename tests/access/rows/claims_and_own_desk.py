"""Companies that register and claim, officers who check claims, the enterprise's own desk, and its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.access.rows import Elsewhere, Row
from tests.access.world import (
    AUDITOR_OF_A,
    AUDITORS,
    ENTERPRISE_A,
    ENTERPRISES_ALL,
    OFFICERS,
    OFFICERS_OF_A,
    WITHOUT_ROLE,
    World,
)
from tests.core.files.sample_files import pdf
from tidu.core.actor import SYSTEM
from tidu.core.files.kinds import PAPER_KINDS
from tidu.core.files.receiving import store_file
from tidu.core.models import StoredFile
from tidu.registry.models import Claim, ClaimState, Evidence, Product

_CLAIMANTS = ENTERPRISES_ALL | {WITHOUT_ROLE}
_CLAIMANT = frozenset({WITHOUT_ROLE})
_CHECKERS_OF_A = OFFICERS_OF_A | AUDITOR_OF_A
_READERS_OF_A = ENTERPRISE_A | OFFICERS_OF_A | AUDITOR_OF_A
_POSTED = frozenset({302})


def _file() -> StoredFile:
    return store_file(actor=SYSTEM, upload=SimpleUploadedFile("某.pdf", pdf()), allowed=PAPER_KINDS)


def _claim(world: World) -> Mapping[str, Any]:
    claim = Claim.objects.filter(enterprise=world.a, state=ClaimState.OPEN).first() or Claim.objects.create(
        user=world.users[WITHOUT_ROLE],
        enterprise=world.a,
        stated_name="某企业",
        stated_place_id="150203",
        letter=_file(),
    )
    return {"pk": claim.pk}


def _own_claim(world: World) -> Mapping[str, Any]:
    _claim(world)
    return {}


def _page(world: World) -> Mapping[str, Any]:
    return {**_claim(world), "page": 1}


def _evidence(world: World) -> Mapping[str, Any]:
    found = Evidence.objects.filter(enterprise=world.a).first() or Evidence.objects.create(
        enterprise=world.a, kind="audit_report", year=2025, file=_file()
    )
    return {"pk": found.pk}


def _evidence_page(world: World) -> Mapping[str, Any]:
    return {**_evidence(world), "number": 1}


def _a(world: World) -> Mapping[str, Any]:
    return {"pk": world.a.pk}


def _list(_: World) -> Mapping[str, Any]:
    return {"kind": "products"}


def _row(world: World) -> Mapping[str, Any]:
    product, _ = Product.objects.get_or_create(enterprise=world.a, name="某产品", ended_at=None)
    return {"kind": "products", "pk": product.pk}


def _section(_: World) -> Mapping[str, Any]:
    return {"section": "figures"}


ROWS: list[Row | Elsewhere] = [
    Row("registry:sign-up", public=True),
    Row("registry:sign-up", method="POST", public=True, answers=frozenset({302, 422})),
    Row("registry:my-claim", may=_CLAIMANTS),
    Row("registry:my-claim", method="POST", may=_CLAIMANTS, answers=frozenset({422})),
    Row(
        "registry:my-claim-letter",
        method="POST",
        may=_CLAIMANT,
        arguments=_own_claim,
        answers=frozenset({422}),
    ),
    Row("registry:my-claim-letter-download", may=_CLAIMANT, arguments=_own_claim),
    Row("registry:my-claim-letter-template", may=_CLAIMANT, arguments=_own_claim),
    Row("registry:my-claim-withdraw", method="POST", may=_CLAIMANT, arguments=_own_claim, answers=_POSTED),
    Row("registry:claims", may=OFFICERS | AUDITORS),
    Row("registry:claim", may=_CHECKERS_OF_A, arguments=_claim),
    Row("registry:claim-letter", may=_CHECKERS_OF_A, arguments=_claim),
    Row("registry:claim-letter-page", may=_CHECKERS_OF_A, arguments=_page),
    # The city sees the claims of its districts, and is told that the district decides.
    Row(
        "registry:claim-accept",
        method="POST",
        may=OFFICERS_OF_A,
        arguments=_claim,
        answers=frozenset({302, 409}),
    ),
    Row("registry:claim-refuse", may=OFFICERS_OF_A, arguments=_claim),
    Row(
        "registry:claim-refuse",
        method="POST",
        may=OFFICERS_OF_A,
        arguments=_claim,
        fields=lambda _: {"picked_reason": "seal", "reason": "没有盖章"},
        answers=frozenset({302, 409}),
    ),
    Row("registry:own", may=ENTERPRISES_ALL),
    Row("registry:own-section", may=ENTERPRISES_ALL, arguments=_section),
    Row("registry:own-section", method="POST", may=ENTERPRISES_ALL, arguments=_section, answers=_POSTED),
    Row("registry:own-list", may=ENTERPRISES_ALL, arguments=_list),
    Row("registry:own-list", method="POST", may=ENTERPRISES_ALL, arguments=_list, answers=frozenset({422})),
    Row("registry:own-row", may=ENTERPRISE_A, arguments=_row),
    Row("registry:own-row", method="POST", may=ENTERPRISE_A, arguments=_row, answers=frozenset({422})),
    Row("registry:own-row-end", may=ENTERPRISE_A, arguments=_row),
    Row("registry:own-row-end", method="POST", may=ENTERPRISE_A, arguments=_row, answers=_POSTED),
    Row("registry:own-evidence", may=ENTERPRISES_ALL),
    Row("registry:own-evidence", method="POST", may=ENTERPRISES_ALL, answers=frozenset({422})),
    Row("registry:own-evidence-withdraw", may=ENTERPRISE_A, arguments=_evidence),
    Row(
        "registry:own-evidence-withdraw",
        method="POST",
        may=ENTERPRISE_A,
        arguments=_evidence,
        answers=_POSTED,
    ),
    Row("registry:enterprise-evidence", may=_READERS_OF_A, arguments=_a),
    Row("registry:evidence", may=_READERS_OF_A, arguments=_evidence),
    Row("registry:evidence-download", may=_READERS_OF_A, arguments=_evidence),
    Row("registry:evidence-page", may=_READERS_OF_A, arguments=_evidence_page),
]
