"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Registers the deployment checks."""

    name = "tidu.core"
    verbose_name = "公共部分"

    def ready(self) -> None:
        """Load the checks so that ``manage.py check`` finds them."""
        from tidu.core import checks  # noqa: F401 - registering is the import's whole purpose
