"""Which bureaus are in charge: a district's, and where it has none the city's."""

from __future__ import annotations

from dataclasses import dataclass

from tidu.accounts.models import Organisation
from tidu.core.roles import OrganisationKind, Role
from tidu.recognition.models import Application
from tidu.registry.models import Enterprise


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a case: a role of an organisation."""

    organisation: Organisation
    role: Role


def reviewer_of(application: Application) -> Holder:
    """The bureau of the place where the application was handed in; the one that calls where that has none."""
    return _district(application.district_id) or Holder(application.call.organisation, Role.CITY_OFFICER)


def local_holder(enterprise: Enterprise) -> Holder | None:
    """Who looks into what an enterprise with a title reports: its district's bureau, else its city's."""
    district = _district(enterprise.district_id)
    if district is not None:
        return district
    city = city_bureau(enterprise.city_id)
    return None if city is None else Holder(city, Role.CITY_OFFICER)


def city_bureau(city: str | None) -> Organisation | None:
    """The bureau of a city."""
    return _bureau(OrganisationKind.CITY_BUREAU, city)


def _district(place: str | None) -> Holder | None:
    bureau = _bureau(OrganisationKind.DISTRICT_BUREAU, place)
    return None if bureau is None else Holder(bureau, Role.DISTRICT_OFFICER)


def _bureau(kind: OrganisationKind, place: str | None) -> Organisation | None:
    return Organisation.objects.filter(kind=kind, place_id=place or "", is_active=True).first()
