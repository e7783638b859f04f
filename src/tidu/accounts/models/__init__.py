"""People, organisations, memberships."""

from tidu.accounts.models.organisations import Delegation, Membership, Organisation
from tidu.accounts.models.people import FormerPassword, User

__all__ = ["Delegation", "FormerPassword", "Membership", "Organisation", "User"]
