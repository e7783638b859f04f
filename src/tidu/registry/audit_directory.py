"""What the record asks about enterprises, answered from the registry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db.models import Q

from tidu.core.audit.directory import answer_for_enterprises
from tidu.registry.models import Enterprise

_MOST: Final = 50


class _Registry:
    """The registry as a directory."""

    def place_of(self, number: int) -> str:
        """The district where it is known, else the city."""
        found = Enterprise.objects.filter(pk=number).values_list("district_id", "city_id").first()
        return next(filter(None, found or ()), "")

    def find(self, text: str) -> list[int]:
        """By code, or by a part of the name."""
        wanted = Q(uscc=text.upper()) | Q(name__contains=text)
        return list(Enterprise.objects.filter(wanted).values_list("pk", flat=True)[:_MOST])

    def names(self, numbers: Iterable[int]) -> dict[int, str]:
        """Names by number."""
        return dict(Enterprise.objects.filter(pk__in=set(numbers)).values_list("pk", "name"))


answer_for_enterprises(_Registry())
