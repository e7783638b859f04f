"""A column of money: 元 with two decimals in the database, integer fen in Python."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    _Decimal = models.DecimalField[int | None, int | None]
else:
    _Decimal = models.DecimalField

_DIGITS = 15  # SQLite keeps decimals as binary fractions, which are exact to so many digits
MOST_FEN = 10**_DIGITS - 1


class MoneyField(_Decimal):
    """Money. People who read the tables see 元; the program counts fen and never meets a fraction."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        options.update(max_digits=_DIGITS, decimal_places=2)
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:  # noqa: ANN401 - Django's signature
        """Without the digits, which are always the same."""
        name, path, args, options = super().deconstruct()
        del options["max_digits"], options["decimal_places"]
        return name, path, args, options

    @property
    def validators(self) -> list[Any]:
        """Bounds in fen; those of decimals do not apply."""
        return [MinValueValidator(-MOST_FEN), MaxValueValidator(MOST_FEN)]

    def from_db_value(self, value: Decimal | None, *_: object) -> int | None:
        """元 of the database as fen."""
        return None if value is None else int((Decimal(value) * 100).to_integral_value())

    def to_python(self, value: Any) -> int | None:  # noqa: ANN401 - Django's signature
        """Fen, also from their decimal digits, as fixtures hold them."""
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        if isinstance(value, str) and value.lstrip("-").isdecimal():
            return int(value)
        raise ValidationError("金额在程序里以整数分计。", code="invalid")

    def get_prep_value(self, value: Any) -> Any:  # noqa: ANN401 - Django's signature
        """Fen as 元 for the database; expressions pass."""
        if hasattr(value, "resolve_expression"):
            return value
        fen = self.to_python(value)
        return None if fen is None else Decimal(fen) / 100

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 - Django's signature
        """元 as the database takes decimals."""
        yuan = value if prepared else self.get_prep_value(value)
        if hasattr(yuan, "as_sql"):
            return yuan
        return connection.ops.adapt_decimalfield_value(yuan, self.max_digits, self.decimal_places)

    def formfield(self, *_: object, **__: object) -> None:
        """None of its own: a form declares its field, which says whether people type 元 or 万元."""
        return
