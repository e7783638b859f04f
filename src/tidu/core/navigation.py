"""The navigation of the signed-in pages: each application declares where its pages are and which roles use them.

An application calls :func:`register_navigation` in its ``AppConfig.ready``. A destination whose address does not exist
is left out, so that an installation without one of the applications still has a whole header.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.urls import NoReverseMatch, reverse

from tidu.core.roles import Role


@dataclass(frozen=True, slots=True)
class Destination:
    """An entry of the main navigation: name of its address, label, who has it, and its place from left to right.

    It is current on its own page and on pages below it; ``within`` names further paths it stands for. Those with the
    same ``group`` stand under that word, which leads to the first of them, once a role has more than two.
    """

    address: str
    label: str
    roles: frozenset[Role]
    order: int = 100
    about: str = ""
    within: tuple[str, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class NavigationLink:
    """An entry as shown. ``parts`` are the pages of a group, shown as a second row while one of them is current."""

    label: str
    url: str
    current: bool = False
    exact: bool = False
    about: str = ""
    parts: tuple[NavigationLink, ...] = ()


_FEW: Final = 2
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
    links: dict[str, list[NavigationLink]] = {}
    for item, url in shown:
        current = best > 0 and _match(item, url, path) == best
        link = NavigationLink(item.label, url, current=current, exact=path == url, about=item.about)
        links.setdefault(item.group or item.address, []).append(link)
    return [top for name, found in links.items() for top in _gathered(name, found)]


def pages_by_role(only: Role | None = None) -> list[tuple[str, list[NavigationLink]]]:
    """The pages that somebody signed in can start from, role by role; of one role where it is given."""
    found = []
    for role in Role if only is None else (only,):
        pages = [page for top in navigation_for(role, "") for page in top.parts or (top,)]
        if pages:
            found.append((role.label, pages))
    return found


def _gathered(group: str, links: list[NavigationLink]) -> list[NavigationLink]:
    if len(links) <= _FEW:
        return links
    return [
        NavigationLink(
            group,
            links[0].url,
            current=any(link.current for link in links),
            about="、".join(link.label for link in links),
            parts=tuple(links),
        )
    ]


def _match(item: Destination, url: str, path: str) -> int:
    """How many characters of ``path`` the destination stands for."""
    return max((len(start) for start in (url, *item.within) if path.startswith(start)), default=0)
