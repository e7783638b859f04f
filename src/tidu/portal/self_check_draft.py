"""The answers of one visitor, kept in the session: every text as it was typed, whether it can be read or not.

One draft serves all policies: what an enterprise has said for one title need not be typed again for the next. Facts
are read from the texts whenever they are needed (:mod:`tidu.portal.self_check_answers`), so that the two cannot differ.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeVar, cast

from django.conf import settings as site_settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from tidu.core.typed_values import LONGEST_TYPED
from tidu.policy.documents.library import Library

KEY: Final = "self-check"
AS_OF: Final = "as-of"
BASE_YEAR: Final = "base-year"
SIZE: Final = "size-"  # the controls of the size calculator, apart from those of the self-check
MOST_CONTROLS: Final = 1_000  # several times what all forms together ask
READING: Final = "reading-"  # a control that chooses an interpretation: reading-growth_mean

AnyResponse = TypeVar("AnyResponse", bound=HttpResponseBase)


@dataclass
class Draft:
    """Everything that one visitor has typed.

    ``typed`` maps a control's name to its text, ``settings`` a pack's id to the readings chosen there, ``kept`` a
    control to the improbable text that is meant so. ``lists`` holds what a facts file said and no form asks
    (``events``, ``payments``, earlier ``recognitions``), as the file wrote it.
    """

    typed: dict[str, str] = field(default_factory=dict)
    settings: dict[str, dict[str, str]] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    saved_at: dt.datetime | None = None

    @classmethod
    def load(cls, stored: Mapping[str, Any] | None) -> Draft:
        """The draft as it lies in a session; an empty one where there is none."""
        data = stored or {}
        parts = {part: dict(data.get(part, {})) for part in ("typed", "settings", "kept", "lists")}
        saved = data.get("saved_at")
        return cls(**parts, saved_at=None if saved is None else dt.datetime.fromisoformat(saved))

    def dump(self) -> dict[str, Any]:
        """The draft as plain data for a session."""
        return {
            "typed": self.typed,
            "settings": self.settings,
            "kept": self.kept,
            "lists": self.lists,
            "saved_at": None if self.saved_at is None else self.saved_at.isoformat(),
        }

    @property
    def empty(self) -> bool:
        """Whether no self-check was begun; the day looked at and the size calculator are none."""
        return not self.lists and not self.count

    @property
    def count(self) -> int:
        """How many controls of the self-check are filled."""
        return sum(
            bool(text) and name not in {AS_OF, BASE_YEAR} and not name.startswith(SIZE)
            for name, text in self.typed.items()
        )

    def write(self, texts: Mapping[str, str]) -> None:
        """Put ``texts`` into their controls. What is too long to mean anything is cut, and refused when read."""
        for name, text in texts.items():
            if not text:
                self.typed.pop(name, None)
            elif name in self.typed or len(self.typed) < MOST_CONTROLS:
                self.typed[name] = text[: LONGEST_TYPED + 1]
        self.saved_at = timezone.localtime()

    def take(self, other: Draft) -> None:
        """Put the answers of a file in place of those at hand; the day and the readings looked at stay."""
        moment = {name: self.typed[name] for name in (AS_OF, BASE_YEAR) if name in self.typed}
        self.typed, self.lists, self.kept = moment | other.typed, other.lists, {}
        self.saved_at = timezone.localtime()

    def keep(self, name: str) -> None:
        """Take the improbable text of a control as it stands, until it is changed."""
        self.kept[name] = self.typed.get(name, "")

    def choose(self, pack_id: str, readings: Mapping[str, str]) -> None:
        """Set readings of one pack; they are checked against the pack by whoever calls."""
        self.settings.setdefault(pack_id, {}).update(readings)

    def chosen(self, library: Library, pack_id: str) -> dict[str, str]:
        """The complete settings of a pack; a choice that the pack no longer offers falls back to its default."""
        pack = library.get(pack_id)
        declared = pack.document.interpretations
        kept = {
            name: choice
            for name, choice in self.settings.get(pack_id, {}).items()
            if name in declared and choice in declared[name].choices
        }
        return pack.settings(kept)

    def clear(self) -> None:
        """Forget everything."""
        self.typed, self.settings, self.kept, self.lists, self.saved_at = {}, {}, {}, {}, None


def days_kept() -> int:
    """For how many days after the last save a draft lives, as this site is set up."""
    return int(site_settings.SESSION_COOKIE_AGE) // (24 * 60 * 60)


def draft_of(request: HttpRequest) -> Draft:
    """The visitor's draft, to be read."""
    return Draft.load(request.session.get(KEY))


@contextmanager
def editing(request: HttpRequest) -> Iterator[Draft]:
    """The visitor's draft, to be changed: read afresh, changed and stored while no other request changes it.

    Two tabs may save at the same moment; without the lock the slower one would bring back what the other replaced.
    The middleware of sessions writes whole sessions at the end of a request, so the session is marked as unmodified:
    answer through :func:`with_session`, which keeps the cookie alive.
    """
    session = request.session
    with transaction.atomic():
        if session.session_key is not None:
            Session.objects.select_for_update().filter(session_key=session.session_key).first()
            draft = Draft.load(session.load().get(KEY))
        else:
            draft = Draft.load(session.get(KEY))
        yield draft
        session[KEY] = draft.dump()
        session.save()
    session.modified = False


def with_session(request: HttpRequest, response: AnyResponse) -> AnyResponse:
    """``response`` with the session's cookie, good for its whole life from now on."""
    response.set_cookie(
        site_settings.SESSION_COOKIE_NAME,
        request.session.session_key or "",
        max_age=request.session.get_expiry_age(),
        path=site_settings.SESSION_COOKIE_PATH,
        domain=site_settings.SESSION_COOKIE_DOMAIN,
        secure=bool(site_settings.SESSION_COOKIE_SECURE),
        httponly=bool(site_settings.SESSION_COOKIE_HTTPONLY),
        samesite=cast("Literal['Lax', 'Strict', 'None']", site_settings.SESSION_COOKIE_SAMESITE),
    )
    return response


def forget(request: HttpRequest) -> None:
    """Delete the draft, and the session with it where it held nothing else."""
    request.session.pop(KEY, None)
    if request.session.is_empty() or not list(request.session.keys()):
        request.session.flush()


def changed(posted: Mapping[str, str], shown: Mapping[str, str], controls: Iterable[str]) -> dict[str, str]:
    """The texts that the visitor has changed on the page that was posted.

    ``shown`` is what stood in its controls when it was made: a field that still reads the same is no answer, and
    must not undo what another tab has written since.
    """
    return {
        name: text
        for name in controls
        if (text := posted.get(name)) is not None and (name not in shown or shown[name] != text)
    }
