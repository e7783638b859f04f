"""Searching clauses in Chinese: what is found, in which order, and what is highlighted."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.policy.official_text.folding import fold
from tidu.policy.official_text.search import Hit, SearchDoc, SearchIndex

DOCS = (
    SearchDoc("a/1", "发放成长奖金", "对新认定的专精特新“小巨人”企业，一次性给予50万元奖励。", "a"),
    SearchDoc("a/2", "摸清企业底数", "按照稀土产业链登记造册，纳入培育库。", "a"),
    SearchDoc("a/3", "稀土人才", "引进稀土领域专家，给予安家补贴20万元；高层次人才150万元。", "a"),
    SearchDoc("b/1", "共建检测平台", "支持企业参加APEC CEO会议和5G+工业互联网项目，容积率可达2.0以上。", "b"),
    SearchDoc("b/2", "税收服务", "落实小微企业税费减免，ISO9001认证费用按30％补助。", "b"),
    SearchDoc("b/3", "专项奖励", "对行业小巨人给予奖励，资金来自市级稀土专项。", "b"),
)
INDEX = SearchIndex.build(DOCS, {"小巨人": ["专精特新“小巨人”企业"], "奖补": ["奖励", "补贴", "补助"]})


def keys(query: str, index: SearchIndex = INDEX) -> list[str]:
    return [hit.doc.key for hit in index.search(query)]


def marked(hit: Hit) -> list[str]:
    return [hit.snippet.text[start:end] for start, end in hit.snippet.spans]


def test_a_word_of_two_characters_is_found_with_titles_first() -> None:
    assert keys("稀土")[0] == "a/3"
    assert set(keys("稀土")) == {"a/2", "a/3", "b/3"}
    assert keys("企业底数") == ["a/2"]


def test_a_title_outranks_any_number_of_mentions_in_a_body() -> None:
    index = SearchIndex.build([SearchDoc("body", "其他", "融资" * 500), SearchDoc("title", "融资", "略。")])
    assert keys("融资", index) == ["title", "body"]


def test_half_of_a_word_and_characters_that_only_stand_apart_are_no_match() -> None:
    assert keys("精特") == ["a/1"]
    assert keys("专新") == []
    assert keys("库按") == []


@pytest.mark.parametrize("query", ["专精特新小巨人企业", "专精特新“小巨人”企业", "专精特新 小巨人"])
def test_quotation_marks_do_not_matter(query: str) -> None:
    assert keys(query)[0] == "a/1"


def test_a_synonym_is_found_in_both_directions() -> None:
    assert set(keys("小巨人")) == {"a/1", "b/3"}
    assert keys("专精特新小巨人企业") == ["a/1", "b/3"]
    assert set(keys("奖补")) == {"a/1", "a/3", "b/2", "b/3"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("50万元", ["a/1"]),
        ("20万元", ["a/3"]),
        ("20", ["a/3"]),
        ("2.0", ["b/1"]),
        ("2", []),
        ("ＩＳＯ", ["b/2"]),
        ("iso9001", ["b/2"]),
        ("9001", ["b/2"]),
        ("apec", ["b/1"]),
        ("ceo", ["b/1"]),
        ("APEC CEO会议", ["b/1"]),
        ("ape", []),
        ("5g", ["b/1"]),
        ("30%", ["b/2"]),
        ("税", ["b/2"]),
        ("鲸", []),
    ],
)
def test_numbers_and_latin_words_match_whole_and_one_character_is_looked_for_everywhere(
    query: str, found: list[str]
) -> None:
    assert keys(query) == found


def test_several_words_must_all_occur() -> None:
    hits = INDEX.search("稀土 资金")
    assert [hit.doc.key for hit in hits] == ["b/3"]
    assert not hits[0].partial


def test_when_no_document_has_all_words_the_best_of_some_are_given_as_partial() -> None:
    hits = INDEX.search("税费减免 稀土")
    assert hits[0].doc.key in {"b/2", "a/3"}
    assert {hit.doc.key for hit in hits} == {"a/2", "a/3", "b/2", "b/3"}
    assert all(hit.partial for hit in hits)


def test_a_sentence_typed_without_spaces_finds_what_shares_most_of_it() -> None:
    hits = INDEX.search("稀土人才安家补贴怎么领")
    assert hits[0].doc.key == "a/3"
    assert hits[0].partial


@pytest.mark.parametrize("query", ["", " ", "，。！", "“”", "\0", "…", "鲸鱼", "🐋"])
def test_a_query_without_an_answer_gives_nothing(query: str) -> None:
    assert INDEX.search(query) == []


def test_the_empty_index_and_the_limit_of_nothing_give_nothing() -> None:
    assert SearchIndex.build([]).search("企业") == []
    assert INDEX.search("企业", 0) == []
    assert len(INDEX) == 6


def test_a_filter_keeps_to_the_documents_asked_for() -> None:
    assert [hit.doc.key for hit in INDEX.search("稀土", accept=lambda doc: doc.group == "b")] == ["b/3"]


def test_highlights_are_places_in_the_text_as_shown() -> None:
    (hit,) = INDEX.search("稀土人才")[:1]
    assert [hit.doc.title[start:end] for start, end in hit.title_spans] == ["稀土人才"]
    hit = INDEX.search("专精特新小巨人企业")[0]
    assert marked(hit) == ["专精特新“小巨人”企业"]
    assert marked(INDEX.search("30% 补助")[0]) == ["30", "补助"]


def test_a_snippet_shows_the_place_of_the_match_in_a_long_body() -> None:
    body = "前文。" * 100 + "容积率可提升至2.0以上\n并且免收价款。" + "后文。" * 100
    (hit,) = SearchIndex.build([SearchDoc("x", "用地", body)]).search("免收价款")
    assert "\n" not in hit.snippet.text
    assert hit.snippet.text.startswith("…")
    assert hit.snippet.text.endswith("…")
    assert marked(hit) == ["免收价款"]


def test_without_a_match_in_the_body_the_snippet_is_its_beginning() -> None:
    (hit,) = SearchIndex.build([SearchDoc("x", "用地", "甲乙丙丁。" * 40)]).search("用地")
    assert hit.snippet.text.startswith("甲乙丙丁。")
    assert hit.snippet.spans == ()


def test_characters_that_fold_to_several_keep_the_highlight_in_place() -> None:
    (hit,) = SearchIndex.build([SearchDoc("x", "面积", "共500㎡厂房㈠期")]).search("厂房")
    assert marked(hit) == ["厂房"]


ALPHABET = "企业稀土奖励专精特新“”，。 5a2."
WORDS = st.text("企业稀土奖励专精特新", min_size=1, max_size=4)
DOCUMENTS = st.lists(st.tuples(st.text(ALPHABET, max_size=8), st.text(ALPHABET, max_size=60)), max_size=12)


@given(DOCUMENTS, WORDS)
def test_exactly_the_documents_that_contain_a_han_word_are_whole_hits(
    texts: list[tuple[str, str]], word: str
) -> None:
    docs = [SearchDoc(str(number), title, body) for number, (title, body) in enumerate(texts)]
    hits = SearchIndex.build(docs).search(word, len(docs) + 1)
    whole = {hit.doc.key for hit in hits if not hit.partial}
    assert whole == {doc.key for doc in docs if word in fold(doc.title) or word in fold(doc.body)}
    for hit in hits:
        if not hit.partial:
            shown = [hit.doc.title[start:end] for start, end in hit.title_spans] + marked(hit)
            assert all(word in fold(part) for part in shown)
            assert shown or word in fold(hit.doc.body)


@given(DOCUMENTS, st.lists(WORDS, min_size=1, max_size=3), st.integers(1, 6))
def test_a_smaller_limit_gives_the_head_of_the_longer_list(
    texts: list[tuple[str, str]], words: list[str], limit: int
) -> None:
    docs = [SearchDoc(str(number), title, body) for number, (title, body) in enumerate(texts)]
    index = SearchIndex.build(docs)
    query = " ".join(words)
    scores = [round(hit.score, 9) for hit in index.search(query, 50)]
    assert scores == sorted(scores, reverse=True)
    assert [round(hit.score, 9) for hit in index.search(query, limit)] == scores[:limit]


@given(st.text(max_size=120) | st.lists(WORDS, max_size=4).map(" ".join))
def test_any_query_is_answered_and_every_span_lies_in_its_text(query: str) -> None:
    for hit in INDEX.search(query):
        for text, spans in ((hit.doc.title, hit.title_spans), (hit.snippet.text, hit.snippet.spans)):
            assert all(0 <= start < end <= len(text) for start, end in spans)


def test_ten_thousand_clauses_are_searched_within_a_few_milliseconds() -> None:
    rng = random.Random(7)  # noqa: S311 - made-up clauses
    spoken = "企业 发展 支持 创新 奖励 资金 认定 申报 专精特新 稀土 装备 制造 转型 融资 人才 专利 评审 公示"
    words = spoken.split()
    docs = [SearchDoc(str(n), rng.choice(words), "".join(rng.choices(words, k=60))) for n in range(10_000)]
    index = SearchIndex.build(docs)
    for query in ("企业", "专精特新", "稀土 奖励", "企业发展奖励"):
        times = []
        for _ in range(7):
            start = time.thread_time()
            assert len(index.search(query)) == 20
            times.append(time.thread_time() - start)
        assert min(times) < 0.02  # a generous bound for shared machines; bench/search.py measures
