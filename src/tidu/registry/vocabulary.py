"""The indicators that the registry keeps: the vocabulary joined by what the packs at hand declare of their own."""

from __future__ import annotations

import os
import time
from functools import lru_cache
from typing import Final

from tidu.policy.documents.library import ENVIRONMENT, Library, load_library
from tidu.policy.vocabulary.indicators import Indicator
from tidu.policy.vocabulary.vocabulary import Vocabulary

#: The key of an enterprise is no fact about it, and people are kept, encrypted, with the contacts.
KEPT_ELSEWHERE: Final = frozenset(
    {"uscc", "contact_person", "contact_phone", "contact_mobile", "contact_fax", "contact_email"}
)

_HELD_SECONDS: Final = 1.0
_HELD: Final[dict[str, tuple[float, Library]]] = {}


def vocabulary_in_view() -> Vocabulary:
    """Everything that can be known of an enterprise, under the packs at hand."""
    return _in_view(library_at_hand())


def library_at_hand() -> Library:
    """The packs at hand, looked for again after a second: asking the disk costs more than recording a fact."""
    now = time.monotonic()
    folders = os.environ.get(ENVIRONMENT, "")
    held = _HELD.get(folders)
    if held is None or now - held[0] > _HELD_SECONDS:
        held = _HELD[folders] = (now, load_library())
    return held[1]


@lru_cache(maxsize=2)
def _in_view(library: Library) -> Vocabulary:
    return library.in_view()


def is_recordable(indicator: Indicator) -> bool:
    """Whether a fact may state the indicator.

    What is derived is worked out each time, figures of a month or quarter belong to operating reports, and some things
    have places of their own.
    """
    return indicator.derived is None and indicator.period is None and indicator.id not in KEPT_ELSEWHERE
