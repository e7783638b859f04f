from __future__ import annotations

import re

import pytest
from django.conf import settings as live
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from pytest_django import Settings

from tidu.core.display import COOKIE, Display
from tidu.core.navigation import navigation_for
from tidu.core.roles import Role
from tidu.core.views import errors, site

pytestmark = pytest.mark.django_db  # the front page shows announcements
PAGES = ("/", "/accessibility/", "/privacy/", "/site-map/")


def _forgotten(request: HttpRequest) -> HttpResponse:
    """A view whose author forgot to say who may see it."""
    return HttpResponse(f"secret of {request.path}")


def _broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError(request.path)


_broken.login_required = False  # type: ignore[attr-defined]  # what @login_not_required sets

urlpatterns = [path("forgotten/", _forgotten), path("broken/", _broken)]
with_odd_views = override_settings(ROOT_URLCONF="tests.core.odd_urls")


@pytest.mark.parametrize("address", PAGES)
def test_public_pages_open_without_an_account_and_set_no_cookie(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert not answer.cookies


@pytest.mark.parametrize("address", [*PAGES, "/nowhere/"])
def test_every_page_forbids_what_is_not_from_this_site(client: Client, address: str) -> None:
    headers = client.get(address).headers
    rules = dict(rule.strip().split(" ", 1) for rule in headers["Content-Security-Policy"].split(";"))
    assert rules == {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "style-src": "'self'",
        "script-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_page_is_chinese_and_its_components_are_rendered(client: Client) -> None:
    page = client.get("/site-map/").content.decode()
    assert '<html lang="zh-Hans"' in page
    assert "<c-" not in page
    assert 'class="td-crumb"' in page
    assert '<use href="#i-menu-2"/>' in page


def test_the_site_map_names_what_each_role_finds_behind_the_sign_in(client: Client) -> None:
    page = client.get("/site-map/").content.decode().partition("登录以后")[2]
    for role in Role:
        assert role.label in page
        for link in navigation_for(role, ""):
            assert f'href="{link.url}"' in page


@with_odd_views
def test_a_view_that_nobody_marked_public_asks_for_sign_in(client: Client) -> None:
    answer = client.get("/forgotten/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/forgotten/")
    assert client.post("/forgotten/")["Location"] == "/accounts/login/", (
        "nothing is posted again after sign-in"
    )
    part = client.get("/forgotten/", headers={"HX-Request": "true"})
    assert part["HX-Redirect"].startswith("/accounts/login/")
    assert "secret" not in part.content.decode()


@with_odd_views
def test_an_error_of_ours_is_told_in_chinese_without_its_cause(client: Client) -> None:
    client.raise_request_exception = False
    answer = client.get("/broken/")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "系统出错了" in page
    assert "RuntimeError" not in page


def test_a_missing_page_shows_the_reason_only_where_it_is_in_chinese() -> None:
    request = RequestFactory().get("/policies/x/")
    assert "没有这份政策" in errors.page_not_found(request, Http404("没有这份政策。")).content.decode()
    assert "No Policy" not in errors.page_not_found(request, Http404("No Policy matches")).content.decode()


def test_a_bad_request_and_a_stale_form_say_what_to_do() -> None:
    request = RequestFactory().post("/")
    assert "无法识别" in errors.bad_request(request, SuspiciousOperation("x")).content.decode()
    stale = errors.csrf_failure(request)
    assert stale.status_code == 403
    assert "刷新后再提交" in stale.content.decode()


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: Client, settings: Settings) -> None:
    settings.REQUEST_BYTES = 1024
    answer = client.post("/display/", {"toggle": "x" * 2000})
    assert answer.status_code == 413
    assert "内容太大" in answer.content.decode()


@pytest.mark.parametrize("length", ["-1", "many", "9" * 30])
def test_a_length_that_is_no_length_is_refused(client: Client, length: str) -> None:
    assert client.post("/display/", CONTENT_LENGTH=length).status_code == 413


def test_a_body_of_unknown_length_is_refused(client: Client) -> None:
    assert client.post("/display/", HTTP_TRANSFER_ENCODING="chunked").status_code == 411


def test_too_many_fields_are_told_as_too_much(client: Client) -> None:
    fields = "&".join(f"f{number}=1" for number in range(live.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
    answer = client.post("/display/", fields, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413


@pytest.mark.django_db
def test_health_tells_of_the_database(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok", "database": "ok"}


def test_health_fails_when_the_database_does(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    class _Down:
        def cursor(self) -> None:
            raise DatabaseError

    monkeypatch.setattr(site, "connection", _Down())
    assert site.healthz(rf.get("/healthz")).status_code == 503


def test_robots_keep_out_of_answers_and_tools(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /self-check/" in text
    assert "Disallow: /styleguide/" in text


def test_the_icon_that_browsers_ask_for_by_themselves_is_found(client: Client) -> None:
    assert client.get("/favicon.ico")["Location"].endswith("core/favicon.svg")


def test_the_style_guide_is_closed_in_service(client: Client, settings: Settings) -> None:
    assert client.get("/styleguide/").status_code == 404
    assert client.get("/styleguide/clause/").status_code == 404
    settings.STYLEGUIDE = True
    assert client.get("/styleguide/").status_code == 200


def test_the_server_honours_the_modes_in_the_cookie(client: Client) -> None:
    client.cookies[COOKIE] = "large.dark"
    opening = re.search("<html[^>]*>", client.get("/").content.decode())
    assert opening
    assert 'data-bs-theme="dark"' in opening[0]
    assert 'data-size="large"' in opening[0]
    assert "data-contrast" not in opening[0]


@pytest.mark.parametrize("cookie", ["", "purple", "large" * 50, '"><script>', "dark.dark"])
def test_a_forged_cookie_harms_nothing(client: Client, cookie: str) -> None:
    client.cookies[COOKIE] = cookie
    page = client.get("/").content.decode()
    assert "purple" not in page
    assert "<script>" not in page


def test_a_mode_is_switched_and_switched_back_and_the_visitor_returns(client: Client) -> None:
    there = {"Referer": "http://testserver/privacy/"}
    answer = client.post("/display/", {"toggle": "contrast"}, headers=there)
    assert answer["Location"] == "http://testserver/privacy/"
    assert client.cookies[COOKIE].value == "contrast"
    client.post("/display/", {"toggle": "contrast"}, headers=there)
    assert client.cookies[COOKIE].value == ""


@pytest.mark.parametrize(
    "referer", ["https://elsewhere.example/", "javascript:alert(1)", "//elsewhere.example", ""]
)
def test_switching_a_mode_never_leads_off_the_site(client: Client, referer: str) -> None:
    assert client.post("/display/", {"toggle": "dark"}, headers={"Referer": referer})["Location"] == "/"


def test_a_mode_is_switched_by_post_alone(client: Client) -> None:
    assert client.get("/display/").status_code == 405


def test_modes_are_read_back_as_they_were_written() -> None:
    every = Display(large=True, contrast=True, dark=True)
    assert Display.read(str(every)) == every
    assert Display.read(None) == Display()
    assert every.toggled("nothing") == every


def test_the_foot_shows_what_is_set_and_nothing_made_up(client: Client, settings: Settings) -> None:
    assert "尚未登记主办单位" in client.get("/").content.decode()
    settings.SITE = {
        **live.SITE,
        "sponsor": "样例市工业和信息化局",
        "icp": "样ICP备00000000号",
        "identifier": "1500000000",
    }
    page = client.get("/").content.decode()
    assert "主办单位：样例市工业和信息化局" in page
    assert "样ICP备00000000号" in page
    assert '<meta name="SiteIDCode" content="1500000000">' in page
    assert "尚未登记" not in page
    assert "公网安备" not in page


def test_the_privacy_page_names_the_cookies_and_times_that_are_in_use(
    client: Client, settings: Settings
) -> None:
    page = client.get("/privacy/").content.decode()
    assert live.SESSION_COOKIE_NAME in page
    assert COOKIE in page
    assert "14 天" in page
    settings.SESSION_COOKIE_AGE = 3 * 24 * 60 * 60
    assert "3 天" in client.get("/privacy/").content.decode()
