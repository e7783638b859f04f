"""The engine's exact values as the text that a fact keeps, and back.

Fen and counts are whole numbers, a date is ISO, yes/no is ``yes`` or ``no``, a ratio, number of years or score is the
shortest decimal that reads back as the same float, everything else is the text itself. Writing and reading are
inverse, and two values are equal exactly when their texts are.
"""

from __future__ import annotations

import datetime as dt
import math

from tidu.policy.quantities import EXACT, Kind, Value

_REAL = frozenset({Kind.RATIO, Kind.YEARS, Kind.SCORE, Kind.NUMBER})


def written(value: Value, kind: Kind) -> str:
    """``value`` as text. Raises :class:`TypeError` for a value that is not of the kind."""
    match value:
        case bool() if kind is Kind.YES_NO:
            return "yes" if value else "no"
        case bool():
            pass
        case int() if kind in EXACT:
            return str(value)
        case int() | float() if kind in _REAL and math.isfinite(value):
            return repr(float(value) or 0.0)  # no minus zero
        case dt.datetime():
            pass
        case dt.date() if kind is Kind.DATE:
            return value.isoformat()
        case str() if kind not in EXACT | _REAL | {Kind.YES_NO, Kind.DATE}:
            return value
    raise TypeError(f"{value!r} is no value of kind {kind}")


def read(text: str, kind: Kind) -> Value:
    """The value that :func:`written` wrote. Raises :class:`ValueError` for a text that it cannot have written."""
    if kind is Kind.YES_NO:
        if text not in {"yes", "no"}:
            raise ValueError(f"{text!r} is neither yes nor no")
        return text == "yes"
    if kind in EXACT:
        return int(text)
    if kind in _REAL:
        return float(text)
    return dt.date.fromisoformat(text) if kind is Kind.DATE else text
