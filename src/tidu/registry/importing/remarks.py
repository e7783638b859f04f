"""What is said about a cell or a row of an imported table, and how a person finds the place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from tidu.registry.models.imports import ImportRow

_ALPHABET: Final = 26
LONGEST_VALUE: Final = 200


@dataclass(frozen=True, slots=True)
class Remark:
    """An error, a doubt, or what a row does; ``before`` is what is known at present.

    ``index`` is the column's place (0 the first), ``None`` where the whole row is meant.
    """

    kind: ImportRow.Kind
    row: int
    code: str
    message: str
    index: int | None = None
    title: str = ""
    value: str = ""
    before: str = ""
    label: str = ""

    @property
    def column(self) -> str:
        """Letter and heading, as a spreadsheet program shows them: ``C 统一社会信用代码``."""
        if self.index is None:
            return self.label
        return f"{letters(self.index)} {self.title}"

    def as_json(self) -> dict[str, Any]:
        """As the command line documents it."""
        return {
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "code": self.code,
            "message": self.message,
        }


def letters(index: int) -> str:
    """0 → ``A``, 25 → ``Z``, 26 → ``AA``."""
    text, number = "", index + 1
    while number:
        number, rest = divmod(number - 1, _ALPHABET)
        text = chr(ord("A") + rest) + text
    return text


def shortened(text: str, most: int = LONGEST_VALUE) -> str:
    """A cell's text in the length that is kept."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
