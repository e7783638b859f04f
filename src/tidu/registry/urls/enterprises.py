"""Addresses of the list of enterprises, and of the page of each for officers and for its own people."""

from __future__ import annotations

from django.urls import URLPattern, path

from tidu.registry.views import enterprise_list, officer_edits, own_profile, profile

urlpatterns: list[URLPattern] = [
    path("enterprises/", enterprise_list.enterprises, name="enterprises"),
    path("enterprises/act/", enterprise_list.act, name="enterprises-act"),
    path("enterprises/filters/", enterprise_list.keep_filter, name="enterprises-filter-keep"),
    path(
        "enterprises/filters/<int:pk>/forget/",
        enterprise_list.forget_filter,
        name="enterprises-filter-forget",
    ),
    path("enterprises/<int:pk>/", profile.enterprise, name="enterprise"),
    path("enterprises/<int:pk>/matches/<slug:pack>/<slug:tier>/", profile.match, name="enterprise-match"),
    path("enterprises/<int:pk>/facts/<slug:indicator>/<int:year>/", profile.fact, name="enterprise-fact"),
    path("enterprises/<int:pk>/correct/", officer_edits.correct_fact, name="enterprise-fact-correct"),
    path("enterprises/<int:pk>/titles/add/", officer_edits.add_a_title, name="enterprise-title-add"),
    path(
        "enterprises/<int:pk>/titles/<int:title>/end/", officer_edits.end_a_title, name="enterprise-title-end"
    ),
    path(
        "enterprises/<int:pk>/incidents/add/", officer_edits.add_an_incident, name="enterprise-incident-add"
    ),
    path(
        "enterprises/<int:pk>/incidents/<int:incident>/settle/",
        officer_edits.settle_an_incident,
        name="enterprise-incident-settle",
    ),
    path("enterprises/<int:pk>/clusters/", officer_edits.clusters, name="enterprise-clusters"),
    path("enterprises/<int:pk>/status/", officer_edits.status, name="enterprise-status"),
    path("own/profile/", own_profile.profile, name="own-profile"),
    path("own/matches/<slug:pack>/<slug:tier>/", own_profile.match, name="own-match"),
    path("own/facts/<slug:indicator>/<int:year>/", own_profile.fact, name="own-fact"),
    path("own/matches.pdf", own_profile.matches, {"kind": "pdf"}, name="own-matches"),
    path("own/matches.xlsx", own_profile.matches, {"kind": "xlsx"}, name="own-matches-workbook"),
]
