"""Addresses of objections, for the officers who look into them."""

from __future__ import annotations

from django.urls import URLPattern, path

from tidu.recognition.views import objection_files, objections

urlpatterns: list[URLPattern] = [
    path("objections/", objections.objections, name="objections"),
    path("objections/<int:pk>/", objections.objection, name="objection"),
    path("objections/<int:pk>/files/<int:file>/", objection_files.show, name="objection-file"),
    path("objections/<int:pk>/files/<int:file>/<int:number>/", objection_files.page, name="objection-page"),
    path(
        "objections/<int:pk>/files/<int:file>/original/", objection_files.original, name="objection-original"
    ),
    path("objections/<int:pk>/assign/", objections.assign, name="objection-assign"),
    path("objections/<int:pk>/propose/", objections.propose, name="objection-propose"),
    path("objections/<int:pk>/return/", objections.send_back, name="objection-return"),
    path("objections/<int:pk>/decide/", objections.decide, name="objection-decide"),
]
