"""Numbers of certificates that people can read out: the city's initials, the year, a running number."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from django.db.models.functions import Length

from tidu.core.models import Jurisdiction
from tidu.recognition.models import TitleCertificate
from tidu.registry.naming import name_columns

_KIND_OF_PLACE: Final = re.compile(r"(市|盟|州|地区|区|县|旗)$")


def next_number(place: Jurisdiction, on: dt.date) -> str:
    """The number behind the last one of a city and year: ``HHHT-2026-0128``. It may be taken by the time it is used."""
    prefix = f"{_initials(place)}-{on.year}-"
    # Beyond 9999 a number is longer than those before it.
    last = (
        TitleCertificate.objects.filter(number__startswith=prefix)
        .order_by(Length("number").desc(), "-number")
        .values_list("number", flat=True)
        .first()
    )
    taken = 0 if last is None else int(last.removeprefix(prefix))
    return f"{prefix}{taken + 1:04d}"


def _initials(place: Jurisdiction) -> str:
    bare = _KIND_OF_PLACE.sub("", place.name) or place.name
    return name_columns(bare).initials.upper() or place.code
