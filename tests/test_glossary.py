"""The glossary pairs every term once, and its names are the ones that the code and the packs use."""

import re
from collections import Counter
from functools import cache
from typing import NamedTuple

import yaml

from tidu.policy.quantities import Kind
from tidu.policy.status import Status
from tools.checks import read, tracked
from tools.console import ROOT

ROW = re.compile(
    r"^\| (?P<chinese>[^|]+?) \| (?P<english>[^|]+?) \| (?P<name>[^|]+?) \|(?P<note>[^|]*)\|$", re.MULTILINE
)


class Term(NamedTuple):
    chinese: str
    english: str
    name: str
    note: str


@cache
def terms() -> tuple[Term, ...]:
    text = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    rows = (Term(*(part.strip() for part in found.groups())) for found in ROW.finditer(text))
    return tuple(row for row in rows if row.chinese != "中文" and set(row.chinese) != {"-"})


def labels() -> dict[str, str]:
    return {term.name.strip("`"): term.chinese for term in terms() if term.name.startswith("`")}


def test_there_are_at_least_eighty_terms_and_none_is_explained_twice() -> None:
    assert len(terms()) >= 80
    assert [
        chinese for chinese, count in Counter(term.chinese for term in terms()).items() if count > 1
    ] == []


def test_every_name_shown_as_code_stands_in_the_code_or_in_a_pack() -> None:
    sources = tracked("src/tidu/*.py", "src/tidu/**/*.py", "src/tidu/**/*.lark", "src/tidu/**/*.yaml")
    words = set(re.findall(r"[A-Za-z_]+", "\n".join(read(source) for source in sources)))
    shown = {term.name.strip("`") for term in terms() if term.name.startswith("`")}
    assert shown - words == set()


def test_statuses_and_kinds_have_the_names_that_people_see() -> None:
    shown = {str(item): item.label for item in [*Status, *Kind]}
    assert {name: labels().get(name) for name in shown} == shown


def test_tiers_have_the_names_that_people_see() -> None:
    vocabulary = yaml.safe_load(read(ROOT / "src/tidu/packs/vocabulary/tiers.yaml"))["tiers"]
    chinese = {term.chinese for term in terms()}
    assert [tier["label"] for tier in vocabulary.values() if tier["label"] not in chinese] == []
    assert set(vocabulary) - set(labels()) == set()
