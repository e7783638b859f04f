"""Finding a certificate by what somebody holds in hand."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from tidu.core.uscc import tidied_uscc
from tidu.recognition.certificates.codes import LONGEST_NUMBER, code_fits
from tidu.recognition.models import TitleCertificate
from tidu.registry.naming import folded_name

LONGEST_PROOF: Final = 200
_BLANK: Final = re.compile(r"\s+")
_DASHES: Final = re.compile(r"[－—–‐]")


def certificate_by_code(number: str, code: str) -> TitleCertificate | None:
    """The certificate of a number, if the code is its own. A wrong number and a wrong code give the same."""
    found = _numbered(number)
    return found if found is not None and code_fits(found, code) else None


def certificate_by_proof(number: str, proof: str) -> tuple[TitleCertificate | None, bool]:
    """The certificate of a number for whoever knows its code, the enterprise's name or its credit code.

    The second value tells whether it was the code.
    """
    found = _numbered(number)
    if found is None:
        return None, False
    if code_fits(found, proof):
        return found, True
    typed = proof[:LONGEST_PROOF]
    names = {folded_name(found.name), folded_name(found.title.enterprise.name)}
    right = tidied_uscc(typed) == found.uscc or folded_name(typed) in names
    return (found if right else None), False


def _numbered(number: str) -> TitleCertificate | None:
    tidy = _DASHES.sub("-", _BLANK.sub("", unicodedata.normalize("NFKC", number[:LONGEST_NUMBER]))).upper()
    if not tidy or not tidy.isascii() or not tidy.isprintable():
        return None
    return (
        TitleCertificate.objects.select_related("title__enterprise", "organisation", "document__pdf", "file")
        .filter(number=tidy)
        .first()
    )
