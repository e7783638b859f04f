"""Prepare a working copy: ``python3.11 -m tools.setup {prod,dev,bench}``.

prod    what `make run` needs: .venv, production packages, page assets and fonts
dev     also the packages and system programs that the tests need
bench   also the peers that the benchmarks compare with
"""

import argparse
import fcntl

from tools.assets import ensure_assets
from tools.console import ROOT, SetupError, fail
from tools.environment import GROUPS, ensure_packages
from tools.system import TEST_NEEDS, may_install, provide


def prepare(group: str) -> None:
    """Do whatever is still missing for ``group``. Raises SetupError."""
    if group == "dev":
        provide(TEST_NEEDS, installing=may_install())
    ensure_packages(group)
    ensure_assets()


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python3.11 -m tools.setup", description="准备运行环境（已就绪的步骤会跳过）。"
    )
    parser.add_argument(
        "group", choices=GROUPS, nargs="?", default="dev", help="prod 运行；dev 开发与测试；bench 基准"
    )
    group: str = parser.parse_args(arguments).group
    folder = ROOT / ".setup"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        # Two terminals may start at once: the second waits and then finds everything done.
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            prepare(group)
        except SetupError as error:
            return fail(error)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
