"""Addresses of the site as a whole."""

from __future__ import annotations

from django.urls import path

from tidu.core.views import jobs, personal, site, statements, styleguide

app_name = "core"
urlpatterns = [
    path("healthz", site.healthz, name="healthz"),
    path("robots.txt", site.robots, name="robots"),
    path("favicon.ico", site.favicon, name="favicon"),
    path("display/", site.display, name="display"),
    path("accessibility/", statements.accessibility, name="accessibility"),
    path("privacy/", statements.privacy, name="privacy"),
    path("site-map/", statements.site_map, name="site-map"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:number>/", jobs.job, name="job"),
    path("jobs/<int:number>/progress/", jobs.progress, name="job-progress"),
    path("jobs/<int:number>/retry/", jobs.retry, name="job-retry"),
    path("jobs/<int:number>/stop/", jobs.stop, name="job-stop"),
    path("styleguide/", styleguide.show, name="styleguide"),
    path("styleguide/confirm/", styleguide.confirm, name="styleguide-confirm"),
    path("styleguide/section/", styleguide.section, name="styleguide-section"),
    path("styleguide/clause/", styleguide.clause, name="styleguide-clause"),
    path("personal/<str:model>/<int:pk>/<slug:name>/", personal.show, name="reveal"),
]
