"""`tidu packs attach`: an official text, its clauses, and the citations that find none."""

from pathlib import Path

import pytest

from tests.cli.running import BAOTOU, HOHHOT, Outcome, messages, run

SUPPORT = "hohhot-2021-support"


def attach(folder: Path, *arguments: str | Path) -> Outcome:
    """``tidu packs attach`` into a data folder of the test."""
    return run("packs", "attach", *arguments, env={"TIDU_DATA": str(folder / "data")})


@pytest.mark.parametrize(
    ("pack", "seed"), [(HOHHOT, "004_acc7edf7c1d8a5ce.txt"), (BAOTOU, "000_02980f29dc4fcc23.txt")]
)
def test_the_official_texts_attach_with_every_citation_found(
    pack: str, seed: str, tmp_path: Path, shared: Path
) -> None:
    outcome = attach(tmp_path, pack, shared / "seeds" / seed, "--json")
    assert outcome.code == 0
    assert outcome.data["complete"] is True
    assert outcome.data["lost"] == []
    assert outcome.data["found"]
    assert (tmp_path / "data/texts" / pack / "clauses.json").is_file()
    assert "找到条款" in attach(tmp_path, pack, shared / "seeds" / seed).out


def test_lost_citations_are_told_with_what_resembles_them_and_give_exit_code_2(tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text("第一条 总则\n为了示例。\n第二条 内容\n示例文字。\n", encoding="utf-8")
    outcome = attach(tmp_path, SUPPORT, file, "--json")
    assert outcome.code == 2
    lost = [entry["citation"] for entry in outcome.data["lost"]]
    assert lost
    assert len(outcome.data["errors"]) == len(lost)
    assert all(citation in message for citation, message in zip(lost, outcome.err.splitlines(), strict=True))


def test_lost_citations_are_no_error_where_they_are_allowed(tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text("第一条 总则\n为了示例。\n", encoding="utf-8")
    outcome = attach(tmp_path, SUPPORT, file, "--allow-lost", "--json")
    assert outcome.code == 0
    assert outcome.data["complete"] is False
    assert outcome.err == ""


def test_a_former_text_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text("第一条 甲\n示例。\n", encoding="utf-8")
    assert attach(tmp_path, SUPPORT, file, "--allow-lost", "--json").data["former"] is None
    file.write_text("第一条 乙\n示例。\n", encoding="utf-8")
    former = Path(attach(tmp_path, SUPPORT, file, "--allow-lost", "--json").data["former"])
    assert (former / "source.txt").read_text(encoding="utf-8").startswith("第一条 甲")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7 x",
        b"\x89PNG\r\n\x1a\n",
        b"PK\x03\x04 broken",
        b"\xff\xd8\xff\xe0",
        bytes(range(256)) * 50,
        b"\0" * 9,
    ],
    ids=["empty", "pdf", "png", "zip", "jpeg", "bytes", "nuls"],
)
def test_what_is_no_text_is_refused_and_nothing_is_kept(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_bytes(content)
    assert attach(tmp_path, SUPPORT, file, "--json").errors
    assert not (tmp_path / "data/texts" / SUPPORT).exists()


def test_a_folder_a_missing_file_and_an_unknown_pack_are_refused(tmp_path: Path) -> None:
    assert attach(tmp_path, SUPPORT, tmp_path, "--json").errors
    assert attach(tmp_path, SUPPORT, tmp_path / "无.txt", "--json").errors
    assert attach(tmp_path, SUPPORT, "/dev/zero", "--json").errors
    assert SUPPORT in messages(
        attach(tmp_path, "hohhot-2021-suport", tmp_path, "--json").errors
    ) or SUPPORT in str(attach(tmp_path, "hohhot-2021-suport", tmp_path, "--json").errors)


def test_a_data_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be", encoding="utf-8")
    file = tmp_path / "text.txt"
    file.write_text("第一条 总则\n为了示例。\n", encoding="utf-8")
    assert "不能写入" in messages(attach(tmp_path, SUPPORT, file, "--json").errors)
