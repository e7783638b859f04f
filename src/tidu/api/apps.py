"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings

from tidu.core.rates import parse_rate


class ApiConfig(AppConfig):
    """Refuses to start with a rate that cannot be read."""

    name = "tidu.api"
    verbose_name = "数据接口"

    def ready(self) -> None:
        """Read the rate once, so that a mistake shows at the start and not at the first call."""
        parse_rate(settings.API_RATE)
