"""Which columns hold personal data, how each is masked, and who may see it in full.

An application declares its columns where it gets ready. Whoever may see the row through its own ``visible_to`` sees the
masked value; the roles named here may look at it in full, and every such look is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.apps import apps
from django.db import models
from django.http import Http404
from django.urls import reverse

from tidu.core.actor import Actor
from tidu.core.requests import ActorRequest
from tidu.core.roles import Role


@dataclass(frozen=True, slots=True)
class PersonalField:
    """One column: ``model`` as ``registry.contact``, its ``name``, the mask, and the roles that may look.

    ``label`` and ``subject`` are words for the page and the record; ``own`` says whether the datum is the actor's own,
    who may then look whatever their role, and needs no reason. ``enterprise`` gives the enterprise that is told.
    """

    model: str
    name: str
    label: str
    mask: Callable[[str], str]
    roles: frozenset[Role]
    subject: Callable[[Any], str] = str
    own: Callable[[Any, Actor], bool] = lambda _row, _actor: False
    enterprise: Callable[[Any], int | None] = lambda _row: None

    @property
    def key(self) -> tuple[str, str]:
        """What an address names it by."""
        return self.model, self.name

    def admits(self, row: object, actor: Actor) -> bool:
        """Whether ``actor`` may see the value of ``row`` in full, given that they may see the row."""
        return actor.has(*self.roles) or self.own(row, actor)

    def row(self, actor: Actor, pk: int) -> models.Model:
        """The row, if the actor may see it and the value in full. Raises :class:`Http404`."""
        manager: Any = apps.get_model(self.model)._default_manager
        row: models.Model | None = manager.visible_to(actor).filter(pk=pk).first()
        if row is None or not self.admits(row, actor):
            raise Http404
        return row


_FIELDS: Final[dict[tuple[str, str], PersonalField]] = {}


def declare_personal(fields: Iterable[PersonalField]) -> None:
    """Add columns. Called where an application gets ready."""
    _FIELDS.update({field.key: field for field in fields})


def personal_fields() -> list[PersonalField]:
    """Every declared column."""
    return list(_FIELDS.values())


def personal_field(model: str, name: str) -> PersonalField:
    """The column of that name. Raises :class:`Http404` where there is none."""
    found = _FIELDS.get((model, name))
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class Masked:
    """What ``c-masked`` shows: the masked value, its label, and where to see it in full; empty where one may not."""

    value: str
    label: str
    url: str


def masked(request: ActorRequest, row: models.Model, name: str) -> Masked:
    """The masked value of a column for whoever looks at this page; they come back to it afterwards."""
    field = _FIELDS[(row._meta.label_lower, name)]
    value = getattr(row, name) or ""
    url = ""
    if value and field.admits(row, request.actor):
        address = reverse("core:reveal", kwargs={"model": field.model, "pk": row.pk, "name": name})
        url = f"{address}?{urlencode({'back': request.path})}"
    return Masked(field.mask(value), field.label, url)
