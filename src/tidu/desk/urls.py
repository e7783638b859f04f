"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from tidu.desk.views import home

app_name = "desk"
urlpatterns = [path("", home.show, name="home")]
