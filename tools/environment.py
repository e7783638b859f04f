"""The Python environment in ``.venv``: made once, filled from hash-locked requirements."""

import importlib.util
import os
import shutil
import sys
from pathlib import Path

from tools.console import ROOT, SetupError, run, step
from tools.stamps import Stamps, digest
from tools.system import Need, may_install, provide

VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
UV = VENV / "bin/uv"
REQUIREMENTS = ROOT / "requirements"
STAMPS = Stamps(VENV / ".stamps")

# Each group's lock holds everything of the groups before it, in the same versions.
GROUPS = ("prod", "dev", "bench")


def ensure_packages(group: str) -> None:
    """Bring ``.venv`` to hold at least the locked packages of ``group`` and the project itself."""
    _ensure_venv()
    lock = REQUIREMENTS / f"{group}.txt"
    wanted = digest(lock)
    if not STAMPS.fresh(f"packages-{group}", wanted):
        step(f"安装 Python 软件包（{group}）", lambda: install_locked(lock))
        for smaller in GROUPS[: GROUPS.index(group) + 1]:
            STAMPS.put(f"packages-{smaller}", digest(REQUIREMENTS / f"{smaller}.txt"))
    project = digest(ROOT / "pyproject.toml")
    if not STAMPS.fresh("project", project):
        step("登记本项目（tidu 命令）", lambda: _install("--no-deps", "--editable", str(ROOT)))
        STAMPS.put("project", project)


def install_locked(lock: Path, *, target: Path | None = None) -> None:
    """Install exactly what ``lock`` lists, hashes checked; into the folder ``target`` if given, else ``.venv``."""
    place = () if target is None else ("--target", str(target))
    _install("--require-hashes", "-r", str(lock), *place)


def _install(*arguments: str) -> None:
    """Install with uv, in seconds; where uv cannot reach its index (a proxy that only pip knows, say), with pip.

    What comes as source (pyspark, and this project) is built with the locked setuptools, not with today's newest.
    """
    words = ["pip", "install", "--quiet", "--no-build-isolation", *arguments]
    try:
        run([UV, *words], env=_uv_environment())
    except SetupError as error:
        print(f"\n  uv 未能完成，改用 pip：{str(error).splitlines()[-1]}", flush=True)
        run([PYTHON, "-m", *words])


def _uv_environment() -> dict[str, str]:
    """The environment for uv, with the mirror that this machine's pip uses: uv does not read pip's settings."""
    env = {**os.environ, "VIRTUAL_ENV": str(VENV)}
    if not any(name in env for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")) and (index := _pip_index()):
        env["UV_DEFAULT_INDEX"] = index
    return env


def _pip_index() -> str | None:
    if named := os.environ.get("PIP_INDEX_URL"):
        return named
    for key in ("site.index-url", "user.index-url", "global.index-url"):
        try:
            return run([PYTHON, "-m", "pip", "config", "get", key]).strip()
        except SetupError:
            continue
    return None


def _ensure_venv() -> None:
    tools = REQUIREMENTS / "uv.txt"
    if PYTHON.is_file() and STAMPS.fresh("tools", digest(tools)):
        return
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        need = Need(
            "建立 Python 虚拟环境", lambda: importlib.util.find_spec("ensurepip") is not None, (package,)
        )
        provide([need], installing=may_install())
    if not PYTHON.is_file():
        shutil.rmtree(VENV, ignore_errors=True)
        step("建立 .venv", lambda: run([sys.executable, "-m", "venv", VENV]))
    step(
        "安装 uv",
        lambda: run([PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", tools]),
    )
    STAMPS.put("tools", digest(tools))
