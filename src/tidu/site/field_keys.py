"""Keys of encrypted fields: from the environment, or one that is made once and kept in the data folder."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from tidu.site.secret_key import stored_once

_PAIR = re.compile(r"(?P<name>[a-z0-9-]{1,20}):(?P<key>[0-9a-f]{32})")
_BYTES = 16


def field_keys(stated: str, folder: Path) -> list[tuple[str, str]]:
    """Names and hexadecimal keys, the newest first.

    ``stated`` is ``name:32 hexadecimal digits``, several by commas. Where it is empty the pairs in
    ``folder``/field_keys are used, one a line. Raises :class:`ImproperlyConfigured`.
    """
    text = stated.replace(",", "\n") or stored_once(folder, "field_keys", f"k1:{secrets.token_hex(_BYTES)}")
    pairs = []
    for line in filter(None, map(str.strip, text.splitlines())):
        match = _PAIR.fullmatch(line)
        if match is None:
            raise ImproperlyConfigured(
                "TIDU_FIELD_KEYS 应为“名称:32位十六进制”，多个用逗号隔开，最新的在前。"
            )
        pairs.append((match["name"], match["key"]))
    if len({name for name, _ in pairs}) != len(pairs):
        raise ImproperlyConfigured("TIDU_FIELD_KEYS 中有重名的密钥。")
    return pairs
