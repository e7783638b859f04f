"""Declares that the codes of certificates rest on keys, so that none of these is dropped."""

from __future__ import annotations

from tidu.core.crypto.key_uses import KeyUse, declare_key_use
from tidu.recognition.models import TitleCertificate


def _resting_on(key: str) -> int:
    return TitleCertificate.objects.filter(key=key).count()


declare_key_use(KeyUse("证书的核验码", _resting_on))
