"""What official documents ask about the organisation that issues them."""

from __future__ import annotations

from tidu.accounts.models import Organisation
from tidu.core.documents.issuers import Issuer, answer_for_issuers


def issuer(number: int) -> Issuer:
    """The organisation of this number. Raises ``Organisation.DoesNotExist``."""
    organisation = Organisation.objects.get(pk=number)
    return Issuer(
        organisation_id=organisation.pk,
        name=organisation.name,
        word=organisation.document_word or organisation.short_name or organisation.name[:40],
        place=organisation.place_id or "",
    )


answer_for_issuers(issuer)
