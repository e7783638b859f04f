"""Where the pages of recognition are, by role."""

from __future__ import annotations
