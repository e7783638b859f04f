"""Encryption of single fields: SM4-GCM under a named key that lives outside the database.

A sealed text is ``sm4:<key name>:<base64 of nonce, ciphertext and tag>``. The newest key seals; every listed key
opens, so that keys can be changed while old texts are still about (``tidu keys rotate`` seals them anew). Where the
keys stand in a file, every use looks whether it was written anew: a key that is added or dropped while the site runs
is so for all of its processes at once.
"""

from __future__ import annotations

import base64
import os
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings

from tidu.core.crypto.key_ring import read_keys

PREFIX: Final = "sm4"
_NONCE, _TAG = 12, 16


class SealBroken(ValueError):  # noqa: N818 - it says what happened to the text
    """A sealed text cannot be opened: its key is missing, or it was altered."""


def _keys() -> dict[str, bytes]:
    """Keys by name, the newest first, as they stand now."""
    file: Path | None = settings.FIELD_KEY_FILE
    if file is None:
        return _decoded(tuple(settings.FIELD_KEYS))
    return _read(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _read(file: Path, _written: int) -> dict[str, bytes]:
    return _decoded(tuple(read_keys(file.read_text(encoding="ascii"))))


@lru_cache(maxsize=4)
def _decoded(keys: tuple[tuple[str, str], ...]) -> dict[str, bytes]:
    return {name: bytes.fromhex(key) for name, key in keys}


def key_names() -> list[str]:
    """The names of all keys, the newest first."""
    return list(_keys())


def newest_key() -> str:
    """The name of the key that seals."""
    return next(iter(_keys()))


def seal(text: str) -> str:
    """Encrypt ``text`` under the newest key."""
    name = newest_key()
    nonce = os.urandom(_NONCE)
    encryptor = Cipher(algorithms.SM4(_keys()[name]), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(name.encode())
    body = encryptor.update(text.encode()) + encryptor.finalize()
    return f"{PREFIX}:{name}:{base64.b64encode(nonce + body + encryptor.tag).decode()}"


def unseal(sealed: str) -> str:
    """The text in ``sealed``. Raises :class:`SealBroken`."""
    prefix, _, rest = sealed.partition(":")
    name, _, body = rest.partition(":")
    key = _keys().get(name)
    if prefix != PREFIX or key is None:
        raise SealBroken(f"没有名为“{name[:20]}”的密钥，加密字段无法读取。")
    try:
        raw = base64.b64decode(body, validate=True)
        nonce, content, tag = raw[:_NONCE], raw[_NONCE:-_TAG], raw[-_TAG:]
        decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(name.encode())
        return (decryptor.update(content) + decryptor.finalize()).decode()
    except (ValueError, InvalidTag) as error:
        raise SealBroken("加密字段的内容已被改动，无法读取。") from error


def key_of(sealed: str) -> str:
    """The name of the key that sealed a text."""
    return sealed.split(":", 2)[1] if sealed.startswith(f"{PREFIX}:") else ""


def mark(name: str, purpose: str, text: str) -> bytes:
    """HMAC-SM3 of ``text`` under a key that is derived from the named one for one purpose alone.

    Raises :class:`SealBroken` where there is no key of that name (any more).
    """
    key = _keys().get(name)
    if key is None:
        raise SealBroken(f"没有名为“{name[:20]}”的密钥，核验码无法核对。")
    return _hmac(_hmac(key, purpose.encode()), text.encode())


def _hmac(key: bytes, content: bytes) -> bytes:
    made = HMAC(key, SM3())
    made.update(content)
    return made.finalize()
