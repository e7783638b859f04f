"""Which bureaus are in charge of an enterprise that holds a title: its district's, and its city's."""

from __future__ import annotations

from tidu.accounts.models import Organisation
from tidu.core.roles import OrganisationKind, Role
from tidu.recognition.process.following import Holder
from tidu.registry.models import Enterprise


def city_bureau(city: str | None) -> Organisation | None:
    """The bureau of a city."""
    return Organisation.objects.filter(
        kind=OrganisationKind.CITY_BUREAU, place_id=city or "", is_active=True
    ).first()


def local_holder(enterprise: Enterprise) -> Holder | None:
    """Who looks into what an enterprise reports: its district's bureau, the city's where there is none."""
    bureau = Organisation.objects.filter(
        kind=OrganisationKind.DISTRICT_BUREAU, place_id=enterprise.district_id or "", is_active=True
    ).first()
    if bureau is not None:
        return Holder(bureau, Role.DISTRICT_OFFICER)
    city = city_bureau(enterprise.city_id)
    return None if city is None else Holder(city, Role.CITY_OFFICER)
