"""A city's template is a program: it reads nothing but its own files, reaches nobody, and ends."""

from __future__ import annotations

import json
import os
import socket
import zipfile
from pathlib import Path

import docx
import pytest
from pytest_django import Settings

from tests.core.documents.reading import text_of
from tests.core.documents.samples import document
from tidu.core import own_process
from tidu.core.documents.template_files import TemplateBroken
from tidu.core.documents.typesets import set_letter
from tidu.core.documents.word_files import word_letter
from tidu.core.documents.words import Letter, Paragraph

LETTER = Letter(parts=(Paragraph("特此通知。", indent=False),))


@pytest.fixture
def own(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of templates beside a secret, in a process that runs where the secret lies."""
    (tmp_path / "secret.typ").write_text("#let word = [机密内容]", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "own"
    folder.mkdir()
    settings.DOCUMENT_TEMPLATES = folder
    return folder


def _fault(own: Path, template: str) -> str:
    (own / "notice.typ").write_text(template, encoding="utf-8")
    with pytest.raises(TemplateBroken) as refused:
        set_letter(document(LETTER, kind="notice"))
    return refused.value.fault


@pytest.mark.parametrize(
    "reading",
    [
        '#read("secret.typ")',
        '#read("../secret.typ")',
        '#read("/secret.typ")',
        '#read("{outside}/secret.typ")',
        '#read("../" * 9 + "etc/passwd")',
        '#import "../secret.typ": word\n#word',
        '#include "..\\u{{2f}}secret.typ"',
        '#image("{outside}/secret.typ")',
        '#eval("read(\\"../secret.typ\\")")',
        '#plugin("../secret.typ")',
    ],
)
def test_nothing_is_read_but_the_files_of_templates(own: Path, reading: str) -> None:
    fault = _fault(own, reading.format(outside=own.parent))
    assert "机密" not in fault


def test_a_link_that_leads_out_of_the_folder_is_no_template(own: Path) -> None:
    (own / "link.typ").symlink_to(own.parent / "secret.typ")
    assert "not found" in _fault(own, '#import "link.typ": word\n#word')


def test_nothing_is_read_through_a_picture(own: Path) -> None:
    linked = f'<image href="{own.parent / "secret.typ"}" width="9" height="9"/>'
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{linked}</svg>'
    (own / "mark.svg").write_text(picture, encoding="utf-8")
    assert "机密" not in _fault(own, '#image("mark.svg")\n#broken')


@pytest.mark.parametrize(
    "import_",
    [
        '#import "@preview/example:0.1.0": *',
        '#let name = "@pre" + "view/example:0.1.0"\n#import name: *',
        '#import "\\u{40}preview/example:0.1.0": *',
        '#import /* of others */ "@preview/example:0.1.0": *',
        '#include("@preview/example:0.1.0")',
        '#eval("import \\"@preview/example:0.1.0\\"")',
    ],
)
def test_no_package_is_fetched_however_it_is_named(
    own: Path, monkeypatch: pytest.MonkeyPatch, import_: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.setblocking(False)
        for name in own_process.PROXIES:  # where the process that asks would send it
            monkeypatch.setenv(name, f"http://127.0.0.1:{door.getsockname()[1]}")
        assert _fault(own, import_)
        with pytest.raises(BlockingIOError):
            door.accept()


@pytest.mark.parametrize(
    "endless",
    [
        "#while true {}",
        "#let again(n) = again(n + 1)\n#again(0)",
        "#for a in range(100000) { for b in range(100000) { let c = calc.pow(2, 9) } }",
        '#let all = ("x",) * 1000000\n#for i in range(60) { all = all + all }',
        '#let text = "x" * 1000000\n#for i in range(60) { text = text + text }',
        "#for i in range(100000000) { pagebreak() }",
    ],
)
def test_a_template_without_end_is_stopped(own: Path, monkeypatch: pytest.MonkeyPatch, endless: str) -> None:
    monkeypatch.setattr(own_process, "SECONDS", 1)
    assert _fault(own, endless)


def test_what_is_ours_is_set_in_this_process_and_reads_nothing_either(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DOCUMENT_TEMPLATES = None
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(own_process, "_environment", os.abort)
    assert "特此通知。" in text_of(set_letter(document(LETTER, kind="notice")))


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit that is reached soon."""
    monkeypatch.setattr(own_process, "MEMORY", 256 * 1024 * 1024)


def _word_fault(own: Path, *paragraphs: str) -> str:
    template = docx.Document()
    for text in paragraphs:
        template.add_paragraph(text)
    template.save(str(own / "letter.docx"))
    with pytest.raises(TemplateBroken, match=r"本单位的模板文件夹里的公文模板“letter\.docx”") as refused:
        word_letter(document(LETTER))
    assert refused.value.own
    return refused.value.fault


@pytest.mark.parametrize(
    "endless",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{{ 9 ** (9 ** 9) }}",
    ],
)
def test_a_word_template_without_end_is_stopped(
    own: Path, monkeypatch: pytest.MonkeyPatch, endless: str
) -> None:
    monkeypatch.setattr(own_process, "SECONDS", 1)
    assert "太多，已经停下" in _word_fault(own, endless)


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}", "RecursionError"),
        ("{{ 'x' * 10 ** 9 }}", "内存太多"),
        (
            "{% set all = namespace(x='x') %}{% for i in range(60) %}{% set all.x = all.x ~ all.x %}{% endfor %}",
            "内存太多",
        ),
        ("{{ 1 / 0 }}", "ZeroDivisionError"),
        ("{{ title.__class__.__mro__ }}", "__class__"),
        ("{{ ''.format.__globals__ }}", "__globals__"),
        ("{{ '{0.__class__}'.format(title) }}", "__class__"),
        ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", "__init__"),
        ("{% include '/etc/passwd' %}", "loader"),
    ],
)
def test_a_word_template_takes_no_more_than_it_is_given(own: Path, template: str, said: str) -> None:
    assert said in _word_fault(own, template)


@pytest.mark.usefixtures("little_memory")
def test_a_word_template_that_swells_when_it_is_opened_is_stopped(own: Path) -> None:
    with zipfile.ZipFile(own / "letter.docx", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", b"<a/>" + b" " * 160 * 1024 * 1024)
    with pytest.raises(TemplateBroken, match="太多"):
        word_letter(document(LETTER))


def test_the_process_of_a_template_opens_nothing_and_is_told_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text("机密内容", encoding="utf-8")
    monkeypatch.setenv("TIDU_SECRET_KEY", "k" * 50)
    given = own_process._environment
    project = Path(__file__).parents[3]
    monkeypatch.setattr(
        own_process,
        "_environment",
        lambda folder: {**given(folder), "PYTHONPATH": f"{project}:{given(folder)['PYTHONPATH']}"},
    )
    with socket.create_server(("127.0.0.1", 0)) as door:
        task = {"file": str(tmp_path / "secret"), "door": door.getsockname()}
        found = json.loads(own_process.made_apart("tests.core.documents.trying_everything", task))
    assert found == {"done": [], "told": sorted(["HOME", "PYTHONPATH", *own_process.PROXIES])}
    assert not (tmp_path / "secret.new").exists()


def test_our_own_word_template_is_filled_in_this_process(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DOCUMENT_TEMPLATES = None
    monkeypatch.setattr(own_process, "_environment", os.abort)
    assert word_letter(document(LETTER)).startswith(b"PK")
