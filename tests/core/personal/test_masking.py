"""Masks leave what one recognises and hide what one must not learn."""

import pytest

from tidu.core.personal.masking import mask_account, mask_id_number, mask_phone


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("13800001234", "138****1234"),
        ("0471-1234567", "0471******67"),
        ("+8613800001234", "+861********34"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_a_phone_number_keeps_its_ends(text: str, shown: str) -> None:
    assert mask_phone(text) == shown


def test_an_id_number_keeps_place_and_end_but_not_the_birthday() -> None:
    assert mask_id_number("15010219900101123X") == "1501**********123X"


@pytest.mark.parametrize(("text", "shown"), [("6222 0000 1111 2222 333", f"{'*' * 15}2333"), ("12", "**")])
def test_an_account_keeps_its_last_four_digits(text: str, shown: str) -> None:
    assert mask_account(text) == shown
