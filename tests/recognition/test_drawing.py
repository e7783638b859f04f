"""The draw: nobody excluded, even load, the same from the same record."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.recognition.process.drawing import TooFewExperts, draw, draw_replacement, new_seed


@st.composite
def _draws(make: st.DrawFn) -> tuple[str, dict[int, list[int]], int, dict[int, int]]:
    experts = list(range(1, make(st.integers(2, 9)) + 1))
    files = range(100, 100 + make(st.integers(1, 12)))
    each = make(st.integers(1, min(3, len(experts))))
    eligible = {
        file: make(st.lists(st.sampled_from(experts), min_size=each, max_size=len(experts), unique=True))
        for file in files
    }
    load = make(st.dictionaries(st.sampled_from(experts), st.integers(0, 3)))
    return make(st.text("0123456789abcdef", min_size=8, max_size=8)), eligible, each, load


@given(_draws())
def test_nobody_drawn_is_excluded_and_every_file_has_its_number(
    case: tuple[str, dict[int, list[int]], int, dict[int, int]],
) -> None:
    seed, eligible, each, load = case
    drawn = draw(seed=seed, eligible=eligible, each=each, load=load)
    assert set(drawn) == set(eligible)
    for file, experts in drawn.items():
        assert len(experts) == len(set(experts)) == each
        assert set(experts) <= set(eligible[file])


@given(_draws())
def test_the_load_cannot_be_made_more_even(
    case: tuple[str, dict[int, list[int]], int, dict[int, int]],
) -> None:
    seed, eligible, each, load = case
    drawn = draw(seed=seed, eligible=eligible, each=each, load=load)
    held = {expert: load.get(expert, 0) for experts in eligible.values() for expert in experts}
    for experts in drawn.values():
        for expert in experts:
            held[expert] += 1
    reached = _reachable(eligible, drawn)
    assert not [
        (giver, taker)
        for giver, taker in product(held, held)
        if taker in reached[giver] and held[giver] - held[taker] >= 2
    ]


def _reachable(eligible: dict[int, list[int]], drawn: dict[int, list[int]]) -> dict[int, set[int]]:
    """To whom an expert could hand a file, over any number of others: worked out slowly and otherwise."""
    people = {expert for experts in eligible.values() for expert in experts}
    reached = {
        giver: {
            taker
            for file, experts in drawn.items()
            if giver in experts
            for taker in eligible[file]
            if taker not in experts
        }
        for giver in people
    }
    for middle, giver in product(people, people):
        if middle in reached[giver]:
            reached[giver] |= reached[middle]
    return reached


@given(
    st.integers(1, 30),
    st.integers(2, 12),
    st.text("0123456789abcdef", min_size=8, max_size=8),
)
def test_without_exclusions_nobody_has_more_than_one_file_more(files: int, experts: int, seed: str) -> None:
    everybody = list(range(experts))
    drawn = draw(seed=seed, eligible=dict.fromkeys(range(files), everybody), each=2, load={})
    held = [sum(expert in found for found in drawn.values()) for expert in everybody]
    assert max(held) - min(held) <= 1


@given(_draws())
def test_the_same_seed_draws_the_same_in_whatever_order_the_record_is_read(
    case: tuple[str, dict[int, list[int]], int, dict[int, int]],
) -> None:
    seed, eligible, each, load = case
    turned = {file: sorted(eligible[file], reverse=True) for file in reversed(eligible)}
    assert draw(seed=seed, eligible=eligible, each=each, load=load) == draw(
        seed=seed, eligible=turned, each=each, load=load
    )


def test_another_seed_draws_others() -> None:
    eligible = dict.fromkeys(range(20), range(30))
    assert len({str(draw(seed=new_seed(), eligible=eligible, each=3, load={})) for _ in range(5)}) == 5


def test_files_with_too_few_experts_are_named_with_how_many_they_can_have() -> None:
    with pytest.raises(TooFewExperts) as refused:
        draw(seed="a", eligible={1: [1, 2, 3], 2: [1], 3: []}, each=2, load={})
    assert refused.value.short == {2: 1, 3: 0}


def test_a_replacement_is_whoever_has_least_and_nobody_where_nobody_may() -> None:
    assert draw_replacement(seed="a", number=1, eligible=[4, 5, 6], load={4: 2, 5: 0, 6: 1}) == 5
    assert draw_replacement(seed="a", number=1, eligible=[], load={}) is None
