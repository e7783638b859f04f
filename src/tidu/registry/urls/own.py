"""Addresses of the enterprise's own desk, and of the evidence that it hands in."""

from __future__ import annotations

from django.urls import URLPattern, path

from tidu.registry.views import evidence, own, own_lists

urlpatterns: list[URLPattern] = [
    path("own/", own.overview, name="own"),
    path("own/section/<slug:section>/", own.section, name="own-section"),
    path("own/list/<slug:kind>/", own_lists.rows, name="own-list"),
    path("own/list/<slug:kind>/<int:pk>/", own_lists.row, name="own-row"),
    path("own/list/<slug:kind>/<int:pk>/end/", own_lists.end, name="own-row-end"),
    path("own/evidence/", evidence.own, name="own-evidence"),
    path("own/evidence/<int:pk>/withdraw/", evidence.withdraw, name="own-evidence-withdraw"),
    path("enterprises/<int:pk>/evidence/", evidence.of_enterprise, name="enterprise-evidence"),
    path("evidence/<int:pk>/", evidence.show, name="evidence"),
    path("evidence/<int:pk>/download/", evidence.fetch, name="evidence-download"),
    path("evidence/<int:pk>/pages/<int:number>/", evidence.page, name="evidence-page"),
]
