"""A page of a PDF or a picture as PNG, made in a process of its own. Run as a program, and free of the rest.

A hostile file may make the reader crash, loop, or ask for more memory than there is. Here that ends this process, by
limits of the operating system, and nothing else::

    python -m tidu.core.files.rendering check  pdf FILE           → {"pages": 12} on standard output
    python -m tidu.core.files.rendering render pdf FILE 3 1600    → PNG on standard output

Ends with 3 for a file that needs a password, with 4 for one that cannot be read.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tidu.core.own_process import limit

if TYPE_CHECKING:
    from PIL import Image

MEMORY: Final = 1024 * 1024 * 1024
SECONDS: Final = 15
MOST_PIXELS: Final = 80_000_000
LOCKED: Final = 3
UNREADABLE: Final = 4
_PASSWORD: Final = "password"  # noqa: S105 - a word of the reader's message


def _pages(kind: str, path: Path) -> int:
    if kind != "pdf":
        _picture(path).verify()
        return 1
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    if len(document):
        document[0].get_size()
    return len(document)


def _picture(path: Path) -> Image.Image:
    """The picture, its header read and its size known to be bounded."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None
    picture = Image.open(path, formats=("PNG", "JPEG"))
    if picture.width * picture.height > MOST_PIXELS:
        raise ValueError("too many pixels")
    return picture


def _rendered(kind: str, path: Path, page: int, side: int) -> Image.Image:
    from PIL import ImageOps

    if kind == "pdf":
        import pypdfium2

        opened = pypdfium2.PdfDocument(path)[page - 1]
        picture: Image.Image = opened.render(scale=side / max(*opened.get_size(), 1.0)).to_pil()
    else:
        picture = _picture(path)
        picture.draft("RGB", (side, side))
        picture = ImageOps.exif_transpose(picture)
        picture.thumbnail((side, side))
    shown = picture.convert("RGB")
    shown.info.clear()  # a colour profile names the device, and whatever its maker has called it
    return shown


def main(arguments: list[str]) -> int:
    """Do one thing and end."""
    limit(memory=MEMORY, seconds=SECONDS)
    task, kind, name = arguments[:3]
    try:
        if task == "check":
            sys.stdout.write(json.dumps({"pages": _pages(kind, Path(name))}))
        else:
            made = io.BytesIO()
            _rendered(kind, Path(name), int(arguments[3]), int(arguments[4])).save(made, "PNG")
            sys.stdout.buffer.write(made.getvalue())
    except Exception as error:  # noqa: BLE001 - readers raise anything for a broken file, and all of it means the same
        return LOCKED if _PASSWORD in str(error).lower() else UNREADABLE
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
