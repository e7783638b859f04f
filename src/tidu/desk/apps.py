"""The desk: what somebody has to do, what they are told, and the home page of each role."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The application of tasks and notifications."""

    name = "tidu.desk"
    verbose_name = "工作台"

    def ready(self) -> None:
        """Declare the desk's own navigation and the administrators' cards; listen to what accounts declare."""
        from tidu.accounts.ties import interest_changed
        from tidu.core.display import display_chosen
        from tidu.core.shell import register_frame
        from tidu.desk import administration, context, display, interests, navigation

        navigation.declare()
        administration.declare()
        register_frame(context.frame_of)
        display_chosen.connect(display.remember, dispatch_uid="desk.display")
        interest_changed.connect(interests.follow, dispatch_uid="desk.interests")
