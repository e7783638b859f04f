"""What the home pages show of recognition."""

from __future__ import annotations
