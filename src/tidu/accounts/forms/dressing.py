"""Django's forms in our design."""

from __future__ import annotations

from typing import Any, Protocol, cast

from django import forms
from django.forms.utils import ErrorDict
from django.http import HttpRequest, QueryDict

from tidu.core.components import Fault


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: what was sent, be it nothing at all, or None where the page is only opened."""
    return request.POST if request.method == "POST" else None


class _Labelled(Protocol):
    labels: dict[str, str]
    hints: dict[str, str]


class Dressed(forms.BaseForm):
    """Gives every control the class of our style sheet, and our words instead of a library's."""

    labels: dict[str, str] = {}  # noqa: RUF012 - overridden as a whole by each form
    hints: dict[str, str] = {}  # noqa: RUF012 - as above

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        own = cast("_Labelled", self)
        for name, field in self.fields.items():
            field.label = own.labels.get(name, field.label)
            field.help_text = own.hints.get(name, field.help_text if isinstance(field.help_text, str) else "")
            widget = field.widget
            verb = "选择" if isinstance(widget, (forms.Select, forms.RadioSelect)) else "填写"
            field.error_messages["required"] = f"请{verb}{field.label}。"
            widget.attrs.pop("placeholder", None)
            if isinstance(widget, (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)):
                widget.attrs.setdefault("class", "form-check-input")
            else:
                chosen = isinstance(widget, forms.Select)
                widget.attrs.setdefault("class", "form-select" if chosen else "form-control")

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The error summary: every fault with the control that it is about."""
        if not self.is_bound:
            return ()
        errors: ErrorDict = self.errors
        return tuple(
            Fault(self[name].id_for_label if name in self.fields else "errors", str(message))
            for name, messages in errors.items()
            for message in messages
        )
