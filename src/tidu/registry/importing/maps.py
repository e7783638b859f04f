"""Map files for imports: one that came with the upload, or a known one whose headings the table has."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from tidu.policy.batch.maps import TableMap, load_map
from tidu.policy.errors import InputError
from tidu.policy.vocabulary.yaml_source import read_yaml
from tidu.registry.importing.fields import names_of, required_of
from tidu.registry.importing.reading import recognised, titles_of
from tidu.registry.models.imports import ImportKind

LARGEST_MAP = 200_000


@dataclass(frozen=True, slots=True)
class KnownMap:
    """A map file that the site keeps: its file name, what it says it is for, and its text."""

    file: str
    label: str
    text: str


def known_maps() -> Iterator[KnownMap]:
    """The map files of the folders in ``IMPORT_MAPS``, by file name. Those that cannot be read are left out."""
    for folder in settings.IMPORT_MAPS:
        for path in sorted(Path(folder).glob("*.yaml")):
            try:
                note = read_yaml(path).data.get("note")
                yield KnownMap(path.name, str(note or path.stem), path.read_text(encoding="utf-8"))
            except (InputError, OSError, AttributeError):
                continue


def map_from_text(text: str, kind: ImportKind, name: str = "对照文件.yaml") -> TableMap:
    """A checked map. Raises :class:`InputError` with file, line, key and a suggestion."""
    with tempfile.TemporaryDirectory(prefix="tidu-") as folder:
        path = Path(folder) / Path(name).name
        path.write_text(text, encoding="utf-8")
        return load_map(path, names_of(kind))


def fitting_map(table: Path, kind: ImportKind) -> KnownMap | None:
    """The known map that says more of a table than its headings say by themselves.

    The table has all of the map's columns, and the map gives what this kind must have.
    """
    try:
        by_itself = recognised(table, kind)
    except InputError:
        by_itself = 0
    for known in known_maps():
        try:
            found = map_from_text(known.text, kind, known.file)
            titles = set(titles_of(table, found.sheet, found.header_row))
        except InputError:
            continue
        gives = {reading.to for listed in found.columns.values() for reading in listed} | set(found.constants)
        fits = set(found.columns) <= titles and set(required_of(kind)) <= gives
        if fits and len(found.columns) >= by_itself:
            return known
    return None
