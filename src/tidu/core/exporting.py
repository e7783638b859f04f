"""Tables as files: exactly the rows and columns of a list, streamed, with cells that no program executes."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Final

from tidu.policy.batch.output import neutral

Cell = str | int | dt.date | None
#: Most rows of one workbook. It takes 22 MB of memory however many there are, but 20 s for so many, reading included,
#: which is as long as anybody waits for a download. Excel's own limit is 1,048,576.
MOST_WORKBOOK_ROWS: Final = 200_000
_FIRST_WORKBOOK_DAY: Final = dt.date(1900, 1, 1)
_WIDTH: Final = 18


class _Echo:
    """Hands back what it is told to write."""

    def write(self, text: str) -> str:
        return text


def csv_lines(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The lines of a CSV file in UTF-8, marked so that office programs show Chinese."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield str(writer.writerow([neutral(head) for head in heads]))
    for row in rows:
        yield str(writer.writerow([_text(cell) for cell in row]))


def _text(cell: Cell) -> str | int:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, dt.date) else neutral(cell)


def workbook(title: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> IO[bytes]:
    """A workbook of one sheet as an open temporary file, written in bounded memory."""
    import xlsxwriter

    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - handed to the response, which closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(title[:31])
        head = book.add_format({"bold": True, "bg_color": "#E8EDF3"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.set_column(0, len(heads) - 1, _WIDTH)
        sheet.freeze_panes(1, 0)
        for place, text in enumerate(heads):
            sheet.write_string(0, place, neutral(text), head)
        for number, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                if isinstance(cell, dt.date) and cell >= _FIRST_WORKBOOK_DAY:
                    sheet.write_datetime(number, place, dt.datetime.combine(cell, dt.time.min), day)
                elif isinstance(cell, int):
                    sheet.write_number(number, place, cell)
                elif cell is not None:
                    sheet.write_string(number, place, str(_text(cell)))
    file.seek(0)
    return file
