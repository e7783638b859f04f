"""Numbers of documents (文号): by organisation, word and year, without gaps."""

from __future__ import annotations

from typing import Final

from django.db import connection, transaction

from tidu.core.models import DocumentSeries

#: Tells these locks of PostgreSQL from others; the organisation's number stands in the lower half.
_LOCK: Final = 0x6E756D << 32


def hold_numbers(organisation_id: int) -> None:
    """Let only this transaction draft and issue documents of an organisation, until it ends.

    Drafting and issuing call it before they record anything: the record's chain stays locked to the end of a
    transaction, and whoever took a number behind it could meet somebody who holds the series and waits for the chain.
    An action that records something else before its first document calls it by itself. On SQLite nobody else writes.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK + organisation_id])


def take_number(*, organisation_id: int, word: str, year: int) -> int:
    """The next number of the series. Call it in the transaction that issues the document.

    The series stays locked until that transaction ends: whoever issues next waits, and a transaction that is rolled
    back gives its number back.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is taken in the transaction that issues the document")
    key = {"organisation_id": organisation_id, "word": word, "year": year}
    series = DocumentSeries.objects.select_for_update().filter(**key).first()
    if series is None:  # the first of the year; of two who find it so, one waits here for the other
        DocumentSeries.objects.bulk_create([DocumentSeries(**key)], ignore_conflicts=True)
        series = DocumentSeries.objects.select_for_update().get(**key)
    series.last += 1
    series.save(update_fields=["last"])
    return series.last


def number_in_words(*, word: str, year: int, sequence: int) -> str:
    """The number as the standard writes it: 呼工信〔2026〕12号. No 第, and no noughts in front."""
    return f"{word}〔{year}〕{sequence}号"
