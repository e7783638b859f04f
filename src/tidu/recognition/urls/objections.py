"""Addresses of objections, for the officers who look into them."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
