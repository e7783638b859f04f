"""People, organisations, roles and sign-in."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The application of people and their roles."""

    name = "tidu.accounts"
    verbose_name = "人员与机构"

    def ready(self) -> None:
        """Declare what is recorded and where pages are, check the settings, and listen to sign-ins."""
        from tidu.accounts import (  # noqa: F401 - importing is the purpose
            audit_actions,
            checks,
            navigation,
            personal,
            sign_in_records,
        )
