"""People, organisations, roles and sign-in."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The application of people and their roles."""

    name = "tidu.accounts"
    verbose_name = "人员与机构"

    def ready(self) -> None:
        """Declare what is recorded, personal and reachable, check the settings, and listen to sign-ins."""
        from tidu.accounts import (  # noqa: F401 - importing is the purpose
            audit_actions,
            checks,
            issuers,
            navigation,
            personal,
            reach,
            sign_in_records,
        )
        from tidu.accounts.job_actors import may_still_act
        from tidu.core.jobs.running import actor_checks

        if may_still_act not in actor_checks:
            actor_checks.append(may_still_act)
