"""Personal data of the people whom an enterprise names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tidu.core.actor import Actor
from tidu.core.personal.fields import PersonalField, declare_personal
from tidu.core.personal.masking import mask_account, mask_id_number, mask_phone
from tidu.core.roles import ENTERPRISE_ROLES, Role
from tidu.registry.models import Contact

_OFFICERS: Final = ENTERPRISE_ROLES | {Role.DISTRICT_OFFICER, Role.CITY_OFFICER}
#: Rewards are paid out by the city alone.
_PAYERS: Final = ENTERPRISE_ROLES | {Role.CITY_OFFICER}


def _own(_row: Contact, actor: Actor) -> bool:
    """What an enterprise has itself entered; that its people see it is bounded by ``visible_to``."""
    return actor.is_enterprise


def _contact(name: str, label: str, mask: Callable[[str], str], roles: frozenset[Role]) -> PersonalField:
    return PersonalField(
        "registry.contact",
        name,
        label,
        mask,
        roles,
        subject=lambda row: f"{row.enterprise}联系人{row.name}",
        own=_own,
        enterprise=lambda row: row.enterprise_id,
    )


declare_personal(
    [
        _contact("phone", "电话", mask_phone, _OFFICERS),
        _contact("id_number", "身份证号", mask_id_number, _OFFICERS),
        _contact("bank_account", "收款账号", mask_account, _PAYERS),
        # Officers call whoever claims an enterprise before they let them in.
        PersonalField(
            "registry.claim",
            "phone",
            "手机号",
            mask_phone,
            frozenset({Role.DISTRICT_OFFICER, Role.CITY_OFFICER}),
            subject=lambda row: f"认领人{row.user.name}",
            own=lambda row, actor: row.user_id == actor.user_id,
            enterprise=lambda row: row.enterprise_id,
        ),
    ]
)
