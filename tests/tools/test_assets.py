"""Page assets: only the file that the table knows is copied, without its source-map line."""

import hashlib
from pathlib import Path

import pytest

from tools.assets import NODE_MODULES, Asset, content, copy, listed
from tools.console import ROOT, SetupError, run


def asset_of(data: bytes, name: str = "style.css") -> Asset:
    return Asset(source=name, target=f"static/{name}", sha256=hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize(
    ("name", "raw", "served"),
    [
        ("style.css", b"a{color:red}\n/*# sourceMappingURL=style.css.map */", b"a{color:red}\n"),
        ("script.js", b"let a=1\n//# sourceMappingURL=script.js.map\n", b"let a=1\n"),
        ("script.js", b"let a=1;//# sourceMappingURL=script.js.map", b"let a=1;\n"),
        ("plain.css", b"a{color:red}", b"a{color:red}"),
        ("face.ttf", b"\0\1//# sourceMappingURL=x", b"\0\1//# sourceMappingURL=x"),
    ],
)
def test_only_the_line_that_names_a_source_map_is_left_out(
    tmp_path: Path, name: str, raw: bytes, served: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(raw)
    assert content(file) == served


def test_a_known_file_is_copied_to_its_place(tmp_path: Path) -> None:
    (tmp_path / "style.css").write_bytes(b"a{}\n")
    copy(asset_of(b"a{}\n"), modules=tmp_path, root=tmp_path)
    assert [file.name for file in (tmp_path / "static").iterdir()] == ["style.css"]
    assert (tmp_path / "static/style.css").read_bytes() == b"a{}\n"


def test_a_changed_file_is_refused_and_the_good_copy_stays(tmp_path: Path) -> None:
    source = tmp_path / "style.css"
    source.write_bytes(b"a{}\n")
    asset = asset_of(b"a{}\n")
    copy(asset, modules=tmp_path, root=tmp_path)
    source.write_bytes(b"a{background:url(//elsewhere.example/pixel)}\n")
    with pytest.raises(SetupError, match=r"style\.css 的 SHA-256 与 tools/assets\.toml 不符"):
        copy(asset, modules=tmp_path, root=tmp_path)
    assert (tmp_path / "static/style.css").read_bytes() == b"a{}\n"


def test_a_file_that_left_its_package_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"npm 包里没有 style\.css"):
        copy(asset_of(b""), modules=tmp_path, root=tmp_path)


def test_every_listed_asset_stands_in_place_as_the_table_says() -> None:
    wrong = [
        asset.target
        for asset in listed()
        if hashlib.sha256((ROOT / asset.target).read_bytes()).hexdigest() != asset.sha256
    ]
    assert wrong == []


def test_assets_are_never_committed() -> None:
    targets = [asset.target for asset in listed()]
    assert run(["git", "ls-files", "--", *targets, NODE_MODULES]) == ""
    assert run(["git", "check-ignore", "--", *targets]).splitlines() == targets


def test_no_served_asset_asks_another_site_for_anything() -> None:
    styles = [ROOT / asset.target for asset in listed() if asset.target.endswith(".css")]
    assert styles
    for style in styles:
        text = style.read_text(encoding="utf-8")
        assert "@import" not in text
        assert "url(http" not in text.replace('"', "").replace("'", "")
