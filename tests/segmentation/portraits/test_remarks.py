"""Who they are, where they buy, how they answer: sentences with numbers worked out by hand, and silence where there is nothing to say."""

from __future__ import annotations

import numpy as np
import pandas as pd

from segmentation.portraits.profiles import ProfileColumn, profile_segments


def remarks(frame: pd.DataFrame, sizes: tuple[int, ...]) -> list[tuple[str, ...]]:
    columns = [ProfileColumn(name, name, "category" if name == "gender" else "number", name) for name in frame]
    segments = np.repeat(np.arange(1, len(sizes) + 1), sizes)
    return [profile.remarks for profile in profile_segments(frame, segments, columns, list(frame), None)]


def test_a_gender_that_is_more_frequent() -> None:
    women = np.r_[np.repeat([True, False], (80, 20)), np.repeat([True, False], (20, 80))]
    found = remarks(pd.DataFrame({"gender": np.where(women, "Female", "Male").astype(object)}), (100, 100))
    assert found == [
        ("More Female than among all customers: 80 % (all: 50 %; n = 100)",),
        ("More Male than among all customers: 80 % (all: 50 %; n = 100)",),
    ]


def test_gaps_in_gender_do_not_count() -> None:
    genders = np.r_[np.repeat(["f", "m"], (70, 10)), np.full(20, None), np.repeat(["f", "m"], (10, 70)), np.full(20, None)]
    assert remarks(pd.DataFrame({"gender": genders.astype(object)}), (100, 100))[0] == (
        "More f than among all customers: 88 % (all: 50 %; n = 80)",
    )


def test_a_gender_is_not_told_of_few_nor_of_chance() -> None:
    few = np.r_[np.repeat(["f"], 29), np.repeat(["f", "m"], (21, 50))]
    assert remarks(pd.DataFrame({"gender": few.astype(object)}), (29, 71))[0] == ()
    by_chance = np.r_[np.repeat(["f", "m"], (30, 20)), np.repeat(["f", "m"], (20, 30))]  # 60 % of 50: 1.4 standard errors
    assert remarks(pd.DataFrame({"gender": by_chance.astype(object)}), (50, 50)) == [(), ()]
    close = np.r_[np.repeat(["f", "m"], (5_500, 4_500)), np.repeat(["f", "m"], (4_500, 5_500))]  # sure, and 5 points only
    assert remarks(pd.DataFrame({"gender": close.astype(object)}), (10_000, 10_000)) == [(), ()]


def test_incomes_by_their_middle() -> None:
    incomes = np.r_[np.full(40, 80_000.0), np.full(40, 20_000.0), np.full(20, np.nan)]
    assert remarks(pd.DataFrame({"income": incomes}), (40, 60)) == [
        ("Larger incomes than most: the middle customer has 80 k (of all: 50 k; n = 40)",),
        ("Smaller incomes than most: the middle customer has 20 k (of all: 50 k; n = 40)",),
    ]
    assert remarks(pd.DataFrame({"income": incomes[:60]}), (29, 31))[0] == ()  # too few
    mixed = np.tile([20_000.0, 80_000.0], 40)
    assert remarks(pd.DataFrame({"income": mixed}), (40, 40)) == [(), ()]


def test_where_they_buy() -> None:
    frame = pd.DataFrame({"web_purchases": np.repeat([6.0, 2], 10), "store_purchases": np.repeat([2.0, 6], 10)})
    assert remarks(frame, (10, 10)) == [
        ("Purchases: 75 % on the web (all: 50 %) and 25 % in the shop (all: 50 %); n = 10",),
        ("Purchases: 75 % in the shop (all: 50 %) and 25 % on the web (all: 50 %); n = 10",),
    ]
    assert remarks(frame[["web_purchases"]], (10, 10)) == [(), ()]
    assert remarks(frame * [1, 0] - [0, 1], (10, 10)) == [(), ()]  # less than none says nothing


def test_how_they_answer_campaigns() -> None:
    answered = np.r_[np.repeat([1.0, 0], (6, 4)), np.repeat([1.0, 0], (1, 9))]
    frame = pd.DataFrame({"accepted_any": answered, "campaigns_accepted": 2 * answered})
    assert remarks(frame, (10, 10)) == [
        ("Campaigns: 60 % accepted one or more, of all customers 35 %, 120 acceptances for every 100 customers (n = 10)",),
        ("Campaigns: 10 % accepted one or more, of all customers 35 %, 20 acceptances for every 100 customers (n = 10)",),
    ]
    alike = pd.DataFrame({"accepted_any": np.tile([1.0, 0], 10)})
    assert remarks(alike, (10, 10))[0] == ("Campaigns: 50 % accepted one or more, about as many as of all customers (n = 10)",)


def test_one_segment_is_all_there_is() -> None:
    assert remarks(pd.DataFrame({"accepted_any": np.tile([1.0, 0], 10)}), (20,)) == [()]
