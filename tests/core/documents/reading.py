"""Reading a PDF back: what stands on its lines, where, in which size and colour."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
from PIL import Image

MILLIMETRE = 72 / 25.4
_SAME_LINE = 4  # points: smaller characters stand on the same line as larger ones


@dataclass(frozen=True)
class Line:
    """One line: its text, where its first and last characters stand (points from the left), and its foot from above."""

    text: str
    left: float
    right: float
    foot: float


def pages(content: bytes) -> list[list[Line]]:
    """The lines of every page, from above."""
    document = pypdfium2.PdfDocument(content)
    return [list(_lines(page)) for page in document]


def picture(content: bytes, page: int, scale: float = 2.0) -> Image.Image:
    """A page as it looks."""
    image: Image.Image = pypdfium2.PdfDocument(content)[page - 1].render(scale=scale).to_pil()
    return image.convert("RGB")


def text_of(content: bytes) -> str:
    """Everything that the document says, line by line."""
    return "\n".join(line.text for page in pages(content) for line in page)


def properties(content: bytes) -> dict[str, str]:
    """Title, author and the like."""
    found: dict[str, str] = pypdfium2.PdfDocument(io.BytesIO(content)).get_metadata_dict()
    return found


def _lines(page: pypdfium2.PdfPage) -> Iterator[Line]:
    height = page.get_height()
    text = page.get_textpage()
    letters: list[tuple[float, float, float, str]] = []
    for index in range(text.count_chars()):
        letter = text.get_text_range(index, 1)
        if letter.strip("\r\n "):
            # The loose box reaches from ascent to descent of the face: the same for every character of a line.
            left, bottom, right, _ = text.get_charbox(index, loose=True)
            letters.append((height - bottom, left, right, letter))
    letters.sort()
    while letters:
        foot = letters[0][0]
        line = sorted((item for item in letters if item[0] - foot < _SAME_LINE), key=lambda item: item[1])
        letters = letters[len(line) :]
        yield Line("".join(item[3] for item in line), line[0][1], line[-1][2], line[0][0])
