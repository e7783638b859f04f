"""A text column whose content only the application can read."""

from __future__ import annotations

from django.db import models

from tidu.core.crypto.sealing import seal, unseal


class EncryptedTextField(models.TextField):  # type: ignore[type-arg] # django-stubs wants the get and set types again
    """Text kept as SM4-GCM under the newest key, with the key's name; blank stays blank. It cannot be searched."""

    def get_prep_value(self, value: object) -> object:
        """What is stored."""
        return seal(str(value)) if value else value

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        """What the application sees."""
        return unseal(value) if value else value
