"""Bring the table of places in line with the vocabulary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, cast

from django.apps import AppConfig
from django.apps.registry import Apps, apps
from django.db import DEFAULT_DB_ALIAS, transaction

from tidu.core.models.jurisdictions import Jurisdiction, PlaceLevel
from tidu.policy.vocabulary.places import Level, Place, Places, load_places

LEVELS: Final[dict[Level, PlaceLevel]] = {
    "nation": PlaceLevel.NATION,
    "province": PlaceLevel.REGION,
    "city": PlaceLevel.CITY,
    "county": PlaceLevel.DISTRICT,
    "zone": PlaceLevel.ZONE,
}
_FIELDS: Final = tuple(
    field.attname for field in Jurisdiction._meta.concrete_fields if field.attname != "code"
)


@dataclass(frozen=True, slots=True)
class Difference:
    """What the vocabulary has that the table has not, by code. ``gone`` stay in the table: others refer to them."""

    new: tuple[Jurisdiction, ...]
    changed: tuple[Jurisdiction, ...]
    gone: tuple[Jurisdiction, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.changed)


def compare(places: Iterable[Place], present: Iterable[Jurisdiction]) -> Difference:
    """How rows of the table stand to ``places``."""
    table = {row.code: row for row in present}
    wanted = {place.code: _row(place) for place in places}
    return Difference(
        new=tuple(row for code, row in sorted(wanted.items()) if code not in table),
        changed=tuple(
            row for code, row in sorted(wanted.items()) if code in table and _differ(row, table[code])
        ),
        gone=tuple(row for code, row in sorted(table.items()) if code not in wanted),
    )


def seed(
    places: Places | None = None, *, using: str = DEFAULT_DB_ALIAS, model: type[Jurisdiction] = Jurisdiction
) -> Difference:
    """Write every place of the vocabulary that the table lacks or has otherwise. One query where all is well.

    Nothing is deleted. It puts nothing on record: what comes with the program is its release's; imports record
    themselves.
    """
    chosen = places or load_places()
    found = compare(chosen.by_code.values(), model.objects.using(using).all())
    if found:
        rows = [
            model(code=row.code, **{name: getattr(row, name) for name in _FIELDS})
            for row in sorted((*found.new, *found.changed), key=_from_above)
        ]
        with transaction.atomic(using=using):
            model.objects.using(using).bulk_create(
                rows, update_conflicts=True, unique_fields=["code"], update_fields=list(_FIELDS)
            )
    return found


def seed_after_migrate(
    sender: AppConfig, using: str = DEFAULT_DB_ALIAS, apps: Apps = apps, **_: object
) -> None:
    """Receiver of ``post_migrate``: places are there wherever the tables are, also after a database was emptied.

    It writes through the models of the migration's own state, so that stopping half-way up the migrations works.
    """
    try:
        model = cast("type[Jurisdiction]", apps.get_model(sender.label, "Jurisdiction"))
    except LookupError:
        return
    seed(using=using, model=model)


def _row(place: Place) -> Jurisdiction:
    return Jurisdiction(
        code=place.code,
        name=place.name,
        level=LEVELS[place.level],
        parent_id=place.parent,
        code_system=place.code_system,
        other_codes=list(place.other_codes),
        recommends=place.level == "county" or place.recommends,
        valid_from=place.valid_from,
        valid_to=place.valid_to,
        source=place.source,
    )


def _differ(wanted: Jurisdiction, row: Jurisdiction) -> bool:
    return any(getattr(wanted, name) != getattr(row, name) for name in _FIELDS)


def _from_above(row: Jurisdiction) -> tuple[int, str]:
    return (list(PlaceLevel.values).index(row.level), row.code)
