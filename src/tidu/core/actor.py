"""Who acts: a person in one role, for one organisation. The single subject of scoping and of the record.

A person may hold several roles; the one chosen in the session makes the actor of a request (``request.actor``). Jobs
and commands act for whoever started them, or for the system itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tidu.core.roles import ENTERPRISE_ROLES, STAFF, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in a role, or the system.

    ``place`` is the six-digit code of the organisation's jurisdiction and ``level`` its kind; both empty where the
    organisation has none. ``delegated_by`` and ``delegator_id`` are the absent colleague whose role it is;
    ``address`` is the IP address.
    """

    user_id: int | None
    name: str
    role: Role | None = None
    membership_id: int | None = None
    organisation_id: int | None = None
    organisation: str = ""
    place: str = ""
    level: str = ""
    delegated_by: str = ""
    delegator_id: int | None = None
    address: str = ""

    @property
    def is_system(self) -> bool:
        """Whether this is the system itself: scheduled work, and commands on the server."""
        return self.user_id is None

    @property
    def is_enterprise(self) -> bool:
        """Whether the actor speaks for an enterprise."""
        return self.role in ENTERPRISE_ROLES

    @property
    def is_staff(self) -> bool:
        """Whether the actor works for an authority, a department or another body beside the enterprises."""
        return self.role in STAFF

    @property
    def people(self) -> tuple[int, ...]:
        """The person, and the colleague in whose role they act: what stands in the way of either, stands in theirs."""
        return tuple(number for number in (self.user_id, self.delegator_id) if number is not None)

    @property
    def user_number(self) -> int:
        """The number of the person. Raises :class:`LookupError` for the system, which is none."""
        if self.user_id is None:
            raise LookupError("the system is no person")
        return self.user_id

    @property
    def organisation_number(self) -> int:
        """The number of the organisation. Raises :class:`LookupError` for whoever acts for none."""
        if self.organisation_id is None:
            raise LookupError("acts for no organisation")
        return self.organisation_id

    def has(self, *roles: Role) -> bool:
        """Whether the actor's role is one of these."""
        return self.role in roles


SYSTEM: Final = Actor(user_id=None, name="系统")
