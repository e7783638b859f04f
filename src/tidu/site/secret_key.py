"""The secret key of a site, kept in its data folder."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

KEY_BYTES = 64


def stored_secret_key(folder: Path) -> str:
    """Return the site's secret key, made once and kept in ``folder``/secret_key with mode 0600.

    Several processes may start at the same moment: the key is written aside and hard-linked into place, so that
    every one of them reads the same complete key.
    """
    target = folder / "secret_key"
    if not target.exists():
        draft = folder / f".secret_key.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as handle:
                handle.write(secrets.token_urlsafe(KEY_BYTES))
            with suppress(FileExistsError):  # another process was first; its key is the key
                os.link(draft, target)
        finally:
            draft.unlink()
    return target.read_text(encoding="ascii").strip()
