"""The desk: what somebody has to do, what they are told, and the home page of each role."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The application of tasks and notifications."""

    name = "tidu.desk"
    verbose_name = "工作台"
