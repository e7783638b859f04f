"""Messages to people: in the application at once, by e-mail as each of them wishes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.utils import timezone

from tidu.accounts.models import Membership, Organisation, User
from tidu.accounts.ties import Concerned, ties
from tidu.core.actor import Actor
from tidu.core.roles import Role
from tidu.desk.models import MailPace, Notification, Task

_LONGEST_TITLE, _LONGEST_BODY = 200, 500


@transaction.atomic
def notify(
    *,
    actor: Actor,
    topic: str,
    title: str,
    body: str = "",
    url: str = "",
    users: Iterable[User] | None = None,
    organisation: Organisation | None = None,
    role: Role | None = None,
    task: Task | None = None,
    about: Concerned | None = None,
    key: str = "",
) -> int:
    """Tell ``users``, or whoever holds ``role`` in ``organisation`` (any role without one); never the actor themselves.

    Nor whoever has to avoid the enterprise that it is ``about``, as with tasks.
    With a ``key`` a person is told once, however often this is called. Nothing is sent before the transaction has
    committed. Titles and bodies hold no personal data: they leave by e-mail. Returns how many are told.
    """
    told = _recipients(users, organisation, role) - {actor.user_id}
    if about is not None:
        told -= {person for person, found in ties(told).items() if found.ground(about)}
    if key:
        told -= set(Notification.objects.filter(user_id__in=told, key=key).values_list("user_id", flat=True))
    made = Notification.objects.bulk_create(
        [
            Notification(
                user_id=user_id,
                topic=topic,
                title=title[:_LONGEST_TITLE],
                body=body[:_LONGEST_BODY],
                url=url,
                task=task,
                key=key,
            )
            for user_id in sorted(told)
        ],
        ignore_conflicts=bool(key),  # of two at once, one has told them
    )
    if made:
        transaction.on_commit(partial(_mail_at_once, frozenset(told)))
    return len(made)


def _recipients(
    users: Iterable[User] | None, organisation: Organisation | None, role: Role | None
) -> set[int]:
    if users is not None:
        return {user.pk for user in users if user.is_active}
    if organisation is None:
        raise ValueError("notify() needs users or an organisation")
    held = Membership.objects.filter(organisation=organisation, ended_at__isnull=True, user__is_active=True)
    if role is not None:
        held = held.filter(role=role)
    return set(held.values_list("user_id", flat=True))


def _mail_at_once(told: frozenset[int]) -> None:
    """Leave the sending to the worker; a slow mail server holds up nobody's page."""
    from tidu.desk.mail_queue import deliver

    wanted = User.objects.filter(pk__in=told, preference__mail=MailPace.AT_ONCE).exclude(email="")
    if wanted.exists():
        deliver.enqueue()


def mark_read(*, actor: Actor, notification: Notification | None = None) -> int:
    """Mark one message, or all of them, as read."""
    unread = Notification.objects.visible_to(actor).unread()
    if notification is not None:
        unread = unread.filter(pk=notification.pk)
    return unread.update(read_at=timezone.now())
