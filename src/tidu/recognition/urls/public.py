"""Addresses of what anybody may read: calls, notices, certificates and lists."""

from __future__ import annotations

from django.urls import URLPattern, path

from tidu.recognition.views import (
    certificates,
    feeds,
    objecting,
    public_calls,
    public_notices,
    public_verification,
    recognised_list,
)

urlpatterns: list[URLPattern] = [
    path("public/calls/", public_calls.index, name="public-calls"),
    path("public/calls/<int:pk>/", public_calls.show, name="public-call"),
    path("public/calls/<int:pk>/notice.pdf", public_calls.paper, name="public-call-document"),
    path("public/notices/", public_notices.index, name="notices"),
    path("public/notices/<int:pk>/", public_notices.show, name="notice"),
    path("public/notices/<int:pk>/notice.pdf", public_notices.paper, name="notice-document"),
    path("public/notices/<int:pk>/object/", objecting.new, name="objection-new"),
    path("public/objections/", objecting.status, name="objection-status"),
    path("public/recognised/", recognised_list.show, name="recognised"),
    path("public/recognised/download.<slug:form>", recognised_list.download, name="recognised-download"),
    path("public/feed/", feeds.feed, name="feed"),
    path("verify/", public_verification.form, name="verify"),
    path("verify/<str:number>/<str:code>/", public_verification.check, name="verify-code"),
    path("verify/<str:number>/<str:code>/decision.pdf", public_verification.document, name="verify-document"),
    path("certificates/<int:pk>/", certificates.show, name="certificate"),
    path("certificates/<int:pk>/certificate.pdf", certificates.paper, name="certificate-paper"),
]
