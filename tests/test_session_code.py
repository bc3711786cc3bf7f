"""Patient codes: every slip of one digit or of two neighbours is found."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.session.patient_code import DIGITS, is_code, spaced, with_check_digit

codes = st.integers(0, 999_999).map(with_check_digit)


@given(codes)
def test_a_code_is_a_code(code: str) -> None:
    assert len(code) == DIGITS
    assert is_code(code)
    assert spaced(code).replace(" ", "") == code


@given(codes)
def test_every_wrong_digit_is_found(code: str) -> None:
    for place in range(DIGITS):
        for digit in "0123456789":
            slip = code[:place] + digit + code[place + 1 :]
            assert is_code(slip) == (slip == code)


@given(codes)
def test_every_swap_of_two_neighbours_is_found(code: str) -> None:
    for place in range(DIGITS - 1):
        slip = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert is_code(slip) == (slip == code)


def test_each_number_below_a_million_has_its_own_code() -> None:
    assert with_check_digit(999_999)[:-1] == "999999"
    assert with_check_digit(1)[:-1] == "000001"


def test_the_check_digit_is_the_one_of_the_published_example() -> None:
    assert with_check_digit(572) == "0005724"  # H. M. Damm's own example: 572 has 4


@pytest.mark.parametrize(
    "text", ["", "000572", "00057244", "000572x", "٠٠٠٥٧٢٤", " 005724", "²005724"]
)
def test_nothing_else_is_a_code(text: str) -> None:
    assert not is_code(text)


def test_only_the_last_six_digits_of_a_number_count() -> None:
    number = Random(1).randrange(10**6)
    assert with_check_digit(number + 10**6) == with_check_digit(number)
