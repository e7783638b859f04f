"""A demonstration: two cities of enterprises that do not exist."""

from __future__ import annotations

from django.apps import AppConfig

from tidu.core.audit.actions import declare


class DemoConfig(AppConfig):
    """The application of the made-up data."""

    name = "tidu.demo"
    verbose_name = "演示数据"

    def ready(self) -> None:
        """Name what is recorded."""
        declare({"demo.data.loaded": "载入演示数据"})
