"""Addresses of the application of an enterprise."""

from __future__ import annotations

from django.urls import URLPattern, path

from tidu.recognition.views import application_evidence, applying, handing_in

urlpatterns: list[URLPattern] = [
    path("applications/", applying.index, name="applications"),
    path("applications/start/<int:pk>/", applying.start, name="application-start"),
    path("applications/<int:pk>/", applying.overview, name="application"),
    path("applications/<int:pk>/presence/", applying.presence, name="application-presence"),
    path("applications/<int:pk>/parts/<slug:part>/", applying.section, name="application-section"),
    path("applications/<int:pk>/parts/<slug:part>/live/", applying.live, name="application-live"),
    path("applications/<int:pk>/materials/", application_evidence.materials, name="application-materials"),
    path(
        "applications/<int:pk>/evidence/<slug:criterion>/",
        application_evidence.choose,
        name="application-evidence",
    ),
    path(
        "applications/<int:pk>/attachments/<int:attachment>/remove/",
        application_evidence.remove,
        name="application-evidence-remove",
    ),
    path("applications/<int:pk>/preview/", handing_in.preview, name="application-preview"),
    path("applications/<int:pk>/submit/", handing_in.submit, name="application-submit"),
    path("applications/<int:pk>/withdraw/", handing_in.withdraw, name="application-withdraw"),
    path("applications/<int:pk>/receipt/", handing_in.receipt, name="receipt"),
    path(
        "applications/<int:pk>/submissions/<int:number>/paper.pdf",
        handing_in.paper,
        name="application-paper",
    ),
]
