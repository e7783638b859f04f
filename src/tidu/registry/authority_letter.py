"""The letter of authority, ready to be printed, signed and stamped."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone

from tidu.core.typed_values import shown_place
from tidu.core.typesetting import typeset
from tidu.registry.models import Claim

TEMPLATE: Final = Path(__file__).resolve().parent / "documents" / "authority_letter.typ"


def letter_template(claim: Claim) -> bytes:
    """The PDF, with what the claimant has stated and nothing of what is on the books."""
    place = shown_place(claim.stated_place_id) if claim.stated_place_id else ""
    return typeset(
        TEMPLATE,
        {
            "site": settings.SITE["name"],
            "authority": f"{place}工业和信息化主管部门",
            "enterprise": claim.stated_name,
            "uscc": claim.enterprise.uscc,
            "person": claim.user.name,
            "username": claim.user.username,
            "number": str(claim.pk),
        },
        made_at=timezone.now(),
    )
