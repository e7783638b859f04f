"""The field of a day, one for all forms."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tidu.core.entry import Unreadable, day


class DayField(forms.CharField):
    """A date in any of the ways in which people write it; one of them is shown beside the label."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(**{"max_length": 20, "help_text": "写成 2026-11-20 的样子。", **kwargs})
        self.widget.attrs.update(inputmode="numeric", autocomplete="off")

    def clean(self, value: Any) -> dt.date | None:  # noqa: ANN401 - as Django gives it
        """The day, or ``None`` for a blank."""
        text = super().clean(value)
        try:
            return day(text)
        except Unreadable as unreadable:
            raise ValidationError(str(unreadable)) from None
