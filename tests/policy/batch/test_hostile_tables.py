"""Whatever a table holds, it is read or refused with a readable error, and never anything else."""

import datetime as dt
import io
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.policy.assess.wording import Names
from tidu.policy.batch.cells import CellReader, UnreadableCellError
from tidu.policy.batch.maps import Reading, known_key
from tidu.policy.batch.sheets import open_table
from tidu.policy.errors import InputError
from tidu.policy.vocabulary.vocabulary import load_vocabulary

NAMES = Names(load_vocabulary().indicators, {})
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.text(max_size=60),
    st.from_regex(r"[-+]?[0-9０-９,._]{1,60}(e[-+]?[0-9]{1,12})?(万元|亿元|%|年|人)?", fullmatch=True),
)
READINGS = [
    Reading(to="revenue_2025", unit="亿元"),
    Reading(to="employees_2025"),
    Reading(to="market_share_national_2025", unit="%"),
    Reading(to="niche_years", unit="月"),
    Reading(to="registered_on", format="YYYY年M月D日"),
    Reading(to="registered_on"),
    Reading(to="registered_area", read="address", city="市"),
    Reading(to="registered_area", read="uscc"),
    Reading(to="industry_code", values={"软件": "I65"}),
    Reading(to="rd_centre"),
    Reading(to="bad_record"),
    Reading(to="name"),
]


def open_bytes(content: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        with suppress(InputError):
            list(open_table(path).rows)


@given(
    st.one_of(
        st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
    )
)
def test_any_bytes_as_a_csv_are_read_or_refused(content: bytes) -> None:
    open_bytes(content, "a.csv")


@given(st.binary(max_size=200))
def test_any_bytes_as_a_workbook_are_refused(content: bytes) -> None:
    open_bytes(content, "a.xlsx")


def workbook_parts() -> dict[str, bytes]:
    """The parts of a small workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in (["名称", "数", "日期"], ["甲", 1.5, dt.date(2024, 1, 2)], ["乙", None, True]):
        sheet.append(cells)
    saved = io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


PARTS = workbook_parts()
INSERTED = st.one_of(
    st.binary(max_size=8),
    st.sampled_from(
        [b"A1048577", b"ZZZ99999999", b"9" * 20, b"-1", b"1e400", b"<v>", b"</c>", b't="s"', b't="e"']
    ),
)


@given(st.data())
def test_a_workbook_with_any_part_spoilt_is_read_or_refused(data: st.DataObject) -> None:
    spoilt = data.draw(st.sampled_from([name for name in PARTS if name.startswith("xl/")]))
    body = bytearray(PARTS[spoilt])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(body)))
        body[place : place + data.draw(st.integers(0, 12))] = data.draw(INSERTED)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in PARTS.items():
            archive.writestr(name, bytes(body) if name == spoilt else content)
    open_bytes(made.getvalue(), "a.xlsx")


@pytest.mark.parametrize(
    "reading", READINGS, ids=lambda reading: f"{reading.to} {reading.unit}{reading.read or ''}"
)
@given(raw=CELLS, city=CELLS)
def test_any_cell_gives_a_value_or_a_reason(reading: Reading, raw: object, city: object) -> None:
    described, _ = known_key(reading.to, NAMES)
    assert described is not None
    with suppress(UnreadableCellError):
        value = CellReader(described, reading, frozenset()).read(raw, city)
        assert value is None or isinstance(value, bool | int | float | str | dt.date)
