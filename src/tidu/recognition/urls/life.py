"""Addresses of the life of a title."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
