"""Finding enterprises among those that an actor may see."""

from __future__ import annotations

import re
from typing import Final

from django.db.models import Q

from tidu.core.actor import Actor
from tidu.core.uscc import LENGTH, tidied_uscc
from tidu.registry.models import Enterprise
from tidu.registry.models.enterprises import EnterpriseQuerySet
from tidu.registry.naming import folded_name, phrases

#: What looks like the beginning of a credit code: its first characters are digits.
_USCC_BEGINNING: Final = re.compile(r"[0-9A-Z]{2}[0-9]{2}[0-9A-Z]{0,14}")
#: From so many characters on, what looks like a code is nothing else.
_SURELY_A_CODE: Final = 6
MOST_WORDS: Final = 6


def search_condition(text: str) -> Q:
    """Enterprises that ``text`` means: words of the name, of its pinyin or initials, or the beginning of a code.

    Several words must all be found. One character alone is looked for by comparison, since it makes no pair.
    """
    condition = Q()
    for word in text.split()[:MOST_WORDS]:
        condition &= _word(word)
    return condition


def _word(word: str) -> Q:
    folded = folded_name(word)
    if not folded:
        return Q()
    alternatives = Q()
    for phrase in phrases(word):
        alternatives |= Q(search_text__phrase=phrase)
    if len(folded) == 1:
        alternatives = Q(name__icontains=folded) | (
            Q(initials__startswith=folded) if folded.isascii() else Q()
        )
    code = tidied_uscc(word)
    if not _USCC_BEGINNING.fullmatch(code):
        return alternatives
    of_code = Q(uscc=code) if len(code) == LENGTH else Q(uscc__gte=code, uscc__lte=code.ljust(LENGTH, "Z"))
    return of_code if len(code) >= _SURELY_A_CODE else alternatives | of_code


def find(actor: Actor, text: str) -> EnterpriseQuerySet:
    """The enterprises that the actor may see and ``text`` means."""
    return Enterprise.objects.visible_to(actor).filter(search_condition(text))
