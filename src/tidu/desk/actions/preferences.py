"""How a person wants to be told, and to read."""

from __future__ import annotations

from django.db import transaction

from tidu.accounts.models import User
from tidu.core.actor import Actor
from tidu.core.display import Display
from tidu.desk.models import MailPace, Preference

PLAIN = "plain"  # chosen, and none of the modes: unlike an empty text, which is no choice


@transaction.atomic
def set_pace(*, actor: Actor, user: User, pace: MailPace) -> None:
    """Say how often messages leave by e-mail. Nobody sets it for somebody else."""
    if actor.user_id != user.pk:
        raise ValueError("a preference belongs to its person")
    Preference.objects.update_or_create(user=user, defaults={"mail": pace})


def keep_display(*, user: User, display: Display) -> None:
    """Keep the display modes in the account, so that they are there on another machine too."""
    Preference.objects.update_or_create(user=user, defaults={"display": str(display) or PLAIN})
