"""Words in quotation marks. Inside double ones stand single ones, and the other way round further in (GB/T 15834)."""

from __future__ import annotations

from typing import Final

_INWARDS: Final = str.maketrans("“”‘’", "‘’“”")


def quoted(words: object) -> str:
    """``words`` in quotation marks; those that they have themselves become the inner ones.

    呼和浩特市“专精特新”中小企业 is ``“呼和浩特市‘专精特新’中小企业”``.
    """
    return f"“{str(words).translate(_INWARDS)}”"
