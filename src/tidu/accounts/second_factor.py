"""The second factor: codes of an authenticator application (TOTP, RFC 6238) and recovery codes on paper.

Both are rows of allauth's ``Authenticator``. The secret of an application is a sealed column of the person, and the
last period used is kept, so that no code counts twice. Recovery codes are kept as password hashes only.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import struct
import time
from typing import Final
from urllib.parse import quote, urlencode

import segno
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.http import HttpRequest

from tidu.accounts.models import User

PERIOD: Final = 30
_DIGITS: Final = 6
_DRIFT: Final = 1  # periods before and after now: clocks of telephones differ, and people type slowly
RECOVERY_CODES: Final = 10
_ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"  # none that look alike
_GROUP: Final = 5
_SIDE: Final = 4  # quiet zone of a QR code, in modules


def new_secret() -> str:
    """A fresh secret of 160 bits in base32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, period: int) -> str:
    """The code of a period, as RFC 4226 computes it."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", period), "sha1")
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}}"


def period_of(secret: str, code: str, *, after: int = -1) -> int | None:
    """The period, later than ``after``, whose code this is; None where there is none about now."""
    now = int(time.time()) // PERIOD
    typed = "".join(code.split())
    for period in range(max(now - _DRIFT, after + 1), now + _DRIFT + 1):
        if hmac.compare_digest(code_at(secret, period).encode(), typed.encode()):
            return period
    return None


def address_of(user: User, secret: str) -> str:
    """What the QR code says: the otpauth address that authenticator applications read."""
    issuer = settings.SITE["name"]
    label = quote(f"{issuer}:{user.username}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer}, quote_via=quote)}"


def picture_of(address: str) -> tuple[int, str]:
    """The QR code as the side of its square and the ``d`` of one SVG path; the page draws it without inline style."""
    rows = segno.make(address, error="m").matrix
    path = "".join(
        f"M{column + _SIDE} {line + _SIDE}h1v1h-1z"
        for line, row in enumerate(rows)
        for column, dark in enumerate(row)
        if dark
    )
    return len(rows) + 2 * _SIDE, path


def is_enrolled(user: User) -> bool:
    """Whether the person has an authenticator application."""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def has_passed(request: HttpRequest, user: User) -> bool:
    """Whether the second factor was shown in this session."""
    return any(item.get("method") == "mfa" for item in get_authentication_records(request, user))


@transaction.atomic
def use_code(user: User, code: str) -> Authenticator | None:
    """The authenticator whose code this is, with the code used up; None where it is wrong, or was used before."""
    rows = Authenticator.objects.select_for_update().filter(user=user).order_by("-type")
    for row in rows:
        if row.type == Authenticator.Type.TOTP and _use_period(row, code):
            return row
        if row.type == Authenticator.Type.RECOVERY_CODES and _use_recovery_code(row, code):
            return row
    return None


def set_application(user: User, secret: str, *, period: int) -> Authenticator:
    """Keep ``secret`` as the person's only one; the code of ``period`` has been used. Part of an action."""
    Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
    User.objects.filter(pk=user.pk).update(totp_secret=secret)
    return Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"last_period": period})


def set_recovery_codes(user: User) -> list[str]:
    """New recovery codes instead of the old ones, to be shown this once. Part of an action."""
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(2 * _GROUP)) for _ in range(RECOVERY_CODES)]
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    Authenticator.objects.create(
        user=user,
        type=Authenticator.Type.RECOVERY_CODES,
        data={"hashes": {str(number): make_password(code) for number, code in enumerate(codes)}},
    )
    return [f"{number}-{code[:_GROUP]}-{code[_GROUP:]}" for number, code in enumerate(codes)]


def recovery_codes_left(user: User) -> int:
    """How many recovery codes have not been used."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return 0 if row is None else len(row.data["hashes"])


def forget(user: User) -> None:
    """Remove application and recovery codes; the person enrols anew. Part of an action."""
    Authenticator.objects.filter(user=user).delete()
    User.objects.filter(pk=user.pk).update(totp_secret="")


def _use_period(row: Authenticator, code: str) -> bool:
    secret = User.objects.values_list("totp_secret", flat=True).get(pk=row.user_id)
    period = period_of(secret, code, after=row.data["last_period"])
    if period is None:
        return False
    row.data["last_period"] = period
    row.save(update_fields=["data"])
    return True


def _use_recovery_code(row: Authenticator, code: str) -> bool:
    # The first sign names the hash to compare with: ten slow hashes for every attempt would be a gift to attackers.
    typed = "".join(letter for letter in code.lower() if letter.isalnum())
    stored = row.data["hashes"].get(typed[:1])
    if stored is None or not check_password(typed[1:], stored):
        return False
    del row.data["hashes"][typed[0]]
    row.save(update_fields=["data"])
    return True
