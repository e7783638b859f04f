"""The page about the API, and a call made as a visitor's program would make it."""

from __future__ import annotations

import json
import re

from playwright.sync_api import expect

from tests.journeys.journey import DESK, Journey
from tidu.api.examples import EXAMPLES


def test_the_page_about_the_api_shows_every_endpoint_and_a_real_answer(journey: Journey) -> None:
    with journey.step("从主导航打开接口页") as page:
        journey.open("/")
        page.get_by_role("navigation", name="主导航").get_by_role("link", name="接口").click()
        expect(page).to_have_url(re.compile("/api/docs/$"))
        expect(page.get_by_role("heading", level=1)).to_have_text("数据接口")
        expect(page.locator("#show_pack")).to_contain_text("/api/v1/packs/{pack_id}")
        expect(page.get_by_role("region", name="应答（本页打开时由本站算出）")).to_contain_text('"status": ')
    with journey.step("深色下看同一页", shot=True) as page:
        page.get_by_role("button", name="深色").click()
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    with journey.step("长的应答在框里滚动，键盘也能滚动", widths=(DESK,), shot=False) as page:
        answer = page.get_by_role("region", name="应答（本页打开时由本站算出）")
        answer.focus()
        page.keyboard.press("End")
        for _ in range(
            50
        ):  # a string to wait for would be evaluated by the page, which its content policy forbids
            if answer.evaluate("node => node.scrollTop > 0"):
                break
            page.wait_for_timeout(100)
        assert answer.evaluate("node => node.scrollTop > 0")
    with journey.step("页上的例子，照样调用，得到页上的应答", widths=(), shot=False) as page:
        shown = json.loads(answer.inner_text())
        made = page.request.post(
            f"{journey.address}/api/v1/assess",
            data=json.dumps(EXAMPLES["assess"]),
            headers={"Content-Type": "application/json"},
        )
        assert made.status == 200
        assert made.json() == shown
    with journey.step("下载 openapi.json", widths=(), shot=False) as page:
        found = page.request.get(f"{journey.address}/api/openapi.json")
        assert found.json()["openapi"].startswith("3.1")
