"""Enterprises and what is known about them."""

from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The application of enterprises and facts."""

    name = "tidu.registry"
    verbose_name = "企业库"

    def ready(self) -> None:
        """Declare what is recorded, what is personal and where the pages are; keep the index of names."""
        from django.db.models.signals import post_migrate

        from tidu.registry import (  # noqa: F401 - importing is the purpose
            audit_actions,
            audit_directory,
            home_cards,
            homes,
            navigation,
            personal,
        )
        from tidu.registry.name_index import keep_name_index

        post_migrate.connect(keep_name_index, sender=self)
