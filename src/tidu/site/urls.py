"""Addresses of the whole site. Each application keeps its own list."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("tidu.core.urls")),
    path("", include("tidu.portal.urls")),
    path("accounts/", include("tidu.accounts.urls")),
    path("desk/", include("tidu.desk.urls")),
    path("registry/", include("tidu.registry.urls")),
    path("recognition/", include("tidu.recognition.urls")),
    path("api/", include("tidu.api.urls")),
]

handler400 = "tidu.core.views.errors.bad_request"
handler403 = "tidu.core.views.errors.permission_denied"
handler404 = "tidu.core.views.errors.page_not_found"
handler500 = "tidu.core.views.errors.server_error"
