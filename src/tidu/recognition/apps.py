"""Recognition from call to certificate, and the life of a title."""

from __future__ import annotations

from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    """The application of calls, cases and titles."""

    name = "tidu.recognition"
    verbose_name = "认定管理"

    def ready(self) -> None:
        """Declare what is recorded, what is personal, and where the pages are."""
        from tidu.accounts.ties import interest_changed
        from tidu.recognition import (  # noqa: F401 - importing is the purpose
            audit_actions,
            homes,
            navigation,
            personal,
            task_kinds,
        )
        from tidu.recognition.actions.conflicts import follow_interest
        from tidu.recognition.certificates import key_use  # noqa: F401 - as above
        from tidu.recognition.queries.certified import given_since, kept_by_case
        from tidu.registry.actions.standing import Procedure, leave_to_procedure

        leave_to_procedure(Procedure(kept_by_case, given_since))
        interest_changed.connect(follow_interest, dispatch_uid="recognition.conflicts")
