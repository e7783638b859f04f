"""The persons of a registry journey, each with a browser session of their own in the one watched page."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from tests.access.world import World
from tests.accounts.signing_in import sign_in
from tests.journeys.journey import Journey
from tidu.accounts.second_factor import PERIOD, code_at

PASSWORD = "Rushan-2026-Yanshi!"


@dataclass(slots=True)
class Persons:
    """Changes who sits in front of the page. Whoever has sat there before is still signed in when they come back."""

    journey: Journey
    world: World
    _sessions: dict[str, str] = field(default_factory=dict)

    def enter(self, name: str) -> None:
        """Let the person of the world sit down, password and second factor shown already."""
        if name not in self._sessions:
            client = Client()
            sign_in(client, self.world.users[name])
            self._sessions[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.sit_down(self._sessions[name])

    def leave(self) -> str:
        """Stand up without signing out; the session that is given brings the person back."""
        context = self.journey.page.context
        cookies = {cookie["name"]: cookie["value"] for cookie in context.cookies()}
        context.clear_cookies()
        return cookies.get(settings.SESSION_COOKIE_NAME, "")

    def sit_down(self, session: str) -> None:
        """Come back with a session."""
        context = self.journey.page.context
        context.clear_cookies()
        context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": session,
                    "domain": urlsplit(self.journey.address).hostname or "",
                    "path": "/",
                    "httpOnly": True,
                    "sameSite": "Lax",
                }
            ]
        )


def type_sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in page and send it."""
    page.locator("[name=login]").fill(username)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="登录平台").click()


def code_now(secret: str) -> str:
    """What the person's telephone shows at this moment."""
    return code_at(secret, int(time.time()) // PERIOD)
