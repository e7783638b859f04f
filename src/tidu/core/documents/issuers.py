"""What documents ask about the organisation that issues them. The application that knows organisations answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Issuer:
    """An authority: its full name for the head and the signature, the word of its numbers (发文字号), its place."""

    organisation_id: int
    name: str
    word: str
    place: str


def _nobody(number: int) -> Issuer:
    """Before any application has said what organisations are."""
    raise LookupError(f"no organisation {number}")


_asked: list[Callable[[int], Issuer]] = [_nobody]


def answer_for_issuers(ask: Callable[[int], Issuer]) -> None:
    """Called where the application that knows organisations gets ready."""
    _asked[:] = [ask]


def issuer_numbered(number: int) -> Issuer:
    """The organisation of this number, for which a document is made."""
    return _asked[0](number)
