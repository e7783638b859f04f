"""Addresses of the progress of a case."""

from __future__ import annotations

from django.urls import URLPattern, path

from tidu.recognition.views import tracking

urlpatterns: list[URLPattern] = [
    path("applications/<int:pk>/progress/", tracking.progress, name="progress"),
    path("applications/<int:pk>/submissions/<int:number>/", tracking.submission, name="submission"),
    path("applications/<int:pk>/inquiries/<int:inquiry>/answer/", tracking.answer, name="inquiry-answer"),
]
