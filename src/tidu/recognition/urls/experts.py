"""Addresses of panels and the experts' review."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
