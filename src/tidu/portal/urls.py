"""Addresses of the public site."""

from __future__ import annotations

from django.urls import path

from tidu.portal.views import (
    home,
    ladder,
    policies,
    search,
    self_check,
    self_check_files,
    self_check_result,
    size,
)

app_name = "portal"
urlpatterns = [
    path("", home.show, name="home"),
    path("policies/", policies.library, name="policies"),
    path("policies/<slug:pack_id>/", policies.policy, name="policy"),
    path("policies/<slug:pack_id>/clauses/<path:citation>", policies.clause, name="clause"),
    path("search/", search.show, name="search"),
    path("self-check/", self_check_files.choose, name="self-check"),
    path("self-check/load/", self_check_files.load, name="self-check-load"),
    path("self-check/clear/", self_check_files.clear, name="self-check-clear"),
    path("self-check/answers.yaml", self_check_files.answers, name="self-check-answers"),
    path("self-check/sample.yaml", self_check_files.sample, name="self-check-sample"),
    path("self-check/industries/", self_check.industries, name="self-check-industries"),
    path("self-check/<slug:pack_id>/<slug:tier>/", self_check.form, name="self-check-form"),
    path("self-check/<slug:pack_id>/<slug:tier>/save/", self_check.save, name="self-check-save"),
    path("self-check/<slug:pack_id>/<slug:tier>/result/", self_check_result.show, name="self-check-result"),
    path("self-check/<slug:pack_id>/<slug:tier>/result.pdf", self_check_result.pdf, name="self-check-pdf"),
    path("ladder/", ladder.show, name="ladder"),
    path("size/", size.show, name="size"),
]
