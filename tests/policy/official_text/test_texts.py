"""Attaching a text: what is kept, what is reported, what is refused."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policy.official_text.word_documents import paragraph, word_document
from tidu.policy.errors import InputError
from tidu.policy.official_text.clauses import ClauseHint
from tidu.policy.official_text.texts import AttachReport, TextStore, attach, decode, read_source

SAMPLES = Path(__file__).parents[1] / "texts"
MEASURES = SAMPLES / "wrapped_measures.txt"
PACK = "yunling-2031-measures"
NOON = dt.datetime(2031, 3, 9, 12, tzinfo=dt.UTC)


@pytest.fixture
def store(tmp_path: Path) -> TextStore:
    return TextStore(tmp_path / "texts")


def attached(
    store: TextStore, source: bytes | Path = MEASURES, *, citations: tuple[str, ...] = ()
) -> AttachReport:
    return attach(PACK, citations, (), source, store, now=NOON)


def test_the_report_tells_found_from_lost_and_what_a_lost_citation_may_have_meant(store: TextStore) -> None:
    report = attached(store, citations=("三/（一）/1", "三/(二)/4．", "三/（一）/9", "三/（一）/1"))
    assert report.found == ("三/（一）/1", "三/(二)/4．")
    assert [lost.citation for lost in report.lost] == ["三/（一）/9"]
    assert "三/（一）/1" in report.lost[0].nearest
    assert not report.complete
    assert attached(store, citations=("末段",)).complete


def test_the_source_is_kept_as_it_came_with_its_digest_and_the_clauses_load_again(store: TextStore) -> None:
    report = attached(store)
    content = MEASURES.read_bytes()
    source = store.source(PACK)
    assert source is not None
    assert source.read_bytes() == content
    assert report.sha256 == hashlib.sha256(content).hexdigest()
    assert report.encoding == "UTF-8"
    assert store.load(PACK) == report.clauses
    kept = store.attached(PACK)
    assert kept is not None
    assert kept["sha256"] == report.sha256
    assert kept["attached_at"] == "2031-03-09T12:00:00+00:00"
    assert store.packs() == (PACK,)


def test_hints_of_the_pack_are_used(store: TextStore) -> None:
    hints = (ClauseHint(("办理步骤", "1"), ("自愿申请",)),)
    report = attach("slides", ("办理步骤/1", "办理步骤/2"), hints, SAMPLES / "slides.txt", store)
    assert report.found == ("办理步骤/1",)


def test_attaching_again_replaces_and_keeps_the_former_version_beside_it(store: TextStore) -> None:
    attached(store)
    report = attached(store, "一、目标\n到2033年，再建三个平台。\n".encode())
    assert report.former is not None
    assert (report.former / "source.txt").read_bytes() == MEASURES.read_bytes()
    assert json.loads((report.former / "clauses.json").read_text(encoding="utf-8"))["clauses"]
    clauses = store.load(PACK)
    assert clauses is not None
    assert [clause.citation for clause in clauses] == ["一"]


def test_attaching_the_same_source_again_makes_no_former_version(store: TextStore) -> None:
    attached(store)
    assert attached(store).former is None
    assert not (store.folder(PACK) / "former").exists()


def test_a_word_document_takes_the_place_of_a_plain_text(store: TextStore) -> None:
    attached(store)
    report = attached(
        store, word_document(paragraph("目标", level=0) + paragraph("建三个平台。")), citations=("一",)
    )
    assert report.encoding == "DOCX"
    assert report.complete
    assert sorted(path.name for path in store.folder(PACK).iterdir() if path.name.startswith("source")) == [
        "source.docx"
    ]


def test_nothing_is_stored_before_something_is_attached(store: TextStore) -> None:
    assert store.load(PACK) is None
    assert store.attached(PACK) is None
    assert store.source(PACK) is None
    assert store.packs() == ()
    assert not store.root.exists()


def test_a_refused_source_changes_nothing(store: TextStore) -> None:
    before = attached(store)
    with pytest.raises(InputError):
        attached(store, b"%PDF-1.7 ...")
    assert store.load(PACK) == before.clauses
    assert store.source(PACK) is not None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7\n...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Office"),
        (b"{\\rtf1 ...}", "RTF"),
        (b"PK\x03\x04 something else", "压缩包"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"", "没有文字"),
        (b" \n\t\n", "没有文字"),
        (b"\x00\x01\x02 binary", "编码"),
        ("一、目標\n推動發展。".encode("big5"), "编码"),
        ("一、目标。".encode()[:-1], "编码"),
    ],
)
def test_what_is_no_text_is_refused_with_the_way_out(store: TextStore, content: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        attached(store, content)
    assert caught.value.problems[0].remedy


@pytest.mark.parametrize(
    ("codec", "named"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("gb18030", "GB18030"),
        ("gbk", "GB18030"),
        ("utf-16", "UTF-16"),
    ],
)
def test_the_encodings_of_chinese_offices_are_told_apart(codec: str, named: str) -> None:
    text = "一、总体目标\n支持中小企业“专精特新”发展，给予奖励。"
    assert decode(text.encode(codec), name="原文") == (text, named)


@pytest.mark.parametrize("path", [".", "missing.txt", "bad\0name"])
def test_a_path_that_is_no_file_is_an_error_that_names_it(
    store: TextStore, tmp_path: Path, path: str
) -> None:
    with pytest.raises(InputError, match=r"检查|给出"):
        attached(store, tmp_path / path)


def test_a_source_beyond_twenty_megabytes_is_refused_unread(tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    with large.open("wb") as handle:
        handle.truncate(20_000_001)
    with pytest.raises(InputError, match="20 MB"):
        read_source(large)


@pytest.mark.parametrize(
    "pack",
    [
        "..",
        "../x",
        "a/b",
        "a\\b",
        "/etc",
        "",
        ".",
        "A",
        "a b",
        "a\n",
        "a\0",
        "政策",
        "-a",
        "a--b",
        "a" * 61,
        "a.b",
    ],
)
def test_an_id_that_is_none_never_becomes_a_path(store: TextStore, pack: str) -> None:
    with pytest.raises(InputError, match="标识"):
        attach(pack, (), (), MEASURES, store)
    with pytest.raises(InputError):
        store.load(pack)
    assert not store.root.exists()


@given(st.text(max_size=70))
def test_any_id_stays_inside_the_store(pack: str) -> None:
    store = TextStore(Path("/store"))
    try:
        folder = store.folder(pack)
    except InputError:
        return
    assert folder.parent == store.root
    assert folder.name == pack


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"{}", b'{"clauses": 1}', b"\xff", b"[" * 100_000])
def test_damaged_storage_is_an_error_that_says_what_to_do(store: TextStore, content: bytes) -> None:
    attached(store)
    (store.folder(PACK) / "clauses.json").write_bytes(content)
    with pytest.raises(InputError, match="重新挂接原文"):
        store.load(PACK)


def test_a_file_where_a_folder_should_be_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "texts").write_text("in the way")
    with pytest.raises(InputError, match="TIDU_DATA"):
        attached(TextStore(tmp_path / "texts"))


def test_readers_see_the_old_clauses_or_the_new_ones_while_texts_are_replaced(store: TextStore) -> None:
    sources = [f"一、第{number}版\n只有这一段。\n".encode() for number in range(6)]
    with ThreadPoolExecutor(4) as pool:
        writes = [pool.submit(attached, store, source) for source in sources * 3]
        for _ in range(100):
            clauses = store.load(PACK)
            assert clauses is None or len(clauses) == 1
        assert all(write.result().clauses for write in writes)
    assert not [path for path in store.folder(PACK).rglob(".*") if path.name != ".lock"]


def test_the_store_follows_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TIDU_DATA", str(tmp_path))
    assert TextStore.default().root == tmp_path / "texts"
    monkeypatch.delenv("TIDU_DATA")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert TextStore.default().root == tmp_path / ".local/share/tidu/texts"
