"""What of a person is personal, and who may see it in full: they themselves."""

from __future__ import annotations

from tidu.core.personal.fields import PersonalField, declare_personal
from tidu.core.personal.masking import mask_phone

declare_personal(
    [
        PersonalField(
            model="accounts.user",
            name="phone",
            label="手机号",
            mask=mask_phone,
            roles=frozenset(),
            own=lambda row, actor: row.pk == actor.user_id,
        )
    ]
)
