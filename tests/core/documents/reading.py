"""Reading a PDF back: what stands on its lines, where, in which size and colour."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
from PIL import Image

MILLIMETRE = 72 / 25.4
PAGE_HEIGHT = 297 * MILLIMETRE


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
    by_foot: dict[int, list[tuple[float, float, float, str]]] = {}
    for index in range(text.count_chars()):
        letter = text.get_text_range(index, 1)
        if not letter.strip("\r\n "):
            continue
        # The loose box reaches from ascent to descent of the face: the same for every character of a line.
        left, bottom, right, _ = text.get_charbox(index, loose=True)
        by_foot.setdefault(round((height - bottom) / 3), []).append((left, right, height - bottom, letter))
    for _, letters in sorted(by_foot.items()):
        letters.sort()
        yield Line("".join(item[3] for item in letters), letters[0][0], letters[-1][1], letters[0][2])
