"""How large a request a view takes. Only views that receive files take more than ``REQUEST_BYTES``.

Of people who have not signed in, ``VISITOR_BYTES`` are taken; more only by views that receive files of visitors.
"""

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
EVERY_VISITOR: Final = "VISITOR_RATE"
_FORM_AROUND: Final = 1024 * 1024


def receives_files(
    setting: str = "FILE_BYTES", *, files: int = 1, visitors: str = ""
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a view take ``files`` files, each as large as the named setting says, with a form around them.

    For signed-in people alone, unless the view is there for ``visitors``: the name of the rate at which one address may
    send more than the usual size without having signed in. Goes below ``@for_roles``.
    """

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def receiving(*args: P.args, **kwargs: P.kwargs) -> R:
            return view(*args, **kwargs)

        setattr(receiving, ATTRIBUTE, (setting, files))
        setattr(receiving, VISITORS, visitors)
        return receiving

    return mark


def most_bytes(view: Callable[..., Any] | None = None, *, visitor: bool = False) -> int:
    """The largest request that ``view`` takes, of somebody signed in or of a ``visitor``."""
    usual = int(min(settings.VISITOR_BYTES, settings.REQUEST_BYTES) if visitor else settings.REQUEST_BYTES)
    asked = getattr(view, ATTRIBUTE, None)
    if asked is None or (visitor and not getattr(view, VISITORS, "")):
        return usual
    setting, files = asked
    return max(int(getattr(settings, setting)) * int(files) + _FORM_AROUND, usual)


def visitor_rate(view: Callable[..., Any], size: int) -> str:
    """The name of the rate at which an address may send ``view`` requests of this size without having signed in."""
    return str(getattr(view, VISITORS, "")) if size > settings.VISITOR_BYTES else EVERY_VISITOR
