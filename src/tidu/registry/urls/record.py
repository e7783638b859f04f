"""The address where an enterprise reads who has seen its data."""

from __future__ import annotations

from django.urls import URLPattern, path

from tidu.registry.views import looks

urlpatterns: list[URLPattern] = [path("own/looks/", looks.looks, name="looks")]
