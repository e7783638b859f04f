"""Which tiers of which packs a city can call for today."""

from __future__ import annotations

import datetime as dt

from tidu.policy.documents.library import Offer, load_library
from tidu.policy.documents.route import route_of
from tidu.policy.errors import InputError


def callable_offers(place: str, on: dt.date) -> list[Offer]:
    """The tiers of the place's own packs in force on a day, none that another pack has replaced.

    Left out is what ends with another authority: the city can recommend there, and not recognise.
    """
    return [offer for offer in load_library().offers(place, on) if is_own(offer, place)]


def is_own(offer: Offer, place: str) -> bool:
    """Whether a tier is the place's own to recognise from application to title."""
    if offer.pack.document.jurisdiction != place:
        return False
    try:
        route_of(offer.recognition, offer.pack.settings())
    except InputError:
        return False
    return True
