"""Addresses of the district's review."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
