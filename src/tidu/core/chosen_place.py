"""The cookie that remembers which place a visitor looks at: pages set it, the privacy statement lists it."""

from __future__ import annotations

COOKIE = "tidu-place"
COOKIE_AGE = 365 * 24 * 60 * 60
