"""Addresses of evaluating the registry."""

from __future__ import annotations

from django.urls import URLPattern, path

from tidu.registry.views import evaluation_lists, evaluations

urlpatterns: list[URLPattern] = [
    path("evaluations/", evaluations.runs, name="evaluations"),
    path("evaluations/start/", evaluations.start, name="evaluation-start"),
    path("evaluations/<int:pk>/", evaluations.run, name="evaluation"),
    path("evaluations/<int:pk>/enterprises/", evaluation_lists.results, name="evaluation-results"),
    path("evaluations/<int:pk>/enterprises/act/", evaluation_lists.act, name="evaluation-act"),
    path("evaluations/<int:pk>/compare/", evaluation_lists.comparison, name="evaluation-compare"),
]
