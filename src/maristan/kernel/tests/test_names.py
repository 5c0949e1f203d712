"""Names are tidied, matched and turned into logins; addresses and numbers take one shape."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maristan.kernel.names import (
    TakenNames,
    ascii_letters,
    login_parts,
    login_stem,
    match_key,
    nearest,
    normal_email,
    normal_identifier,
    tidy,
    without_titles,
)


def test_a_name_keeps_its_script_and_loses_stray_blanks() -> None:
    assert tidy("  Tariq   Mirza ") == "Tariq Mirza"
    assert tidy(" عائشہ  اقبال") == "عائشہ اقبال"
    assert tidy("Jose\u0301") == "Jos\u00e9"


def test_a_name_that_there_is_not_is_answered_with_those_like_it() -> None:
    known = ["default", "operations", "mail", "mails", "mailing", "e-mail"]
    assert nearest("mial", known) == "mail, mails, e-mail"
    assert nearest("mial", known, most=1) == "mail"
    assert nearest("zzz", known) == ""
    assert nearest("zzz", known, ["default", "mail"]) == "default, mail"
    assert (nearest("op", known), nearest("op", known, alike=0.3)) == ("", "operations")


def test_spellings_that_differ_in_case_and_blanks_match() -> None:
    assert match_key("  2031  batch") == match_key("2031 Batch")
    assert match_key("GROUP A") != match_key("GROUP B")


@given(st.text())
def test_tidying_twice_changes_nothing(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert unicodedata.is_normalized("NFC", tidy(text))


@pytest.mark.parametrize(
    ("text", "letters"),
    [("José", "jose"), ("Núñez", "nunez"), ("O'Brien-Lee 2", "obrienlee"), ("علی", ""), ("Weiß", "wei")],
)
def test_only_letters_that_remain_after_decomposition_count(text: str, letters: str) -> None:
    assert ascii_letters(text) == letters


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Dr. José Núñez", ("jose", "nunez")),
        ("Prof. Dr Ahmed Raza Khan", ("ahmed", "khan")),
        ("ENGR Saba Naz", ("saba", "naz")),
        ("Mrs. Saba", ("saba", "")),
        ("Dr", ("dr", "")),
        ("Msgr Paul", ("msgr", "paul")),
        ("علی خان", ("", "")),
    ],
)
def test_titles_are_no_part_of_a_login(name: str, parts: tuple[str, str]) -> None:
    assert login_parts(name) == parts


def test_a_title_is_removed_only_in_front() -> None:
    assert without_titles("Ali Dr") == "Ali Dr"


def test_an_identifier_keeps_only_letters_and_digits() -> None:
    assert login_stem(" 2026/MBBS 007") == "2026-mbbs-007"
    assert login_stem("٢٠٢٦") == "----"


def test_the_second_ali_of_a_batch_is_numbered_two() -> None:
    names = TakenNames(["hina.b31", "ALI.B30"])
    assert [names.claim("ali", ".b31") for _ in range(3)] == ["ali.b31", "ali2.b31", "ali3.b31"]
    assert names.claim("hina", ".b31") == "hina2.b31"
    assert names.claim("ali", ".b30") == "ali2.b30"


def test_a_number_taken_by_somebody_else_is_passed_over() -> None:
    names = TakenNames(["ali.b31", "ali2.b31"])
    assert names.claim("ali", ".b31") == "ali3.b31"
    assert names.claim("ali2", ".b31") == "ali22.b31"


def test_staff_without_latin_letters_are_counted_from_one() -> None:
    names = TakenNames(["staff2"])
    assert [names.claim_numbered("staff") for _ in range(2)] == ["staff1", "staff3"]


@given(st.lists(st.sampled_from(["ali", "ali2", "al", "ALI"]), max_size=40))
def test_no_login_is_given_twice(stems: list[str]) -> None:
    names = TakenNames()
    given_out = [names.claim(stem).casefold() for stem in stems]
    assert len(set(given_out)) == len(given_out)


def test_a_very_long_name_is_cut() -> None:
    assert TakenNames().claim("a" * 300, ".b31") == "a" * 60 + ".b31"


@pytest.mark.parametrize("text", [" Ali.Khan@Example.EDU ", "ali.khan@example.edu"])
def test_an_address_is_trimmed_and_in_lower_case(text: str) -> None:
    assert normal_email(text) == "ali.khan@example.edu"


def test_an_address_may_have_254_characters() -> None:
    longest = "a" * 60 + "@" + "b" * 190 + ".pk"
    assert normal_email(longest) == longest
    with pytest.raises(ValueError, match="not an e-mail"):
        normal_email(longest + "k")


@pytest.mark.parametrize(
    "text",
    [
        "not-an-address",
        "a@b",
        "@example.edu",
        "a@",
        "a b@example.edu",
        "a@example.edu, b@example.edu",
        "a@@example.edu",
        "a@exam\nple.edu",
        "<a@example.edu>",
        ".a@example.edu",
        "a.@example.edu",
        "a@example..edu",
        "a@-example.edu",
        "a" * 65 + "@example.edu",
        "a@" + "b." * 130 + "edu",
    ],
)
def test_anything_but_one_plain_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an e-mail"):
        normal_email(text)


def test_the_number_of_a_document_is_compared_by_digits_and_letters() -> None:
    assert normal_identifier(" 35202-1234567-1 ") == "3520212345671"
    assert normal_identifier("۳۵۲۰۲-۱۲۳۴۵۶۷-۱") == "3520212345671"
    assert normal_identifier("ab 12.34") == "AB1234"
