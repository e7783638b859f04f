"""`tidu templates`: templates of documents are taken out to begin from, and tried before they are needed."""

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.cli.running import run
from tidu.core.documents.kinds import KINDS
from tidu.core.documents.sheets import SHEET_KINDS

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def test_every_template_is_copied_and_none_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    done = run("templates", "export", folder)
    assert done.code == 0
    names = {path.name for path in folder.iterdir()}
    assert {"gb9704.typ", "letter.docx", *(f"{kind}.typ" for kind in (*KINDS, *SHEET_KINDS))} <= names
    assert f"已复制 {len(names)} 个模板" in done.out
    again = run("templates", "export", folder)
    assert again.code == 2
    assert "没有复制" in again.err


def test_copied_templates_can_be_used_as_they_are(tmp_path: Path, settings: Settings) -> None:
    run("templates", "export", tmp_path)
    settings.DOCUMENT_TEMPLATES = tmp_path
    done = run("templates", "check")
    assert done.code == 0
    assert "notice.typ（公示，本单位）：可用" in done.out
    assert "letter.docx（Word 公文，本单位）：可用" in done.out
    assert "正文（仿宋）：" in done.out
    assert "0 个不能用" in done.out


def test_a_faulty_template_is_named_before_anybody_needs_it(tmp_path: Path, settings: Settings) -> None:
    settings.DOCUMENT_TEMPLATES = tmp_path
    (tmp_path / "notice.typ").write_text("#broken", encoding="utf-8")
    (tmp_path / "result.docx").write_bytes(b"no zip")
    done = run("templates", "check", "--json")
    assert done.code == 1
    found = {item["name"]: item for item in done.data["templates"]}
    assert found["notice.typ"]["own"]
    assert "unknown variable" in found["notice.typ"]["fault"]
    assert found["result.docx"]["fault"]
    assert not found["call.typ"]["fault"]
