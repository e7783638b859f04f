"""Addresses of what anybody may read: calls, notices, certificates and lists."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
