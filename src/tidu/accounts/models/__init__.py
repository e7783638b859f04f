"""People, organisations, memberships, declared interests."""

from tidu.accounts.models.interests import Ground, Interest
from tidu.accounts.models.organisations import Delegation, Membership, Organisation
from tidu.accounts.models.people import FormerPassword, User

__all__ = ["Delegation", "FormerPassword", "Ground", "Interest", "Membership", "Organisation", "User"]
