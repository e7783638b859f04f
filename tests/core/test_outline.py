from __future__ import annotations

import pytest

from tests.portal.conftest import BAOTOU, HOHHOT, NATION_2022, NATION_2026
from tidu.core.outline import anchor, label, outline
from tidu.policy.documents.library import load_library
from tidu.policy.official_text.clauses import citation_key


@pytest.mark.parametrize(
    ("path", "written"),
    [
        (("三", "（一）", "2"), "三（一）2"),
        (("监督管理", "（三）"), "监督管理（三）"),
        (("申报条件", "基本条件", "03"), "申报条件·基本条件 03"),
        (("附件2", "指标10"), "附件2·指标10"),
        (("第七条",), "第七条"),
    ],
)
def test_a_path_is_written_as_people_cite_it(path: tuple[str, ...], written: str) -> None:
    assert label(path) == written


def test_an_anchor_has_no_spaces() -> None:
    assert anchor(("申报 条件", "01")) == "c-申报条件-01"


@pytest.mark.parametrize("pack_id", [HOHHOT, BAOTOU, NATION_2022, NATION_2026, "hohhot-2021-support"])
def test_every_citation_and_every_heading_above_it_is_in_the_outline_once(pack_id: str) -> None:
    pack = load_library().get(pack_id)
    keys = [citation_key("/".join(path)) for path in outline(pack)]
    assert len(keys) == len(set(keys))
    for citation in pack.citations():
        key = citation_key(citation)
        assert {key[:depth] for depth in range(1, len(key) + 1)} <= set(keys)


def test_the_outline_follows_the_document_where_the_pack_does_not() -> None:
    first = [path[0] for path in outline(load_library().get(HOHHOT)) if len(path) == 1]
    assert first == ["第一条", "第二条", "申报条件", "认定程序", "奖励政策", "监督管理", "第七条"]
    measures = [path[-1] for path in outline(load_library().get(BAOTOU)) if len(path) == 3]
    assert measures == [str(number) for number in range(1, 19)]
    assert outline(load_library().get(BAOTOU))[-1] == ("末段",)


def test_numbered_names_stand_in_one_row_and_annexes_behind_the_body() -> None:
    paths = outline(load_library().get(NATION_2022))
    items = [path[1] for path in paths if path[0] == "附件2" and len(path) > 1 and path[1][:2] == "指标"]
    assert items == [f"指标{number}" for number in range(1, 14)]
    tops = [path[0] for path in outline(load_library().get(NATION_2026)) if len(path) == 1]
    assert tops[-3:] == ["附件1", "附件2", "附件3"]
    assert tops.index("第三章") < tops.index("第五章")
