"""The unified social credit code (GB 32100-2015), checked so that a person can see which character is wrong.

The last character checks all others and is binding. Characters 9 to 17 are an organisation code with a check character
of its own (GB 11714-1997); some codes in use do not satisfy it, so that it can only raise a doubt.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from stdnum.cn import uscc as standard

LENGTH: Final = 18
ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_INNER_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_INNER_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LOOKALIKES: Final = {"I": "1", "O": "0", "Z": "2", "S": "5", "V": "U 或 W"}


@dataclass(frozen=True, slots=True)
class UsccCheck:
    """The code as it is kept, what is wrong with it, and what is doubtful. Both are sentences for a person."""

    code: str
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether it can be a code at all; doubts aside."""
        return not self.errors


def tidied_uscc(text: str) -> str:
    """Without spaces and separators, in capitals and half width."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(char for char in folded if not char.isspace() and char not in "-－—·")


def check_uscc(text: str) -> UsccCheck:
    """Check a code as somebody wrote it."""
    code = tidied_uscc(text)
    if not code:
        return UsccCheck(code, ("没有填统一社会信用代码。请按营业执照填写十八位代码。",))
    if len(code) != LENGTH:
        extra = len(code) - LENGTH
        amount = f"多 {extra} 位" if extra > 0 else f"少 {-extra} 位"
        return UsccCheck(code, (f"统一社会信用代码应为 18 位，现为 {len(code)} 位，{amount}。",))
    errors = tuple(_bad_characters(code))
    if errors:
        return UsccCheck(code, errors)
    expected = standard.calc_check_digit(code[:-1])
    if expected != code[-1]:
        message = f"第 18 位校验码应为“{expected}”，现为“{code[-1]}”，前 17 位或第 18 位有误。请对照营业执照逐位核对。"
        return UsccCheck(code, (message,))
    return UsccCheck(code, (), _inner_doubt(code))


def _bad_characters(code: str) -> list[str]:
    found = []
    for position, char in enumerate(code, start=1):
        if char not in ALPHABET:
            near = _LOOKALIKES.get(char)
            remedy = f"是否应为“{near}”？" if near else "请按营业执照改正。"
            found.append(f"第 {position} 位“{char}”不会出现在统一社会信用代码里，{remedy}")
        elif 3 <= position <= 8 and not char.isdigit():  # noqa: PLR2004 - the registrar's division code
            found.append(f"第 {position} 位应为数字（登记机关的行政区划代码），现为“{char}”。")
    return found


def inner_check_character(body: str) -> str:
    """The check character (GB 11714) of the eight characters of an organisation code."""
    total = sum(
        weight * _INNER_ALPHABET.index(char) for weight, char in zip(_INNER_WEIGHTS, body, strict=True)
    )
    rest = (11 - total % 11) % 11
    return "X" if rest == 10 else str(rest)  # noqa: PLR2004 - the eleventh digit of modulus 11


def _inner_doubt(code: str) -> tuple[str, ...]:
    expected = inner_check_character(code[8:16])
    if expected == code[16]:
        return ()
    doubt = f"第 17 位（主体标识码的校验位）按标准应为“{expected}”，现为“{code[16]}”，"
    return (doubt + "少数代码确实如此，请对照营业执照再看一遍。",)


def check_characters(body: str) -> str:
    """``body``, the first sixteen characters of a code, completed by both check characters."""
    inner = body + inner_check_character(body[8:16])
    return inner + standard.calc_check_digit(inner)
