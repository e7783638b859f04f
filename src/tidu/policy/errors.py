"""Errors of input: what is wrong, where it stands, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in somebody's input.

    ``message`` is one Chinese sentence for the person who wrote the input; ``remedy`` says what to do next.
    ``file``, ``line`` (1-based) and ``key`` (dotted path, such as ``recognition.criteria.all[3].require``) say where.
    """

    message: str
    file: str | None = None
    line: int | None = None
    key: str | None = None
    remedy: str | None = None

    def __str__(self) -> str:
        place = "" if self.file is None else self.file if self.line is None else f"{self.file}:{self.line}"
        parts = [part for part in (place, self.key) if part]
        text = f"{' '.join(parts)}：{self.message}" if parts else self.message
        return f"{text}（{self.remedy}）" if self.remedy else text


class InputError(Exception):
    """Raised when a pack, a facts file, a table or a call cannot be understood. Carries every problem found."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
