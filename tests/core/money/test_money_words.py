"""Amounts in words, as they stand on cheques and decisions."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.core.money_words import in_words


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (1, "壹分"),
        (5, "伍分"),
        (10, "壹角"),
        (12, "壹角贰分"),
        (100, "壹元整"),
        (101, "壹元零壹分"),
        (110, "壹元壹角"),
        (1000, "壹拾元整"),
        (1001, "壹拾元零壹分"),
        (10_00_00, "壹仟元整"),
        (140950, "壹仟肆佰零玖元伍角"),
        (600714, "陆仟零柒元壹角肆分"),
        (168032, "壹仟陆佰捌拾元叁角贰分"),
        (10700053, "壹拾万柒仟元伍角叁分"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (32504, "叁佰贰拾伍元零肆分"),
        (10000150, "壹拾万零壹元伍角"),
        (123456789, "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分"),
        (10_0000_00, "壹拾万元整"),
        (20_0000_00, "贰拾万元整"),
        (1_0001_0000_00, "壹亿零壹万元整"),
        (1_0000_0001_00, "壹亿零壹元整"),
        (1_0000_1000_00, "壹亿零壹仟元整"),
        (10_0000_0000_00, "壹拾亿元整"),
        (20_5000_0000_00, "贰拾亿伍仟万元整"),
        (1_0100_1010_00, "壹亿零壹佰万壹仟零壹拾元整"),
        (1_0000_0000_0000_00, "壹万亿元整"),
        (1_0000_0000_0001_00, "壹万亿零壹元整"),
        (9999_9999_9999_9999_99, "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        (-50_0000_00, "负伍拾万元整"),
        (-1, "负壹分"),
    ],
)  # fmt: skip
def test_amounts_are_said_as_the_rules_write_them(fen: int, words: str) -> None:
    assert in_words(fen) == words


def read_back(words: str) -> int:
    """The amount that the words say, read independently of how they were made."""
    sign = -1 if words.startswith("负") else 1
    found = re.fullmatch(r"负?(?:(?P<yuan>[^元]+)元)?零?(?:(?P<jiao>.)角)?(?:(?P<fen>.)分)?整?", words)
    assert found is not None, words
    jiao, fen = (("零壹贰叁肆伍陆柒捌玖".index(found[name] or "零")) for name in ("jiao", "fen"))
    return sign * (read_whole(found["yuan"] or "") * 100 + jiao * 10 + fen)


def read_whole(words: str) -> int:
    for name, size in (("亿", 10**8), ("万", 10**4), ("仟", 1000), ("佰", 100), ("拾", 10)):
        if name in words:
            high, _, low = words.rpartition(name) if name in "亿万" else words.partition(name)
            return read_whole(high) * size + read_whole(low)
    return "零壹贰叁肆伍陆柒捌玖".index(words.strip("零") or "零")


@given(st.integers(-(10**18) + 1, 10**18 - 1) | st.integers(-(10**7), 10**7))
def test_the_words_say_exactly_the_amount_and_never_two_noughts(fen: int) -> None:
    words = in_words(fen)
    assert read_back(words) == fen
    assert "零零" not in words
    assert "零元" not in words.replace("零元整", "") or fen == 0
    assert words.endswith("整") == (fen % 100 == 0)


@pytest.mark.parametrize("value", [1.0, True, "100", None])
def test_what_is_no_integer_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="integer fen"):
        in_words(value)  # type: ignore[arg-type]


def test_a_sum_beyond_all_names_is_refused() -> None:
    with pytest.raises(ValueError, match="beyond"):
        in_words(10**18)
