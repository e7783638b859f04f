"""Addresses of imports."""

from __future__ import annotations

from django.urls import URLPattern, path

from tidu.registry.views import import_files, imports

urlpatterns: list[URLPattern] = [
    path("imports/", imports.imports, name="imports"),
    path("imports/templates/<slug:kind>/", import_files.blank, name="import-template"),
    path("imports/<int:pk>/", imports.show, name="import"),
    path("imports/<int:pk>/start/", imports.start, name="import-start"),
    path("imports/<int:pk>/discard/", imports.discard, name="import-discard"),
    path("imports/<int:pk>/undo/", imports.undo, name="import-undo"),
    path("imports/<int:pk>/marked/", import_files.marked, name="import-marked"),
    path("imports/<int:pk>/faulty/", import_files.faulty, name="import-faulty"),
    path("duplicates/", imports.duplicates, name="duplicates"),
    path("duplicates/<int:pk>/decide/", imports.decide, name="duplicate-decide"),
]
