"""Addresses of calls."""

from __future__ import annotations

from django.urls import URLPattern, path

from tidu.recognition.views import call_acts, calls

urlpatterns: list[URLPattern] = [
    path("calls/", calls.calls, name="calls"),
    path("calls/new/", calls.new, name="call-new"),
    path("calls/<int:pk>/", calls.call, name="call"),
    path("calls/<int:pk>/edit/", calls.edit, name="call-edit"),
    path("calls/<int:pk>/document.pdf", calls.document, {"form": "pdf"}, name="call-document"),
    path("calls/<int:pk>/document.docx", calls.document, {"form": "docx"}, name="call-document-word"),
    path("calls/<int:pk>/send/", calls.send, name="call-approval"),
    path("calls/<int:pk>/approve/", call_acts.approve, name="call-approve"),
    path("calls/<int:pk>/return/", call_acts.send_back, name="call-return"),
    path("calls/<int:pk>/extend/", call_acts.extend, name="call-extend"),
    path("calls/<int:pk>/close/", call_acts.close, name="call-close"),
    path("calls/<int:pk>/withdraw/", call_acts.withdraw, name="call-withdraw"),
    path("calls/<int:pk>/change/confirm/", call_acts.confirm, name="call-change-confirm"),
    path("calls/<int:pk>/change/return/", call_acts.refuse, name="call-change-return"),
    path("calls/<int:pk>/renew/", call_acts.renew, name="call-renew"),
    path("calls/<int:pk>/discard/", call_acts.discard, name="call-discard"),
]
