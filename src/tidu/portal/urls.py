"""Addresses of the public site."""

from __future__ import annotations

from django.urls import path

from tidu.portal.views import home, policies, search

app_name = "portal"
urlpatterns = [
    path("", home.show, name="home"),
    path("policies/", policies.library, name="policies"),
    path("policies/<slug:pack_id>/", policies.policy, name="policy"),
    path("policies/<slug:pack_id>/clauses/<path:citation>", policies.clause, name="clause"),
    path("search/", search.show, name="search"),
]
