"""Amounts of money in the characters that nobody can alter: 人民币大写.

By 《支付结算办法》 annex 1: full amounts end in 整; a nought between two digits is said once; where the 元 or 万 digit
is a nought and the next is none, the 零 that may be said or left out is left out.
"""

from __future__ import annotations

from typing import Final

_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = ("仟", "佰", "拾", "")
_WAN: Final = 10_000
_YI: Final = 100_000_000
_MOST: Final = 10**16 * 100
"""One fen more than fits: 万万亿元 is beyond what the words have names for."""


def in_words(fen: int) -> str:
    """An amount in fen as words: 10700053 is 壹拾万柒仟元伍角叁分, 0 is 零元整.

    Raises ``TypeError`` for anything but an integer, ``ValueError`` for a sum of 1e16 元 or more.
    """
    if isinstance(fen, bool) or not isinstance(fen, int):
        raise TypeError(f"money is integer fen, not {type(fen).__name__}")
    if abs(fen) >= _MOST:
        raise ValueError("a sum beyond all names")
    yuan, rest = divmod(abs(fen), 100)
    jiao, single = divmod(rest, 10)
    text = "负" if fen < 0 else ""
    if yuan or not rest:
        text += f"{_whole(yuan)}元"
    if not rest:
        return f"{text}整"
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif yuan:
        text += _DIGITS[0]
    return f"{text}{_DIGITS[single]}分" if single else text


def _whole(number: int) -> str:
    """A whole number in words."""
    for size, name in ((_YI, "亿"), (_WAN, "万")):
        if number >= size:
            high, low = divmod(number, size)
            text = f"{_whole(high)}{name}"
            if not low:
                return text
            return f"{text}{_DIGITS[0] if low < size // 10 else ''}{_whole(low)}"
    return _below_ten_thousand(number)


def _below_ten_thousand(number: int) -> str:
    text = ""
    for digit, place in zip(f"{number:04d}", _PLACES, strict=True):
        if digit != "0":
            text += f"{_DIGITS[int(digit)]}{place}"
        elif text and not text.endswith(_DIGITS[0]):
            text += _DIGITS[0]
    return text.rstrip(_DIGITS[0]) or _DIGITS[0]
