"""Secrets of a site, each made once and kept in its data folder."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

KEY_BYTES = 64


def stored_secret_key(folder: Path) -> str:
    """The site's secret key, kept in ``folder``/secret_key."""
    return stored_once(folder, "secret_key", secrets.token_urlsafe(KEY_BYTES))


def stored_once(folder: Path, name: str, fresh: str) -> str:
    """What ``folder``/``name`` holds; where there is no such file it is made of ``fresh``, with mode 0600.

    Several processes may start at the same moment: the text is written aside and hard-linked into place, so that
    every one of them reads the same complete text.
    """
    target = folder / name
    if not target.exists():
        draft = folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as handle:
                handle.write(fresh)
            with suppress(FileExistsError):  # another process was first; its text is the text
                os.link(draft, target)
        finally:
            draft.unlink()
    return target.read_text(encoding="ascii").strip()
