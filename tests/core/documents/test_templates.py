"""Templates are files: a city's stand in for ours, and a faulty one is refused in words. Faces miss no character."""

from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image, ImageChops
from pytest_django import Settings

from tests.core.documents.reading import pages, picture, properties, text_of
from tests.core.documents.samples import ISSUER, document
from tidu.core.documents import faces as faces_module
from tidu.core.documents.faces import WANTED, faces
from tidu.core.documents.template_files import TemplateBroken
from tidu.core.documents.typesets import set_letter, set_sheet
from tidu.core.documents.words import Letter, Paragraph
from tidu.core.styleguide_documents import sample_sheet

RARE = "垚昇堃喆珺犇骉镕燚頔翀"
OWN = "#let data = json(bytes(sys.inputs.data))\n#set text(font: data.faces.body)\n本市模板：#data.title"


@pytest.fixture
def own(tmp_path: Path, settings: Settings) -> Path:
    settings.DOCUMENT_TEMPLATES = tmp_path
    return tmp_path


def letter(text: str = "特此通知。") -> Letter:
    return Letter(parts=(Paragraph(text, indent=False),))


def test_a_citys_template_stands_in_for_ours_of_the_same_name(own: Path) -> None:
    (own / "notice.typ").write_text(OWN, encoding="utf-8")
    assert "本市模板：" in text_of(set_letter(document(letter(), kind="notice")))
    assert "本市模板：" not in text_of(set_letter(document(letter(), kind="call")))


def test_a_citys_template_builds_on_our_layout_and_brings_its_own_files(own: Path) -> None:
    mark = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    (own / "mark.svg").write_text(mark, encoding="utf-8")
    template = '#import "gb9704.typ": *\n#let data = json(bytes(sys.inputs.data))\n#image("mark.svg")\n#official(data)'
    (own / "call.typ").write_text(template, encoding="utf-8")
    assert f"{ISSUER}文件" in text_of(set_letter(document(letter())))


def test_a_citys_layout_is_used_by_our_templates(own: Path) -> None:
    (own / "gb9704.typ").write_text(
        "#let official(data) = { set text(font: data.faces.body)\n [本市版式] }", encoding="utf-8"
    )
    assert text_of(set_letter(document(letter()))) == "本市版式"


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ("#unknown-thing()", "unknown variable"),
        ('#import "nowhere.typ": *', "not found"),
        ('#read("/etc/passwd")', "notice.typ"),
        ("#let x = ", "notice.typ:1"),
        ('#import "@preview/example:0.1.0": *', "不联网下载"),
    ],
)
def test_a_faulty_template_is_named_with_the_line(own: Path, template: str, fault: str) -> None:
    (own / "notice.typ").write_text(template, encoding="utf-8")
    with pytest.raises(TemplateBroken, match=r"本单位的模板文件夹里的公文模板“notice\.typ”有错误") as refused:
        set_letter(document(letter(), kind="notice"))
    assert fault in refused.value.message
    assert "请联系系统管理员改正模板" in refused.value.message


def test_a_faulty_layout_is_blamed_on_whoever_wrote_it(own: Path) -> None:
    (own / "gb9704.typ").write_text("#let official(data) = broken", encoding="utf-8")
    with pytest.raises(TemplateBroken) as refused:
        set_letter(document(letter()))
    assert refused.value.own


def test_a_corrected_template_works_at_once(own: Path) -> None:
    (own / "notice.typ").write_text("#broken", encoding="utf-8")
    with pytest.raises(TemplateBroken):
        set_letter(document(letter(), kind="notice"))
    (own / "notice.typ").write_text(OWN, encoding="utf-8")
    assert "本市模板：" in text_of(set_letter(document(letter(), kind="notice")))


def test_a_folder_that_is_not_there_is_no_folder(tmp_path: Path, settings: Settings) -> None:
    settings.DOCUMENT_TEMPLATES = tmp_path / "none"
    assert "特此通知。" in text_of(set_letter(document(letter())))


def test_every_character_of_rare_names_is_drawn() -> None:
    """What no face has is drawn as a box, the same for every such character. None of these is that box."""
    nothing = _drawn("\U00013000")  # a hieroglyph
    known = [_drawn(character) for character in f"一{RARE}"]
    assert all(ImageChops.difference(shown, nothing).getbbox() for shown in known)
    assert RARE in text_of(set_letter(document(letter(RARE))))


def _drawn(character: str) -> Image.Image:
    content = set_letter(document(letter(character), title="一"))
    line = next(line for line in pages(content)[0][3:])
    scale = 2.0
    edges = (line.left, line.foot - 30, line.left + 24, line.foot + 4)
    left, top, right, bottom = (int(scale * edge) for edge in edges)
    return picture(content, 1, scale).crop((left, top, right, bottom))


@pytest.mark.parametrize("part", WANTED)
def test_every_chain_of_faces_ends_where_no_character_is_missing(part: str) -> None:
    assert faces()[part][-1] == "Noto Serif SC"


def test_a_citys_own_faces_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    at_hand = [
        "FangSong_GB2312",
        "FZXiaoBiaoSong-B05S",
        "KaiTi_GB2312",
        "SimHei",
        "Noto Sans SC",
        "Noto Serif SC",
    ]
    monkeypatch.setattr(faces_module, "families_at_hand", lambda: at_hand)
    chains = faces()
    assert chains["body"] == ["FangSong_GB2312", "Noto Serif SC"]
    assert chains["title"] == ["FZXiaoBiaoSong-B05S", "Noto Serif SC"]
    assert chains["hei"] == ["SimHei", "Noto Sans SC", "Noto Serif SC"]
    assert chains["kai"] == ["KaiTi_GB2312", "Noto Serif SC"]


def test_without_any_face_of_ours_the_machines_own_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces_module, "families_at_hand", lambda: ["DejaVu Sans"])
    assert faces()["body"] == ["DejaVu Sans"]


def test_a_receipt_says_its_number_and_digest_and_draws_its_link() -> None:
    content = set_sheet(kind="receipt", words=sample_sheet("receipt").as_words(), made_at=timezone.now())
    text = text_of(content)
    assert "编号：7F3K-9QMX-22PA" in text
    assert "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0" in text
    assert "第1页，共1页" in text
    assert "扫码查看进度" in text


def test_a_certificate_is_made_for_keeping() -> None:
    content = set_sheet(
        kind="certificate", words=sample_sheet("certificate").as_words(), made_at=timezone.now(), pdf_a=True
    )
    assert b"<pdfaid:part>2</pdfaid:part>" in content
    text = text_of(content)
    assert "证书编号：样专精特新2026-0012" in text
    assert "有效期：2026年11月20日至2029年11月19日" in text
    assert "核验码：K7QM-2PXA" in text
    assert properties(content)["Title"] == "认定证书 样专精特新 2026-0012"


def test_a_revoked_certificate_bears_a_watermark() -> None:
    words = sample_sheet("certificate").as_words()
    assert "撤" in text_of(set_sheet(kind="certificate", words=words, made_at=timezone.now(), mark="撤销"))


def test_a_sheet_without_a_template_is_refused_in_words() -> None:
    with pytest.raises(TemplateBroken, match="没有这个文件"):
        set_sheet(kind="nothing", words={}, made_at=timezone.now())
