"""The navigation of the signed-in pages: each application declares where its pages are and which roles use them.

An application calls :func:`register_navigation` in its ``AppConfig.ready``. A destination whose address does not exist
is left out, so that an installation without one of the applications still has a whole header.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from tidu.core.roles import Role


@dataclass(frozen=True, slots=True)
class Destination:
    """An entry of the main navigation: name of its address, label, who has it, and its place from left to right.

    It is current on its own page and on pages below it; ``within`` names further paths it stands for.
    """

    address: str
    label: str
    roles: frozenset[Role]
    order: int = 100
    about: str = ""
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NavigationLink:
    """An entry as shown."""

    label: str
    url: str
    current: bool = False
    exact: bool = False
    about: str = ""


_destinations: dict[str, Destination] = {}


def register_navigation(destinations: Iterable[Destination]) -> None:
    """Add destinations. Registering an address again replaces it."""
    for item in destinations:
        _destinations[item.address] = item


def navigation_for(role: Role | None, path: str) -> list[NavigationLink]:
    """What a role sees in the header, in order; the entry with the longest match to ``path`` is current."""
    shown: list[tuple[Destination, str]] = []
    for item in sorted(_destinations.values(), key=lambda item: (item.order, item.label)):
        if role in item.roles:
            try:
                shown.append((item, reverse(item.address)))
            except NoReverseMatch:
                continue
    best = max((_match(item, url, path) for item, url in shown), default=0)
    return [
        NavigationLink(
            item.label,
            url,
            current=best > 0 and _match(item, url, path) == best,
            exact=path == url,
            about=item.about,
        )
        for item, url in shown
    ]


def _match(item: Destination, url: str, path: str) -> int:
    """How many characters of ``path`` the destination stands for."""
    return max((len(start) for start in (url, *item.within) if path.startswith(start)), default=0)
