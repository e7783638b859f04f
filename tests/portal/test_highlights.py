from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tidu.portal.highlights import marked, query_words


def _hits(text: str, *phrases: str) -> list[str]:
    return [run.text for run in marked(text, phrases) if run.hit]


def test_a_figure_is_found_whatever_its_spaces_and_width() -> None:
    assert _hits("分别给予 20 万元、50 万元奖励", "20万元") == ["20 万元"]
    assert _hits("不低于１０％。", "10%") == ["１０％"]


def test_a_figure_is_not_found_inside_a_larger_one() -> None:
    assert _hits("达到110%，共12年", "10%", "2年") == []


def test_quotation_marks_do_not_matter() -> None:
    assert _hits("国家“小巨人”企业", "小巨人企业") == ["小巨人”企业"]


@given(st.text(max_size=60), st.lists(st.text(max_size=8), max_size=4))
def test_marking_never_changes_the_text(text: str, phrases: list[str]) -> None:
    assert "".join(run.text for run in marked(text, phrases)) == text


def test_words_of_a_search_are_few_and_short() -> None:
    assert query_words("  小巨人\u3000奖励 ") == ("小巨人", "奖励")
    assert len(query_words("字 " * 80)) == 8
