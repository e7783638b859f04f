"""Personal data of people who sign in."""

from __future__ import annotations

from typing import Final

from tidu.accounts.models import User
from tidu.core.actor import Actor
from tidu.core.personal.fields import PersonalField, declare_personal
from tidu.core.personal.masking import mask_id_number, mask_phone
from tidu.core.roles import Role

_KEEPERS: Final = frozenset({Role.SYSTEM_ADMINISTRATOR})


def _own(row: User, actor: Actor) -> bool:
    return row.pk == actor.user_id


declare_personal(
    [
        PersonalField("accounts.user", "phone", "手机号", mask_phone, _KEEPERS, own=_own),
        PersonalField("accounts.user", "id_number", "身份证号", mask_id_number, _KEEPERS, own=_own),
    ]
)
