"""Addresses of the API: its versions, the page about it, and OpenAPI.

Everything here is public. The calls bear no cookie and no session, so that there is nothing a forged request could use:
ninja exempts them from the CSRF token, and they stay marked public one by one.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path

from tidu.api import views
from tidu.api.interface import api

app_name = "api"
_v1, _, _ = api.urls
for _pattern in _v1:
    if isinstance(_pattern, URLPattern):
        login_not_required(_pattern.callback)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.front, name="front"),
    path("docs/", views.docs, name="docs"),
    path("openapi.json", views.document, name="openapi"),
    path("v1/", (_v1, "v1", "v1")),
]
