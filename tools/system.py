"""Programs that come from the operating system: found, installed when that is allowed, or asked for by name."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tools.console import SetupError, run, step

LEAN_BROWSER = "chromium-headless-shell"


def find_chromium() -> str | None:
    """Path of a Chromium that the browser tests can drive: the one without windows needs a third of the computing."""
    for name in (LEAN_BROWSER, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome"):
        if path := shutil.which(name):
            return path
    return None


def _has_browser() -> bool:
    """The lean one, or any where the system offers no lean one."""
    return shutil.which(LEAN_BROWSER) is not None or (
        find_chromium() is not None and not _offers(LEAN_BROWSER)
    )


def _offers(package: str) -> bool:
    if not may_install():
        return False
    listed = subprocess.run(["apt-cache", "show", package], capture_output=True, check=False)
    return listed.returncode == 0


def find_postgresql(system: Path = Path("/usr")) -> Path | None:
    """Folder of the server programs of PostgreSQL, the newest version: they are seldom on the path."""
    known = [Path(found).resolve().parent] if (found := shutil.which("initdb")) else []
    folders = [*system.glob("lib/postgresql/*/bin"), *system.glob("pgsql-*/bin")]
    known += sorted(folders, key=lambda folder: _number(folder.parent.name), reverse=True)
    return next((folder for folder in known if (folder / "pg_ctl").is_file()), None)


def _number(name: str) -> int:
    """15 of ``15`` and of ``pgsql-15``; before version 10 the first part counts."""
    return int("".join(filter(str.isdecimal, name.split(".", maxsplit=1)[0])) or 0)


def _has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def _has_java() -> bool:
    """A Java that starts: on some systems ``java`` is only a stub that asks to be installed."""
    java = shutil.which("java")
    return (
        java is not None
        and subprocess.run([java, "-version"], capture_output=True, check=False).returncode == 0
    )


@dataclass(frozen=True, slots=True)
class Need:
    """One thing the system must have: what for, how to see it, and which Debian packages bring it."""

    purpose: str
    present: Callable[[], bool]
    packages: tuple[str, ...]


TEST_NEEDS = (
    Need("浏览器测试（Chromium）", _has_browser, (LEAN_BROWSER,)),
    Need("页面截图中的中文字体", _has_chinese_font, ("fontconfig", "fonts-noto-cjk")),
    Need("检查生成的 PDF（pdftotext）", lambda: shutil.which("pdftotext") is not None, ("poppler-utils",)),
    Need("在 PostgreSQL 上测试", lambda: find_postgresql() is not None, ("postgresql",)),
    Need("Spark 引擎测试（Java 17 以上）", _has_java, ("default-jre-headless",)),
)


def may_install() -> bool:
    """Whether this process may install system packages: root, on a Debian kind of system."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def provide(needs: Iterable[Need], *, installing: bool) -> None:
    """Make sure that each need is met.

    Installs Debian packages where ``installing`` says so. Raises SetupError naming the exact command where it does not.
    """
    missing = [need for need in needs if not need.present()]
    if not missing:
        return
    packages = [package for need in missing for package in need.packages]
    if not installing:
        raise SetupError(_request(missing, packages))
    step(f"安装系统软件包 {' '.join(packages)}", lambda: _apt_install(packages))
    still = [need for need in missing if not need.present()]
    if still:
        raise SetupError(_request(still, [package for need in still for package in need.packages]))


def _request(missing: list[Need], packages: list[str]) -> str:
    lines = [f"  - {need.purpose}：软件包 {'、'.join(need.packages)}" for need in missing]
    return "\n".join(
        [
            "这台机器还缺少以下程序，而当前用户或系统无法自动安装：",
            *lines,
            "请管理员执行下面的命令（Debian、Ubuntu），再重新运行；其他系统请安装同名程序：",
            f"  sudo apt-get update && sudo apt-get install -y --no-install-recommends {' '.join(packages)}",
        ]
    )


def _apt_install(packages: list[str]) -> None:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-qq"], env=env)
    run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], env=env)
