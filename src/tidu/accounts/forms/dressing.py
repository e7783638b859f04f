"""Django's forms in our design."""

from __future__ import annotations

from typing import Any, Final, Protocol, cast

from django import forms
from django.forms.utils import ErrorDict
from django.http import HttpRequest, QueryDict

from tidu.core.components import Fault
from tidu.core.refusals import Refused


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: what was sent, be it nothing at all, or None where the page is only opened."""
    return request.POST if request.method == "POST" else None


_LIMITS: Final = {
    "min_value": "不能小于 %(limit_value)s。",
    "max_value": "不能大于 %(limit_value)s。",
    "min_length": "至少写 %(limit_value)d 个字，现在有 %(show_value)d 个。",
    "max_length": "最多写 %(limit_value)d 个字，现在有 %(show_value)d 个。",
}
_KINDS: Final[tuple[tuple[type[forms.Field], str], ...]] = (
    (forms.FloatField, "请填写数，例如 12.5。"),
    (forms.DecimalField, "请填写数，例如 12.5。"),
    (forms.IntegerField, "请填写整数，例如 12。"),
    (forms.DateField, "日期请写成 2026-12-31 的样子。"),
)


def say_plainly(field: forms.Field) -> None:
    """Our words for what a control of Django's refuses, where a form has none of its own."""
    verb = "选择" if isinstance(field.widget, (forms.Select, forms.RadioSelect)) else "填写"
    field.error_messages["required"] = f"请{verb}{field.label}。"
    for code, words in _LIMITS.items():
        field.error_messages.setdefault(code, words)
    for kind, words in _KINDS:
        if (
            isinstance(field, kind)
            and field.error_messages["invalid"] == kind.default_error_messages["invalid"]
        ):
            field.error_messages["invalid"] = words
            return


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
            say_plainly(field)
            widget.attrs.pop("placeholder", None)
            if isinstance(widget, (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)):
                widget.attrs.setdefault("class", "form-check-input")
            else:
                chosen = isinstance(widget, forms.Select)
                widget.attrs.setdefault("class", "form-select" if chosen else "form-control")

    def refuse(self, refused: Refused) -> None:
        """Show what an action refused beside the control at fault, or above the form where it is about no control."""
        self.add_error(refused.field if refused.field in self.fields else None, refused.message)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The error summary: every fault with the control that it is about."""
        if not self.is_bound:
            return ()
        errors: ErrorDict = self.errors
        return tuple(
            Fault(
                self[name].id_for_label if name in self.fields else "errors",
                self._in_place(name, str(message)),
            )
            for name, messages in errors.items()
            for message in messages
        )

    def _in_place(self, name: str, message: str) -> str:
        """``message`` as it is understood away from its field."""
        label = str(self.fields[name].label or "") if name in self.fields else ""
        return message if not label or label in message else f"{label}：{message}"
