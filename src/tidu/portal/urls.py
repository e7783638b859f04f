"""Addresses of the public site."""

from __future__ import annotations

from django.urls import path

from tidu.portal.views import home

app_name = "portal"
urlpatterns = [
    path("", home.show, name="home"),
]
