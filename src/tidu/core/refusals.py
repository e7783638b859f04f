"""An action that a rule forbids, said in words for the person who asked for it."""

from __future__ import annotations

from http import HTTPStatus


class Refused(Exception):  # noqa: N818 - it is what became of the request, and reads so where it is raised
    """The action did not happen; the text is a Chinese sentence that says why. ``field`` names the input at fault."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


def http_status(refused: object) -> HTTPStatus:
    """With what a page is answered: 422 where ``refused`` (errors, a refusal, its words) says that nothing was done."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
