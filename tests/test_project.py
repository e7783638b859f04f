"""The project's frame says the truth about itself: locks, commands, links, exceptions."""

import itertools
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tools.assets import listed
from tools.checks import read, tracked
from tools.console import ROOT
from tools.environment import GROUPS, REQUIREMENTS

LONGEST_FILE = 450
READMES = ("README.md", "README.zh-CN.md")
PINNED = re.compile(
    r"^(?P<name>[a-z0-9.-]+)==(?P<version>[^\s;\\]+)(?P<rest>[^\n]*(?:\n    [^\n]*)*)", re.MULTILINE
)
LINK = re.compile(r"(?<!`)\]\((?P<target>[^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def locked(name: str) -> dict[tuple[str, str], str]:
    text = (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8")
    return {(found["name"], found["version"]): found["rest"] for found in PINNED.finditer(text)}


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def markdown() -> list[Path]:
    return tracked("*.md")


@pytest.mark.parametrize("name", [*GROUPS, "uv", "node"])
def test_every_locked_package_has_one_version_and_hashes(name: str) -> None:
    packages = locked(name)
    assert packages
    assert [package for package, rest in packages.items() if "--hash=sha256:" not in rest] == []


@pytest.mark.parametrize(("smaller", "larger"), list(itertools.pairwise(GROUPS)))
def test_a_larger_group_holds_the_smaller_one_in_the_same_versions(smaller: str, larger: str) -> None:
    assert set(locked(smaller)) - set(locked(larger)) == set()


def test_every_declared_dependency_is_locked() -> None:
    names = {name for name, _ in locked("bench")}
    pyproject = project()
    groups = itertools.chain.from_iterable(pyproject["dependency-groups"].values())
    declared = [*pyproject["project"]["dependencies"], *groups]
    wanted = {re.split(r"[\[<>=~!; ]", word, maxsplit=1)[0].lower() for word in declared}
    assert wanted - names == set()


def test_django_is_the_long_term_release_that_python_3_11_runs() -> None:
    versions = dict(locked("prod").keys())
    assert versions["django"].startswith("5.2.")


def test_batch_engines_keep_to_the_versions_that_work_together() -> None:
    versions = {
        name: tuple(map(int, version.split(".")))
        for name, version in locked("dev")
        if name in {"sqlglot", "duckdb"}
    }
    assert versions["sqlglot"] < (30, 18), "sqlglot 30.18 drops the name from DROP VIEW"
    assert (1, 4) <= versions["duckdb"] < (2, 0), "DuckDB 2 lost the calls that ibis 12 fetches with"


def test_page_assets_come_from_packages_of_one_exact_version() -> None:
    wanted: dict[str, str] = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert {name: lock[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    sources = {
        "/".join(asset.source.split("/")[: 2 if asset.source.startswith("@") else 1]) for asset in listed()
    }
    assert sources == set(wanted)


def test_an_installed_package_has_every_file_that_the_source_has() -> None:
    patterns = project()["tool"]["setuptools"]["package-data"]["tidu"]
    data = [file for file in tracked("src/tidu/**") if file.suffix != ".py"]
    assert data
    packed = {pattern.removeprefix("**/*") for pattern in patterns}
    assert {
        str(file.relative_to(ROOT)) for file in data if {file.name, file.suffix}.isdisjoint(packed)
    } == set()


def test_every_exception_from_the_linter_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    section = text[text.index("[tool.ruff.lint]") : text.index("[tool.ruff.lint.mccabe]")]
    exceptions = re.findall(r'^    ("[A-Z]+[0-9]*",)(.*)$', section, re.MULTILINE)
    assert exceptions
    assert [code for code, reason in exceptions if not re.match(r"\s+# \S+ \S+", reason)] == []


def test_ci_runs_what_a_person_runs() -> None:
    commands = [
        line
        for line in (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
        if line.startswith("exec")
    ]
    assert commands == ["exec make test"]


@pytest.mark.parametrize("name", READMES)
def test_every_make_command_that_a_readme_names_exists(name: str) -> None:
    named = set(re.findall(r"\bmake ([a-z]+)", (ROOT / name).read_text(encoding="utf-8")))
    assert {"run", "test"} <= named
    assert named - make_targets() == set()


def test_both_readmes_give_the_same_commands_and_sections() -> None:
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in READMES)
    assert commands_in(english) == commands_in(chinese)
    assert english.count("\n## ") == chinese.count("\n## ")


def commands_in(text: str) -> list[str]:
    """The commands of every fenced block, without the comments beside them."""
    lines = [line for block in FENCE.findall(text) for line in block.splitlines()[1:-1]]
    return [bare for line in lines if (bare := line.split(" #")[0].strip())]


def test_every_link_to_a_file_of_the_project_resolves() -> None:
    broken = [
        f"{file.relative_to(ROOT)}: {target}"
        for file in markdown()
        for target in LINK.findall(FENCE.sub("", read(file)))
        if not re.match(r"\w+:|#", target) and not (file.parent / target.split("#")[0]).exists()
    ]
    assert broken == []


def test_the_changelog_speaks_of_the_version_in_hand() -> None:
    version = project()["project"]["version"]
    assert re.search(
        rf"^## {re.escape(version)}\b", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )


def test_no_source_file_has_grown_past_reading_in_one_go() -> None:
    files = [file for file in tracked("*.py") if "migrations" not in file.parts]
    lengths = {str(file.relative_to(ROOT)): len(read(file).splitlines()) for file in files}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}
