"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The public site."""

    name = "tidu.portal"
    verbose_name = "门户"
