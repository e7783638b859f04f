"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules

from tidu.core.rates import parse_rate


class CoreConfig(AppConfig):
    """Registers checks and seeds, finds background and periodic work of every application; reads the rates once."""

    name = "tidu.core"
    verbose_name = "公共部分"

    def ready(self) -> None:
        """Load the checks so that ``manage.py check`` finds them, then ``jobs.py`` and ``ticks.py`` of each app."""
        from tidu.core import checks, service_ticks, session_ticks  # noqa: F401 - registering is the whole purpose of these imports
        from tidu.core.audit import verifying  # noqa: F401 - as above
        from tidu.core.calendar import ticks as calendar_ticks  # noqa: F401 - as above
        from tidu.core.calendar.published import seed_after_migrate as seed_calendar
        from tidu.core.documents import jobs as document_jobs  # noqa: F401 - as above
        from tidu.core.files import sweeping  # noqa: F401 - as above
        from tidu.core.jobs import ticks as job_ticks  # noqa: F401 - as above
        from tidu.core.places.seeding import seed_after_migrate as seed_places

        for name in ("VISITOR_RATE", "OBJECTION_RATE", "CHECK_RATE"):
            parse_rate(getattr(settings, name), f"TIDU_{name}")  # so that a mistake shows now
        post_migrate.connect(seed_places, sender=self, dispatch_uid="core.places")
        post_migrate.connect(seed_calendar, sender=self, dispatch_uid="core.calendar")
        autodiscover_modules("jobs", "ticks")
