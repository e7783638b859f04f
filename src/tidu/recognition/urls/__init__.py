"""Addresses of recognition, one file for each of its parts."""

from __future__ import annotations

from tidu.recognition.urls import (
    applying,
    calls,
    deciding,
    district,
    experts,
    life,
    objections,
    public,
    tracking,
)

app_name = "recognition"
urlpatterns = [
    *public.urlpatterns,
    *calls.urlpatterns,
    *applying.urlpatterns,
    *tracking.urlpatterns,
    *district.urlpatterns,
    *experts.urlpatterns,
    *deciding.urlpatterns,
    *objections.urlpatterns,
    *life.urlpatterns,
]
