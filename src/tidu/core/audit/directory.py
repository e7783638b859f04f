"""What the record asks about enterprises. The application that knows them answers; the record itself knows numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol


class EnterpriseDirectory(Protocol):
    """Places, names and search of enterprises, without regard to who asks: events are scoped by their own place."""

    def place_of(self, number: int) -> str:
        """Code of the district or city, or an empty text."""

    def find(self, text: str) -> list[int]:
        """Numbers of the enterprises with this code, or with this in their name; a few dozen at most."""

    def names(self, numbers: Iterable[int]) -> dict[int, str]:
        """Names by number."""


class _Unknown:
    """Before any application has said what enterprises are."""

    def place_of(self, number: int) -> str:  # noqa: ARG002 - the protocol's signature
        return ""

    def find(self, text: str) -> list[int]:  # noqa: ARG002
        return []

    def names(self, numbers: Iterable[int]) -> dict[int, str]:  # noqa: ARG002
        return {}


_asked: list[EnterpriseDirectory] = [_Unknown()]


def answer_for_enterprises(directory: EnterpriseDirectory) -> None:
    """Called where the application that knows enterprises gets ready."""
    _asked[:] = [directory]


def enterprises() -> EnterpriseDirectory:
    """Who answers."""
    return _asked[0]
