"""Saving what people of an enterprise type: each control by itself, so that one slip holds up nothing else.

A text that cannot be read is kept beside its field. A control that a colleague, or another tab, has changed since the
page was made is not overwritten: both values are shown, and a person decides.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from django.db import transaction
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.entry import Unreadable
from tidu.core.typed_values import LONGEST_TYPED
from tidu.policy.quantities import Value
from tidu.registry.actions.fact_endings import withdraw_facts
from tidu.registry.actions.facts import NewFact, lock_enterprises, record_facts
from tidu.registry.asked import FactKey
from tidu.registry.models import Enterprise, Fact, Source, TypedText
from tidu.registry.own.controls import Control, read_text

_BASIS = "企业填报"


@dataclass(frozen=True, slots=True)
class Typed:
    """What a page sent: ``texts`` by control, what ``shown`` there when it was made, and which controls to ``keep``.

    A control that still reads as shown says nothing. One that is kept is meant so, whatever stands there by now.
    """

    texts: Mapping[str, str]
    shown: Mapping[str, str]
    keep: Collection[str] = ()

    @classmethod
    def of(cls, posted: Mapping[str, str]) -> Self:
        """Read the fields of a form. A button called ``set`` sends ``control=text``, one called ``keep`` a control."""
        texts = dict(posted)
        name, given, value = posted.get("set", "").partition("=")
        if given:
            texts[name] = value
        return cls(texts, shown_texts(posted), {name for name in (posted.get("keep", ""),) if name})


def shown_texts(posted: Mapping[str, str]) -> dict[str, str]:
    """What stood in the controls when the page was made; without that every field says something."""
    try:
        found = json.loads(posted.get("shown", ""))
    except (ValueError, RecursionError):
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


@dataclass(slots=True)
class Saved:
    """What became of it: controls that were ``recorded`` or ``cleared``, and those held back, to be looked at."""

    at: dt.datetime = field(default_factory=timezone.localtime)
    recorded: list[str] = field(default_factory=list)
    cleared: list[str] = field(default_factory=list)
    held_back: list[str] = field(default_factory=list)


def save_typed(*, actor: Actor, enterprise: Enterprise, controls: Iterable[Control], typed: Typed) -> Saved:
    """Record what can be read, keep what cannot, and overwrite nothing unseen. One transaction."""
    by_name = {control.name: control for control in controls}
    saved = Saved()
    with transaction.atomic():
        lock_enterprises([enterprise.pk])
        writing = _Writing(enterprise, by_name, typed)
        for name, control in by_name.items():
            writing.take(name, control, saved)
        writing.keep_texts(actor)
        if writing.values:
            record_facts(
                actor=actor,
                enterprise=enterprise,
                facts=[NewFact(key[0], value, key[1], basis=_BASIS) for key, value in writing.values.items()],
                source=Source.DECLARED,
            )
        if writing.cleared:
            withdraw_facts(
                actor=actor,
                enterprise=enterprise,
                keys=writing.cleared,
                source=Source.DECLARED,
                reason="企业清空了这一项",
            )
    return saved


class _Writing:
    """One save, against what stands in the database now."""

    def __init__(self, enterprise: Enterprise, controls: Mapping[str, Control], typed: Typed) -> None:
        self._enterprise = enterprise
        self._typed = typed
        self._standing = declared_texts(enterprise, controls.values())
        self._kept = kept_texts(enterprise, controls)
        self._to_keep: dict[str, tuple[str, str]] = {}
        self._to_forget: set[str] = set()
        self.values: dict[FactKey, Value] = {}
        self.cleared: set[FactKey] = set()

    def take(self, name: str, control: Control, saved: Saved) -> None:
        if name not in self._typed.texts:
            return
        text = self._typed.texts[name][: LONGEST_TYPED + 1].strip()
        standing = self._standing.get(name, "")
        there = self._kept[name].text if name in self._kept else standing
        shown = self._typed.shown.get(name, there)
        meant = name in self._typed.keep
        if text == shown and not meant:
            return
        if text == standing:
            self._to_forget.add(name)
            return
        if not meant and shown not in {standing, there}:
            self._hold_back(name, text, shown, saved)
            return
        try:
            value = read_text(control, text)
        except Unreadable:
            self._hold_back(name, text, standing, saved)
            return
        self._to_forget.add(name)
        if value is None:
            self.cleared.add(control.key)
            saved.cleared.append(name)
        else:
            self.values[control.key] = value
            saved.recorded.append(name)

    def _hold_back(self, name: str, text: str, over: str, saved: Saved) -> None:
        self._to_keep[name] = (text, over)
        saved.held_back.append(name)

    def keep_texts(self, actor: Actor) -> None:
        gone = self._to_forget & self._kept.keys()
        if gone:
            TypedText.objects.filter(enterprise=self._enterprise, control__in=gone).delete()
        for name, (text, over) in self._to_keep.items():
            TypedText.objects.update_or_create(
                enterprise=self._enterprise,
                control=name,
                defaults={"text": text, "over": over, "typed_by_id": actor.user_id},
            )


def declared_texts(enterprise: Enterprise, controls: Iterable[Control]) -> dict[str, str]:
    """What the enterprise itself has stated, as it stands in each control."""
    by_key = {control.key: control for control in controls}
    standing = Fact.objects.filter(
        enterprise=enterprise,
        source=Source.DECLARED,
        ended_at__isnull=True,
        indicator__in={indicator for indicator, _ in by_key},
    ).values_list("indicator", "year", "value")
    return {
        control.name: control.text_of(value)
        for indicator, year, value in standing
        if (control := by_key.get((indicator, year))) is not None
    }


def kept_texts(enterprise: Enterprise, controls: Collection[str]) -> dict[str, TypedText]:
    """The texts that wait to be put right, by control."""
    found = TypedText.objects.filter(enterprise=enterprise)
    return {kept.control: kept for kept in found if kept.control in controls}
