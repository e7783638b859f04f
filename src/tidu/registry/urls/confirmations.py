"""Addresses of questions to departments."""

from __future__ import annotations

from django.urls import URLPattern, path

from tidu.registry.views import answering, confirmations

urlpatterns: list[URLPattern] = [
    path("confirmations/", confirmations.lists, name="confirmations"),
    path("confirmations/new/", confirmations.new, name="confirmation-new"),
    path("confirmations/<int:pk>/", confirmations.show, name="confirmation"),
    path("confirmations/<int:pk>/withdraw/", confirmations.withdraw, name="confirmation-withdraw"),
    path("confirmations/<int:pk>/close/", confirmations.close, name="confirmation-close"),
    path("confirmations/<int:pk>/answers/", answering.save, name="confirmation-save"),
    path("confirmations/<int:pk>/submit/", answering.submit, name="confirmation-submit"),
    path("confirmations/<int:pk>/workbook/", confirmations.workbook, name="confirmation-workbook"),
    path("confirmations/<int:pk>/upload/", answering.upload, name="confirmation-upload"),
]
