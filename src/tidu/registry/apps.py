"""Enterprises and what is known about them."""

from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The application of enterprises and facts."""

    name = "tidu.registry"
    verbose_name = "企业库"
