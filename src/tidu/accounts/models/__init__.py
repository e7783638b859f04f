"""People, organisations, memberships."""

from tidu.accounts.models.organisations import Delegation, Membership, Organisation
from tidu.accounts.models.people import User

__all__ = ["Delegation", "Membership", "Organisation", "User"]
