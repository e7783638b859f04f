"""The site as a program that starts loads it."""

from __future__ import annotations

import gc

import django


def set_up() -> None:
    """Load settings and applications. Nearly all of it stays to the end, so nobody looks for garbage meanwhile."""
    gc.disable()
    try:
        django.setup()
    finally:
        gc.freeze()
        gc.enable()
