"""An action that a rule forbids, said in words for the person who asked for it."""

from __future__ import annotations

from http import HTTPStatus


class Refused(Exception):  # noqa: N818 - it is what became of the request, and reads so where it is raised
    """The action did not happen; the text is a Chinese sentence that says why. ``field`` names the input at fault."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


def stated(text: str, what: str, *, most: int | None = None, field: str = "reason", readers: str = "") -> str:
    """What somebody has to put in words, without the space around it.

    ``what`` names it in the message (退回的理由), ``readers`` adds who will read it. Raises :class:`Refused` where
    nothing is said, and for more than ``most`` characters.
    """
    written = text.strip()
    if not written:
        raise Refused(f"请写明{what}{readers and f'，{readers}'}。", field=field)
    if most is not None and len(written) > most:
        raise Refused(f"{what}请控制在 {most} 个字以内，现在有 {len(written)} 个字。", field=field)
    return written


def http_status(refused: object) -> HTTPStatus:
    """With what a page is answered: 422 where ``refused`` (errors, a refusal, its words) says that nothing was done."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
