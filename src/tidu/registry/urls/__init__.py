"""Addresses of the registry, one file for each of its parts."""

from __future__ import annotations

from tidu.registry.urls import claims, confirmations, enterprises, evaluations, imports, own, record

app_name = "registry"
urlpatterns = [
    *enterprises.urlpatterns,
    *imports.urlpatterns,
    *claims.urlpatterns,
    *own.urlpatterns,
    *record.urlpatterns,
    *evaluations.urlpatterns,
    *confirmations.urlpatterns,
]
