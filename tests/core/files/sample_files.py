"""Small files of every kind, honest and hostile, made on the spot."""

from __future__ import annotations

import io
import zipfile

from PIL import Image

from tidu.core.files.kinds import FileKind

_RELATIONS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'


def pdf(pages: int = 1, *, width: float = 595, height: float = 842, password: bool = False) -> bytes:
    """A PDF whose pages are blank."""
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(width, height)
    made = io.BytesIO()
    document.save(made)
    if not password:
        return made.getvalue()
    # An encryption dictionary that no empty password opens.
    locked = b"<</Filter/Standard/V 1/R 2/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">/P -4>>"
    return made.getvalue().replace(b"/Root", b"/Encrypt " + locked + b"/ID[<61><61>]/Root", 1)


def png(width: int = 40, height: int = 30) -> bytes:
    """A red picture."""
    made = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(made, "PNG")
    return made.getvalue()


def jpeg() -> bytes:
    """The same as a photograph."""
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(made, "JPEG")
    return made.getvalue()


def office(
    kind: FileKind = FileKind.XLSX, *, extra: dict[str, bytes] | None = None, content: str = ""
) -> bytes:
    """An office document with the parts that tell what it is, and whatever else is put into it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types><Override PartName="/main.xml" ContentType="{content or kind.content}.main+xml"/></Types>',
        )
        archive.writestr("_rels/.rels", _RELATIONS)
        for name, part in (extra or {}).items():
            archive.writestr(name, part)
    return made.getvalue()
