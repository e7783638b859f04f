"""Checks of the working copy that no other tool makes: ``python -m tools.checks``.

Each check is a function of a text that returns what is wrong with it, so that tests can show it a wrong one.
"""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tools.console import ROOT, run

Check = Callable[[str], Iterator[tuple[int, str]]]

ADDRESS = re.compile(r"\w+://\S+")
# Folders that hold one person's or one machine's files. /usr, /etc, /srv and the like mean the same everywhere.
MACHINE_PATH = re.compile(r"(?<![\w.~$}])/(?:home|Users|root|work|mnt|media)/[\w.-]+")
INLINE = (
    (re.compile(r"<[a-zA-Z][^>]*?\sstyle\s*=", re.DOTALL), "行内 style：请写进样式表，内容安全策略会拒绝它"),
    (re.compile(r"<[a-zA-Z][^>]*?\son[a-z]+\s*=", re.DOTALL), "行内事件（on…）：请写进脚本文件"),
    (re.compile(r"<[a-zA-Z][^>]*?\shx-on[:\w-]*\s*=", re.DOTALL), "hx-on：它需要 eval，请写进脚本文件"),
    (re.compile(r"javascript:", re.IGNORECASE), "javascript: 地址：请写进脚本文件"),
    (re.compile(r"<style\b", re.IGNORECASE), "<style>：请写进样式表"),
    (
        re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)[^>]*>", re.IGNORECASE),
        "行内 <script>：请写进脚本文件",
    ),
    (
        re.compile(
            r"<(?:script|link|img|iframe)\b[^>]*\s(?:src|href)\s*=\s*[\"']?(?:https?:)?//", re.IGNORECASE
        ),
        "外部资源：页面只许使用本站文件",
    ),
)


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def addresses(text: str) -> Iterator[tuple[int, str]]:
    """Download addresses in a lock file."""
    for match in ADDRESS.finditer(text):
        yield _line(text, match.start()), f"锁定文件中有地址 {match.group()}：请用 make lock 重新生成"


def machine_paths(text: str) -> Iterator[tuple[int, str]]:
    """Paths that exist on somebody's machine only."""
    for match in MACHINE_PATH.finditer(text):
        yield _line(text, match.start()), f"只在某台机器上存在的路径 {match.group()}"


def inline_code(text: str) -> Iterator[tuple[int, str]]:
    """What the content security policy refuses at run time, where nobody would see it but the user."""
    for pattern, message in INLINE:
        for match in pattern.finditer(text):
            yield _line(text, match.start()), message


def tracked(*patterns: str) -> list[Path]:
    """Tracked files, and new ones that no rule ignores, that match the git path patterns and still exist."""
    listed = run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns])
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def read(file: Path) -> str:
    """The text of a file; nothing for pictures and other files that are not text."""
    raw = file.read_bytes()
    return "" if b"\0" in raw else raw.decode("utf-8")


CHECKS: tuple[tuple[Check, tuple[str, ...]], ...] = (
    (addresses, ("requirements/*.txt", "package-lock.json", "*.lock")),
    (machine_paths, (".",)),
    (inline_code, ("src/tidu/**/templates/**/*.html",)),
)


def problems() -> Iterator[str]:
    """Everything that is wrong in this working copy, one line each."""
    for check, patterns in CHECKS:
        for file in tracked(*patterns):
            for line, message in check(read(file)):
                yield f"{file.relative_to(ROOT)}:{line}：{message}"


def main() -> int:
    """Print every problem; the exit status says whether there was one."""
    found = list(problems())
    for problem in found:
        print(problem, file=sys.stderr)
    if not found:
        print(f"锁定文件、路径、模板：{len(CHECKS)} 项检查通过")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
