"""How much room words take."""

from __future__ import annotations

import pytest

from dashboard.exports.reports.fitting import LINE, SMALLEST, Words, clean, cut, fitted, height_of, text_width, wrapped


def test_widths_are_those_of_the_font() -> None:
    assert text_width("Hi", 10) == pytest.approx(10 * (0.722 + 0.222))
    assert text_width("é", 10) == text_width("e", 10)
    assert text_width("顧", 10) == 10
    assert text_width("Hi", 10, is_bold=True) > text_width("Hi", 10)


def test_lines_break_between_words_and_within_a_word_that_is_too_long() -> None:
    assert wrapped("one two three", text_width("one two", 10), 10) == ["one two", "three"]
    assert wrapped("aaaa", text_width("aa", 10), 10) == ["aa", "aa"]
    assert wrapped("one aaaa", text_width("one", 10) + 0.1, 10)[0] == "one"


def test_height_counts_lines_and_the_space_between_paragraphs() -> None:
    paragraphs = [Words("one", 10, "000000", above=7), Words("two three", 20, "000000", above=5)]
    assert height_of(paragraphs, text_width("three", 20)) == pytest.approx(LINE * (10 + 2 * 20) + 5)


def test_words_that_fit_stay_as_they_are() -> None:
    words = [Words("one two", 14, "000000")]
    assert fitted(words, 500, 100) == words


def test_words_become_smaller_before_they_are_shortened() -> None:
    (smaller,) = fitted([Words("word " * 40, 20, "000000")], 300, 150)
    assert smaller.text.split() == ["word"] * 40 and SMALLEST <= smaller.size < 20
    (shorter,) = fitted([Words("word " * 4_000, 20, "000000")], 300, 150)
    assert shorter.size == SMALLEST and shorter.text.endswith("…")
    assert height_of([shorter], 300) <= 150


def test_small_type_never_grows() -> None:
    (small,) = fitted([Words("word " * 400, 8, "000000")], 100, 50)
    assert small.size == 8


def test_a_line_is_cut_with_a_mark() -> None:
    assert cut("short", 100, 10) == "short"
    shown = cut("a rather long name of a product", 60, 10)
    assert shown.endswith("…") and text_width(shown, 10) <= 60


def test_paragraphs_without_room_are_left_out_and_the_last_one_says_so() -> None:
    shown = fitted([Words(word, 10, "000000", above=4) for word in ("one", "two", "three")], 100, 2 * 9 * LINE + 5)
    assert [words.text for words in shown] == ["one", "two …"]


def test_a_number_stays_behind_a_name_that_is_written_from_the_right() -> None:
    name = "\u0639\u0645\u0631"
    shown = clean(f"{name}: 12% of customers")
    assert shown == f"{name}\u200e: 12% of customers" == clean(shown)
    assert text_width(shown, 10) == text_width(shown.replace("\u200e", ""), 10)
    assert [clean(text) for text in (name, f"12 {name}", "A 12")] == [name, f"12 {name}", "A 12"]
