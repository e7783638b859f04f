"""The cookie that remembers which place a visitor looks at, so that the privacy page and the pages name the same one."""

from __future__ import annotations

COOKIE = "tidu-place"
COOKIE_AGE = 365 * 24 * 60 * 60
