"""What commands read: the library of packs and the facts of one enterprise."""

from __future__ import annotations

from pathlib import Path

from tidu.policy.facts import Facts, read_facts
from tidu.policy.library import Library
from tidu.policy.pack import Pack
from tidu.policy.yaml_source import read_yaml


def read_facts_file(path: Path, library: Library, pack: Pack | None = None) -> Facts:
    """The facts in ``path``, in which an indicator of any pack may stand; those of ``pack`` come before others'.

    One facts file so serves every pack. Raises :class:`~tidu.policy.errors.InputError` with every problem.
    """
    known = dict(library.vocabulary.indicators)
    for other in library:
        known.update(other.document.indicators)
    if pack is not None:
        known.update(pack.document.indicators)
    return read_facts(read_yaml(path), library.vocabulary, known)
