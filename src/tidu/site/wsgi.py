"""WSGI entry: ``gunicorn --no-control-socket tidu.site.wsgi``."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tidu.site.settings")
application = get_wsgi_application()
