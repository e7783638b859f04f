"""The code of a certificate: made from what is printed on it with a key that is not in the database.

Whoever alters a row, or adds one, cannot make a code that fits. The key's name is kept with the certificate, so that a
code stays good when newer keys are added; a key with certificates is never dropped (``declare_key_use``).
"""

from __future__ import annotations

import base64
import hmac
import json
import logging
import re
from typing import Final

from django.conf import settings
from django.urls import reverse

from tidu.core.crypto.sealing import SealBroken, mark
from tidu.recognition.models import TitleCertificate

_PURPOSE: Final = "tidu.recognition.certificate"
_BYTES: Final = 10  # 80 bits are 16 letters
_GROUP: Final = 4
#: Base 32 without the letters that look like digits or like each other.
_LETTERS: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "ABCDEFGHJKMNPQRSTVWXYZ0123456789")
#: Letters that the code does not use, and the digits they are mistaken for.
_MISREAD: Final = str.maketrans("OIL", "011")
_SPACE: Final = re.compile(r"[\s\-－—·]+")
LONGEST_NUMBER, LONGEST_CODE = 40, 40
_log = logging.getLogger(__name__)


def code_of(certificate: TitleCertificate) -> str:
    """The code without its dashes. Raises :class:`SealBroken` where the key is missing."""
    printed = (
        certificate.number,
        certificate.uscc,
        certificate.name,
        certificate.title_name,
        certificate.since.isoformat(),
        None if certificate.until is None else certificate.until.isoformat(),
    )
    # As JSON, so that two certificates never give the same text, whatever their names contain.
    made = mark(certificate.key, _PURPOSE, json.dumps(printed, ensure_ascii=False))
    return base64.b32encode(made[:_BYTES]).decode().translate(_LETTERS)


def shown_code(certificate: TitleCertificate) -> str:
    """The code as it is printed: ``7K2M-QX9D-…``."""
    code = code_of(certificate)
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def tidied_code(typed: str) -> str:
    """What somebody typed, as a code is written: capitals, no dashes, no letter that is a misread digit."""
    return _SPACE.sub("", typed[:LONGEST_CODE]).upper().translate(_MISREAD)


def code_fits(certificate: TitleCertificate, typed: str) -> bool:
    """Whether this is the certificate's code; takes as long for a wrong one as for the right one."""
    try:
        right = code_of(certificate)
    except SealBroken:
        _log.exception("the key of certificate %s is missing", certificate.number)
        return False
    return hmac.compare_digest(right.encode(), tidied_code(typed).encode())


def check_url(certificate: TitleCertificate) -> str:
    """The absolute address of the check, as the picture on the certificate holds it. Nothing personal is in it."""
    path = reverse("recognition:verify-code", args=[certificate.number, code_of(certificate)])
    return f"{settings.PUBLIC_URL}{path}"
