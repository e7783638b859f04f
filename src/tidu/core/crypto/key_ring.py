"""The keys of encrypted fields as text: ``name:32 hexadecimal digits``, the newest first, one a line or by commas."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from typing import Final

Keys = list[tuple[str, str]]

_PAIR: Final = re.compile(r"(?P<name>[a-z0-9-]{1,20}):(?P<key>[0-9a-f]{32})", re.ASCII)
_NAME: Final = re.compile(r"[a-z0-9-]{1,20}", re.ASCII)
_BYTES: Final = 16


class NoKeyRing(ValueError):  # noqa: N818 - what the text turned out to be
    """The text is no list of keys. The message says why in Chinese, without the keys."""


def read_keys(text: str) -> Keys:
    """Names and hexadecimal keys, the newest first. Raises :class:`NoKeyRing`."""
    keys = []
    for line in filter(None, map(str.strip, text.replace(",", "\n").splitlines())):
        match = _PAIR.fullmatch(line)
        if match is None:
            raise NoKeyRing("应为“名称:32位十六进制”，多个用逗号或换行隔开，最新的在前")
        keys.append((match["name"], match["key"]))
    if len({name for name, _ in keys}) != len(keys):
        raise NoKeyRing("有重名的密钥")
    return keys


def write_keys(keys: Sequence[tuple[str, str]]) -> str:
    """The text of a key file."""
    return "".join(f"{name}:{key}\n" for name, key in keys)


def fresh_key() -> str:
    """A new key in hexadecimal."""
    return secrets.token_hex(_BYTES)


def next_name(keys: Sequence[tuple[str, str]]) -> str:
    """A name that no key has, such as ``k2``."""
    names = {name for name, _ in keys}
    return next(name for number in range(1, len(names) + 2) if (name := f"k{number}") not in names)


def is_name(text: str) -> bool:
    """Whether a key may be named so."""
    return _NAME.fullmatch(text) is not None
