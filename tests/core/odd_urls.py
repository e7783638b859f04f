"""Addresses of the site plus two that it should never have."""

from __future__ import annotations

from django.urls import include, path

from tests.core import test_site_pages
from tidu.site import urls

handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)
urlpatterns = [path("", include(test_site_pages.urlpatterns)), *urls.urlpatterns]
