"""The personal data that recognition keeps, sealed: who an objection is from.

Nothing of it goes to the enterprise that the objection is about, nor into what an enterprise reads of who looked.
"""

from __future__ import annotations

from typing import Final

from tidu.core.personal.fields import PersonalField, declare_personal
from tidu.core.personal.masking import mask_phone
from tidu.core.roles import Role

_OFFICERS: Final = frozenset({Role.CITY_OFFICER})


def mask_sender(text: str) -> str:
    """The first character alone: a name, or the name of a unit."""
    return f"{text[:1]}{'*' * max(len(text) - 1, 2)}" if text else ""


declare_personal(
    [
        PersonalField(
            "recognition.objection",
            name,
            label,
            mask,
            _OFFICERS,
            subject=lambda row: f"异议 {row.pk}",
        )
        for name, label, mask in (
            ("sender_name", "姓名或单位", mask_sender),
            ("sender_phone", "联系电话", mask_phone),
        )
    ]
)
