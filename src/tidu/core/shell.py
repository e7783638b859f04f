"""The frame of a signed-in page: who is here, where they can go, what waits for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import HttpRequest

from tidu.core.components import Choice
from tidu.core.display import Display
from tidu.core.navigation import NavigationLink


@dataclass(frozen=True, slots=True)
class Shell:
    """What the header of a signed-in page shows.

    ``kind`` is staff (navy, with the platform's name and the organisation) or enterprise (white, with the enterprise's
    own name as the brand). ``identities`` are offered when there is more than one; ``switch`` is where the choice goes.
    """

    kind: str
    title: str
    line: str
    person: str
    key: str  # of what is kept in this browser, so that nobody is offered another person's drafts
    display: Display = field(default_factory=Display)
    links: tuple[NavigationLink, ...] = ()
    identities: tuple[Choice, ...] = ()
    identity: str = ""
    identity_label: str = ""
    switch: str = ""
    messages: str = ""
    unread: str = ""
    search: str = ""
    search_hint: str = "企业名、信用代码、拼音首字母"
    account: str = ""
    sign_out: str = ""
    home: str = "/"
    expires_in: int = 0  # seconds until the session ends by itself; 0 where it does not
    extend: str = ""

    @property
    def staff(self) -> bool:
        """Whether the header is the navy one."""
        return self.kind == "staff"

    @property
    def parts(self) -> tuple[NavigationLink, ...]:
        """The pages of the group that one is in."""
        return next((link.parts for link in self.links if link.current), ())

    @property
    def other_identities(self) -> tuple[Choice, ...]:
        """The identities that the person could act in instead."""
        return tuple(item for item in self.identities if item.value != self.identity)


_makers: list[Callable[[HttpRequest], Shell | None]] = []


def register_frame(maker: Callable[[HttpRequest], Shell | None]) -> None:
    """Say how the frame of a request is made: the one that knows people and messages registers itself."""
    _makers[:] = [maker]


def frame_for(request: HttpRequest) -> Shell | None:
    """The frame of whoever asks, for pages that are made beside the usual way, such as error pages."""
    return _makers[0](request) if _makers else None
