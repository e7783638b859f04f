"""WSGI entry: ``gunicorn --no-control-socket --preload tidu.site.wsgi``."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tidu.site.settings")
application = get_wsgi_application()

from tidu.site.warming import warm  # noqa: E402 - it needs the applications that have just been set up

warm()
