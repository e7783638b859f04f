"""Checking passwords and finding the person of a session."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser

from tidu.accounts.demonstration import may_sign_in
from tidu.accounts.models import User


class PersonBackend(AuthenticationBackend):  # type: ignore[misc] # allauth ships no types
    """allauth's backend, for open accounts alone: a session of a closed one finds nobody at its next request."""

    def user_can_authenticate(self, user: AbstractBaseUser) -> bool:
        """Whether the account is open."""
        return isinstance(user, User) and may_sign_in(user)
