"""Addresses of the application of an enterprise."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
