"""A journey that overlooks a fault proves nothing: each kind of fault must stop a step."""

from __future__ import annotations

import pytest

from tests.journeys.journey import DESK, PHONE, Journey

ONE = (DESK,)
PAGE = "<!doctype html><html lang='zh'><title>x</title><main><h1>x</h1>{}</main></html>"


def test_a_console_error_stops_a_step(journey: Journey) -> None:
    with (
        pytest.raises(AssertionError, match="console: out of order"),
        journey.step("脚本报错", widths=()) as page,
    ):
        page.evaluate("console.error('out of order')")


def test_an_uncaught_exception_stops_a_step(journey: Journey) -> None:
    with pytest.raises(AssertionError, match="script error"), journey.step("脚本异常", widths=()) as page:  # noqa: PT012 - the step is one
        journey.open("/privacy/")
        page.evaluate("setTimeout(() => { throw new Error('lost') }, 0)")
        page.wait_for_timeout(100)


def test_a_request_to_another_site_stops_a_step(journey: Journey) -> None:
    with (  # noqa: PT012 - as above
        pytest.raises(AssertionError, match=r"request left the site: http://127\.0\.0\.2"),
        journey.step("外部图片", widths=()) as page,
    ):
        page.set_content(PAGE.format("<img alt='' src='http://127.0.0.2:9/spy.gif'>"), wait_until="commit")
        page.wait_for_timeout(300)


def test_a_page_that_axe_objects_to_stops_a_step(journey: Journey) -> None:
    with (
        pytest.raises(AssertionError, match="image-alt"),
        journey.step("图片没有文字说明", widths=ONE) as page,
    ):
        page.set_content(PAGE.format("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"))


PALE = "<p id='pale' {}>浅得看不清</p><style>#pale {{ color: #ddd }} .gone {{ display: none }} {}</style>"


def test_what_only_a_phone_shows_is_measured_there(journey: Journey) -> None:
    pale = PALE.format("class='gone'", "@media (max-width: 400px) { .gone { display: block } }")
    with (
        pytest.raises(AssertionError, match=r"axe at 375 px[\s\S]*color-contrast"),
        journey.step("手机上才有的浅字", widths=(DESK, PHONE)) as page,
    ):
        page.set_content(PAGE.format(pale))


def test_what_changes_its_colour_is_measured_in_the_next_step(journey: Journey) -> None:
    with journey.step("还看得清", widths=ONE) as page:
        page.set_content(PAGE.format(PALE.format("style='color: #000'", "")))
    with (
        pytest.raises(AssertionError, match=r"axe at 1280 px[\s\S]*color-contrast"),
        journey.step("换了颜色", widths=ONE) as page,
    ):
        page.locator("#pale").evaluate("(element) => element.removeAttribute('style')")


def test_a_colour_on_its_way_is_measured_when_it_has_come(journey: Journey) -> None:
    slow = "style='color: #000; transition: color .8s'"
    with journey.step("先黑", widths=ONE) as page:
        page.set_content(PAGE.format(PALE.format(slow, "")))
    with (
        pytest.raises(AssertionError, match=r"foreground color: #dddddd"),
        journey.step("慢慢变浅", widths=ONE) as page,
    ):
        page.locator("#pale").evaluate("(element) => { element.style.color = '#ddd' }")
    with journey.step("慢慢变黑", widths=ONE) as page:
        page.locator("#pale").evaluate("(element) => { element.style.color = '#000' }")


def test_a_page_wider_than_the_screen_stops_a_step(journey: Journey) -> None:
    with (
        pytest.raises(AssertionError, match="wider than the screen"),
        journey.step("页面太宽", widths=ONE) as page,
    ):
        page.set_content(PAGE.format("<div style='width: 3000px'>x</div>"))


def test_a_missing_page_stops_a_step_that_did_not_expect_it(journey: Journey) -> None:
    with pytest.raises(AssertionError, match="404"), journey.step("意外的 404", widths=()):
        journey.open("/nowhere/")
