"""Whose enterprises an import may touch: those of the importer's place, by the same words for everybody."""

from __future__ import annotations

from dataclasses import dataclass, field

from tidu.accounts.ties import Ties, ties_of
from tidu.core.actor import Actor
from tidu.policy.vocabulary.places import NATION, load_places


@dataclass(frozen=True, slots=True)
class Scope:
    """The place whose enterprises may be brought in or changed; the nation: all of them.

    ``avoided`` says which of them the importer has to avoid.
    """

    place: str = NATION
    avoided: Ties = field(default_factory=Ties)

    @classmethod
    def of(cls, actor: Actor) -> Scope:
        """An officer's place; the system's is everywhere. Raises :class:`ValueError` for somebody without a place."""
        if actor.is_system:
            return cls()
        if not actor.place:
            raise ValueError("only officers of a place import")
        return cls(actor.place, ties_of(actor))

    @property
    def everywhere(self) -> bool:
        """Whether nothing lies outside."""
        return self.place == NATION

    def covers(self, code: str) -> bool:
        """Whether a place lies inside."""
        return load_places().within(code, self.place)

    def is_part_of(self, code: str) -> bool:
        """Whether ``code`` is coarser: it contains this place, and does not say whether it is meant."""
        return load_places().within(self.place, code)


def place_name(code: str) -> str:
    """The name of a place in a sentence: 回民区; its code where it is not known."""
    place = load_places().get(code)
    return code if place is None else place.name
