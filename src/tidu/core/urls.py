"""Addresses of the site as a whole."""

from __future__ import annotations

from django.urls import path

from tidu.core.views import audit, calendar, jobs, personal, places, site, statements, styleguide

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
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/import/", calendar.import_calendar, name="calendar-import"),
    path("calendar/<int:year>.csv", calendar.calendar_file, name="calendar-file"),
    path("places/", places.places, name="places"),
    path("places/import/", places.import_places, name="places-import"),
    path("styleguide/", styleguide.show, name="styleguide"),
    path("styleguide/confirm/", styleguide.confirm, name="styleguide-confirm"),
    path("styleguide/section/", styleguide.section, name="styleguide-section"),
    path("styleguide/documents/<slug:name>.<slug:form>", styleguide.document, name="styleguide-document"),
    path("styleguide/clause/", styleguide.clause, name="styleguide-clause"),
    path("personal/<str:model>/<int:pk>/<slug:name>/", personal.show, name="reveal"),
    path("audit/", audit.events, name="audit"),
    path("audit/<int:number>/", audit.event, name="audit-event"),
    path("audit/export.<str:kind>", audit.export, name="audit-export"),
    path("audit/verify/", audit.verify, name="audit-verify"),
]
