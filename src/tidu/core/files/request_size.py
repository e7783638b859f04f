"""How large a request a view takes. Only views that receive files take more than ``REQUEST_BYTES``."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from django.conf import settings
from django.http import HttpResponseBase

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
ATTRIBUTE: Final = "receives"
VISITORS: Final = "receives_of_visitors"
_FORM_AROUND: Final = 1024 * 1024


def receives_files(
    setting: str = "FILE_BYTES", *, files: int = 1, visitors: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a view take ``files`` files, each as large as the named setting says, with a form around them.

    For signed-in people alone: of others nothing is read beyond the usual size, unless the view is there for
    ``visitors``. Goes below ``@for_roles``.
    """

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def receiving(*args: P.args, **kwargs: P.kwargs) -> R:
            return view(*args, **kwargs)

        setattr(receiving, ATTRIBUTE, (setting, files))
        setattr(receiving, VISITORS, visitors)
        return receiving

    return mark


def most_bytes(view: Callable[..., Any] | None = None) -> int:
    """The largest request that ``view`` takes."""
    asked = getattr(view, ATTRIBUTE, None)
    if asked is None:
        return int(settings.REQUEST_BYTES)
    setting, files = asked
    asked_for = int(getattr(settings, setting)) * int(files) + _FORM_AROUND
    return max(asked_for, int(settings.REQUEST_BYTES))


def takes_of_visitors(view: Callable[..., Any] | None) -> bool:
    """Whether ``view`` takes its files of people who have not signed in."""
    return bool(getattr(view, VISITORS, False))
