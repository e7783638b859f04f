"""The worker's part of mailing."""

from __future__ import annotations

from django_tasks import task

from tidu.desk.mail import send_at_once


@task()
def deliver() -> None:
    """Send what waits to be sent at once. What does not leave now leaves with the next tick."""
    send_at_once()
