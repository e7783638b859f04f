"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from tidu.desk.views import home, notifications

app_name = "desk"
urlpatterns = [
    path("", home.show, name="home"),
    path("tasks/export/", home.export, name="export"),
    path("tasks/<int:number>/acknowledge/", home.acknowledge, name="acknowledge"),
    path("messages/", notifications.show, name="notifications"),
    path("messages/read/", notifications.read_all, name="read-all"),
    path("messages/<int:number>/read/", notifications.read, name="read"),
    path("preferences/", notifications.preferences, name="preferences"),
]
