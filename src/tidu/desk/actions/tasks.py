"""Tasks: opened and ended inside the action that makes them due or done.

They are what the record's events leave to do, so they make no events of their own: the action around them does.
"""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models.functions import Cast, Replace
from django.utils import timezone

from tidu.accounts.models import Organisation
from tidu.accounts.ties import Concerned
from tidu.core.actor import Actor
from tidu.core.models import Deadline
from tidu.core.roles import Role
from tidu.desk.actions.notifications import notify
from tidu.desk.models import Task, TaskState

_LONGEST_TITLE = 200


@transaction.atomic
def open_task(
    *,
    actor: Actor,
    kind: str,
    title: str,
    url: str,
    organisation: Organisation,
    role: Role,
    subject: models.Model,
    subject_label: str = "",
    deadline: Deadline | None = None,
    copy: bool = False,
    about: Concerned | None = None,
    by_another: bool = False,
) -> Task:
    """Give a role of an organisation something to do, or with ``copy`` something to know of.

    Whoever holds the role is told once it is committed, except the person who acts. Doing it again makes no second
    task: the open one takes the new title, address and deadline, and nobody is told again. Whoever has to avoid
    the enterprise that it is ``about`` neither sees it nor is told. ``by_another``: whoever asks cannot do it
    themselves and sees it as waiting for a colleague.
    """
    values: dict[str, object] = {
        "title": title[:_LONGEST_TITLE],
        "url": url,
        "subject_label": (subject_label or str(subject))[:_LONGEST_TITLE],
        "deadline": deadline,
        "about_id": None if about is None else about.organisation_id,
        "about_uscc": "" if about is None else about.uscc,
        "asked_by_id": actor.user_id if by_another else None,
    }
    task, created = Task.objects.get_or_create(
        organisation=organisation,
        role=role,
        kind=kind,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        state=TaskState.OPEN,
        defaults={**values, "copy": copy},
    )
    if created:
        notify(
            actor=actor,
            organisation=organisation,
            role=role,
            topic="抄送" if copy else "待办",
            title=task.title,
            body="" if deadline is None else f"{deadline.due_on.isoformat()} 前办理。",
            url=url,
            task=task,
            about=about,
            key=f"task-{task.pk}",
        )
        return task
    changed = {name: value for name, value in values.items() if getattr(task, name) != value}
    if task.copy and not copy:  # what was only to be known of is now to be done
        changed["copy"] = False
    if changed:
        for name, value in changed.items():
            setattr(task, name, value)
        task.save(update_fields=list(changed))
    return task


def finish_task(
    *, actor: Actor, kind: str, subject: models.Model, outcome: str, organisation: Organisation | None = None
) -> int:
    """Mark the open tasks of this kind about ``subject`` as done: everybody's, or those of one organisation.

    Returns how many there were; none is no mistake, since two officers may end the same thing at once.
    """
    return _end(actor, kind, subject, organisation, TaskState.DONE, outcome)


def withdraw_task(
    *, actor: Actor, kind: str, subject: models.Model, outcome: str, organisation: Organisation | None = None
) -> int:
    """Take the open tasks of this kind about ``subject`` back, because they are no longer called for."""
    return _end(actor, kind, subject, organisation, TaskState.WITHDRAWN, outcome)


def ask_another(*, actor: Actor | None, kind: str, subject: models.Model) -> int:
    """Leave the open tasks of this kind about ``subject`` to a colleague of the actor; ``None``: to everybody again."""
    return _open_about(kind, subject).update(asked_by_id=None if actor is None else actor.user_id)


def _open_about(kind: str, subject: models.Model) -> models.QuerySet[Task]:
    return Task.objects.open().filter(
        kind=kind, subject_type=subject._meta.label_lower, subject_id=str(subject.pk)
    )


def retitle_tasks(*, kind: str, subjects: models.QuerySet[Any], before: str, after: str) -> int:
    """Write ``after`` for ``before`` in the titles of open tasks of this kind about ``subjects``; returns how many."""
    numbers = subjects.order_by().annotate(subject=Cast("pk", models.CharField())).values("subject")
    tasks = Task.objects.open().filter(
        kind=kind, subject_type=subjects.model._meta.label_lower, subject_id__in=numbers
    )
    return tasks.update(title=Replace("title", models.Value(before), models.Value(after)))


def _end(  # noqa: PLR0917 - private, called twice above
    actor: Actor,
    kind: str,
    subject: models.Model,
    organisation: Organisation | None,
    state: TaskState,
    outcome: str,
) -> int:
    tasks = _open_about(kind, subject)
    if organisation is not None:
        tasks = tasks.filter(organisation=organisation)
    # Whoever ends a task of another organisation is not named to it: applicants do not learn who reviews them.
    # (The system is nobody; PostgreSQL could not tell the type of a choice between nothing and nothing.)
    colleague = actor.user_id and models.Case(
        models.When(organisation_id=actor.organisation_id, then=models.Value(actor.user_id)),
        default=models.Value(None),
        output_field=models.BigIntegerField(null=True),
    )
    return tasks.update(
        state=state, outcome=outcome[:_LONGEST_TITLE], done_at=timezone.now(), done_by_id=colleague
    )


def acknowledge(*, actor: Actor, task: Task) -> bool:
    """Mark what was only to be known of as seen. False where it is something to do, or has ended already."""
    seen = Task.objects.visible_to(actor).open().filter(pk=task.pk, copy=True)
    return bool(
        seen.update(state=TaskState.DONE, outcome="已阅", done_at=timezone.now(), done_by_id=actor.user_id)
    )
