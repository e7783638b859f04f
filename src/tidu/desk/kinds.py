"""Kinds of task: what their code is called on screen. Each application declares those it opens."""

from __future__ import annotations

from collections.abc import Mapping

_labels: dict[str, str] = {}


def declare_kinds(labels: Mapping[str, str]) -> None:
    """Add kinds, such as ``registry.claim.decide`` with the words 认领核实."""
    _labels.update(labels)


def label_of(kind: str) -> str:
    """The words of a kind; a kind that nobody declared shows as it is."""
    return _labels.get(kind, kind)
