"""Keys of encrypted fields: from the environment, or one that is made once and kept in the data folder."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from tidu.core.crypto.key_ring import Keys, NoKeyRing, fresh_key, read_keys
from tidu.site.secret_key import stored_once

FILE = "field_keys"


def field_keys(stated: str, folder: Path) -> Keys:
    """Names and hexadecimal keys, the newest first: those of ``stated``, or those in ``folder``/field_keys.

    Raises :class:`ImproperlyConfigured`.
    """
    text = stated or stored_once(folder, FILE, f"k1:{fresh_key()}")
    try:
        return read_keys(text)
    except NoKeyRing as error:
        source = "TIDU_FIELD_KEYS" if stated else str(folder / FILE)
        raise ImproperlyConfigured(f"{source} {error}。") from None
