"""Putting the demonstration into the database: once, through the actions that everybody else goes through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model
from django.utils import timezone

from tidu.accounts.models import Membership, User
from tidu.core.actor import SYSTEM
from tidu.core.audit.recording import record
from tidu.core.roles import ENTERPRISE_ROLES
from tidu.demo.clock import StoryClock
from tidu.demo.generator import ENTERPRISES, SEED, make_enterprises
from tidu.demo.made_up import MadeUp
from tidu.demo.people import SHOWN_DISTRICT, Account, make_enterprise_people, make_people, open_accounts
from tidu.demo.recognition import BEGINNING, make_recognition
from tidu.registry.actions.facts import NewFact, record_many
from tidu.registry.models import (
    Certificate,
    ClusterTag,
    Contact,
    Enterprise,
    Incident,
    IntellectualProperty,
    Platform,
    Product,
    Source,
    Title,
)

_BATCH: Final = 500
#: The quality of an enterprise that has something, and something to do.
_STORY: Final = (0.55, 0.75)

Report = Callable[[str, int, int], None]


class Loaded(NamedTuple):
    """What was put in; nothing where it was there already."""

    enterprises: int
    facts: int
    accounts: tuple[Account, ...]


class NotEmpty(Exception):  # noqa: N818 - a state of the database
    """The database holds something that is not the demonstration."""


def _silent(_step: str, _done: int, _total: int) -> None:
    return None


def is_loaded() -> bool:
    """Whether the demonstration is in the database."""
    return User.objects.filter(demonstration=True).exists()


def is_empty() -> bool:
    """Whether nobody and nothing is in the database yet."""
    return not User.objects.exists() and not Enterprise.objects.exists()


def load(
    *,
    on: dt.date | None = None,
    count: int = ENTERPRISES,
    seed: int = SEED,
    stories: bool = True,
    report: Report = _silent,
) -> Loaded:
    """Load everything in one transaction. Loading a second time changes nothing. ``stories``: cases under way, too.

    Raises :class:`NotEmpty` where other people or enterprises are in the database: made-up ones never join them.
    """
    with transaction.atomic():
        if is_loaded():
            return Loaded(0, 0, ())
        if not is_empty():
            raise NotEmpty
        today = timezone.localdate()
        with StoryClock() as clock:
            if stories:
                clock.go(BEGINNING, 9)
            report("机构和账号", 0, count)
            accounts = make_people()
            made = list(make_enterprises(on=on or today, count=count, seed=seed))
            report("企业", 0, count)
            keys = _enterprises(made)
            facts = _facts(made, keys, report)
            for city, district in SHOWN_DISTRICT.items():
                accounts += make_enterprise_people(_enterprise_of_story(made, keys, city, district), city)
            if stories:
                report("申报", 0, count)
                accounts += make_recognition(clock, today)
        open_accounts(accounts)
        record(
            actor=SYSTEM,
            action="demo.data.loaded",
            detail={"enterprises": len(made), "facts": facts, "seed": seed},
        )
    return Loaded(len(made), facts, tuple(accounts))


def clear() -> None:
    """Empty the database of the demonstration, tables and all, and make it anew.

    Raises :class:`NotEmpty` where it holds something else, or somebody real works in it by now.
    """
    at_work = Membership.objects.filter(user__demonstration=False, ended_at__isnull=True)
    if at_work.exclude(role__in=ENTERPRISE_ROLES).exists() or not (is_loaded() or is_empty()):
        raise NotEmpty
    _drop_everything()
    call_command("migrate", verbosity=0, interactive=False)


def _drop_everything() -> None:
    """The record refuses every removal, so that only the tables themselves can go. Tables of others stay."""
    quoted = connection.ops.quote_name
    if connection.vendor == "postgresql":
        ours = {
            *connection.introspection.django_table_names(),
            MigrationRecorder.Migration._meta.db_table,
            *(cache["LOCATION"] for cache in settings.CACHES.values()),
        }
        names = [name for name in connection.introspection.table_names() if name in ours]
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {', '.join(quoted(name) for name in names)} CASCADE")
        return
    names = connection.introspection.table_names()  # the file is ours alone
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        for name in names:
            cursor.execute(f"DROP TABLE IF EXISTS {quoted(name)}")
        cursor.execute("PRAGMA foreign_keys = ON")


def _enterprises(made: Sequence[MadeUp]) -> dict[str, int]:
    """The rows that hang on an enterprise beside its facts; gives keys by USCC."""
    Enterprise.objects.bulk_create(
        [
            Enterprise(uscc=item.uscc, name=item.name, city_id=item.city, district_id=item.district)
            for item in made
        ],
        batch_size=_BATCH,
    )
    keys = dict(Enterprise.objects.values_list("uscc", "pk"))
    rows: dict[type[Model], list[Model]] = {}
    for item in made:
        for row in _papers(keys[item.uscc], item):
            rows.setdefault(type(row), []).append(row)
    for model, part in rows.items():
        manager = model._meta.default_manager
        if manager is not None:
            manager.bulk_create(part, batch_size=_BATCH)
    return keys


def _facts(made: Sequence[MadeUp], keys: dict[str, int], report: Report) -> int:
    total, done = sum(len(item.stated) for item in made), 0
    for source in Source:
        before = done

        def tell(number: int, before: int = before) -> None:
            report("企业数据", before + number, total)

        recorded = record_many(
            actor=SYSTEM, entries=_entries(made, keys, source), source=source, progress=tell
        )
        done += recorded.new
    return done


def _entries(made: Sequence[MadeUp], keys: dict[str, int], source: Source) -> Iterator[tuple[int, NewFact]]:
    for item in made:
        for stated in item.stated:
            if stated.source is source:
                yield (
                    keys[item.uscc],
                    NewFact(
                        stated.indicator,
                        stated.value,
                        stated.year,
                        basis=stated.basis,
                        document_no=stated.document_no,
                        stated_on=stated.stated_on,
                    ),
                )


def _enterprise_of_story(
    made: Sequence[MadeUp], keys: dict[str, int], city: str, district: str
) -> Enterprise:
    """An enterprise of the shown district with a title and a product or two, else any of the city."""
    low, high = _STORY
    of_city = [item for item in made if item.city == city]
    fitting = [
        item for item in of_city if item.district == district and low < item.quality < high and item.titles
    ]
    return Enterprise.objects.get(pk=keys[(fitting or of_city)[0].uscc])


def _papers(pk: int, item: MadeUp) -> Iterator[Model]:
    """Titles, incidents, products and the like of one enterprise."""
    for title in item.titles:
        yield Title(enterprise_id=pk, **title._asdict())
    for incident in item.incidents:
        yield Incident(enterprise_id=pk, **incident._asdict())
    for product in item.products:
        yield Product(enterprise_id=pk, **product._asdict())
    for found in item.properties:
        yield IntellectualProperty(enterprise_id=pk, **found._asdict())
    for certificate in item.certificates:
        yield Certificate(enterprise_id=pk, issuer="演示认证机构", **certificate._asdict())
    for name, level, day in item.platforms:
        yield Platform(enterprise_id=pk, name=name, level=level, recognised_on=day)
    if item.cluster:
        yield ClusterTag(enterprise_id=pk, cluster=item.cluster)
    yield Contact(
        enterprise_id=pk,
        name="某经理",
        post="申报联系人",
        phone=f"100{item.number:08}",
        email=f"contact{item.number}@example.com",
    )
