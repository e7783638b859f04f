"""People, organisations, roles and sign-in."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The application of people and their roles."""

    name = "tidu.accounts"
    verbose_name = "人员与机构"
