"""What commands read: the facts of one enterprise."""

from __future__ import annotations

from pathlib import Path

from tidu.policy.assess.facts import Facts, read_facts
from tidu.policy.documents.library import Library
from tidu.policy.documents.pack import Pack
from tidu.policy.vocabulary.yaml_source import read_yaml


def read_facts_file(path: Path, library: Library, pack: Pack | None = None) -> Facts:
    """The facts in ``path``, in which indicators and events of any pack may stand, so that one file serves every pack.

    Raises :class:`~tidu.policy.errors.InputError` with every problem.
    """
    return read_facts(read_yaml(path), library.in_view(pack))
