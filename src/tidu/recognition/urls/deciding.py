"""Addresses of the city's table, its proposals, notices and recognition."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
