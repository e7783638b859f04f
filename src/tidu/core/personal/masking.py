"""Personal data as a page shows them: enough to recognise what one knows, too little to learn what one does not."""

from __future__ import annotations


def _kept(text: str, head: int, tail: int) -> str:
    """The first and last characters; of a text so short that these would tell most of it, stars alone."""
    if not text:
        return ""
    hidden = len(text) - head - tail
    if hidden < max(head + tail, 4) // 2:
        return "*" * len(text)
    return f"{text[:head]}{'*' * hidden}{text[len(text) - tail :]}"


def mask_phone(text: str) -> str:
    """``138****1234``; of a number on land (0471-1234567) the last two digits and the area stay."""
    text = text.strip()
    if text.startswith("0") or not text.isdecimal():
        return _kept(text, 4, 2)
    return _kept(text, 3, 4)


def mask_id_number(text: str) -> str:
    """``1501**********123X``: the place stays, birthday and number go; the last four tell two people apart."""
    return _kept(text.strip(), 4, 4)


def mask_account(text: str) -> str:
    """``***************1234``: of a bank account the last four digits stay."""
    return _kept("".join(text.split()), 0, 4)
