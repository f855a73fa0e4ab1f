"""The people of the demo shop: one row each."""

from __future__ import annotations

import unicodedata

import numpy as np
import pandas as pd

from segmentation.demo.groups import choose, column
from segmentation.demo.places import COUNTRIES, Country

_EDUCATION = ("secondary", "vocational", "bachelor", "master", "doctorate")
FIRST_ID = 100_001
EMAIL_DOMAIN = "example.org"  # reserved for examples (RFC 2606): no letter can reach anybody
ADULT = 18

# Share of customers of whom the shop does not know it.
MISSING = {
    "email": 0.015,
    "phone": 0.08,
    "age": 0.03,
    "gender": 0.02,
    "zip": 0.01,
    "income": 0.06,
    "education": 0.04,
    "marital_status": 0.05,
    "consent": 0.03,
}
_DAYS_A_YEAR = 365.25
_ENDS_OF__EDUCATION = (-0.9, 0.1, 0.9, 2.0)  # of a standard normal score: 18, 36, 28, 16 and 2 % of people
_MARITAL = ("single", "partnered", "married", "divorced", "widowed")
# Weights of the marital states from the ages of 18, 30, 45 and 65 on.
_MARITAL_FROM = np.array([30, 45, 65])
_MARITAL_WEIGHTS = np.array([[70, 25, 5, 0, 0], [25, 25, 45, 5, 0], [12, 13, 58, 16, 1], [8, 6, 60, 13, 13]], dtype=float)


def draw_customers(rng: np.random.Generator, group: np.ndarray, signup: np.ndarray, last_day: np.datetime64) -> pd.DataFrame:
    """Return one row a customer.

    Parameters
    ----------
    rng : numpy.random.Generator
    group : numpy.ndarray of int, shape (n,)
        Number of each customer's hidden group.
    signup : numpy.ndarray of datetime64[D], shape (n,)
        Not later than the first order.
    last_day : numpy.datetime64[D]
        The day at which ages are taken.

    Returns
    -------
    pandas.DataFrame, shape (n, 16)
        Columns customer_id (text, unique, in the order of rows), first_name, last_name, email, phone, country, region, city, zip (text),
        age (years, 18 or more at sign-up), gender, income (a year, in the shop's currency), education, marital_status, consent
        ("yes", "no"), signup_date. Unknown values are missing, in the shares of `MISSING`.
    """
    n = len(group)
    score = rng.standard_normal(n)
    age = _draw_ages(rng, group, signup, last_day)
    income = np.maximum(column("income")[group, 0] + column("income")[group, 1] * score, 9) * 1000
    women = rng.random(n) < 0.53
    frame = pd.DataFrame(
        {
            "customer_id": [f"C{number}" for number in range(FIRST_ID, FIRST_ID + n)],
            **_draw_places_and_names(rng, women),
            "age": pd.array(age, dtype="Int64"),
            "gender": np.where(rng.random(n) < 0.015, "other", np.where(women, "female", "male")),
            "income": pd.array(np.round(income, -2).astype(np.int64), dtype="Int64"),
            "education": _draw_education(rng, score),
            "marital_status": np.array(_MARITAL)[choose(rng, _MARITAL_WEIGHTS, np.searchsorted(_MARITAL_FROM, age, side="right"))],
            "consent": np.where(rng.random(n) < column("consent")[group], "yes", "no"),
            "signup_date": signup.astype("datetime64[s]"),
        }
    )
    names = frame["first_name"] + "." + frame["last_name"]
    emails = [f"{_plain(name)}.{identity[1:]}@{EMAIL_DOMAIN}" for name, identity in zip(names, frame["customer_id"], strict=True)]
    frame.insert(3, "email", emails)
    for name, share in MISSING.items():
        frame.loc[rng.random(n) < share, name] = pd.NA
    return frame


def _draw_ages(rng: np.random.Generator, group: np.ndarray, signup: np.ndarray, last_day: np.datetime64) -> np.ndarray:
    drawn = np.round(rng.normal(column("age")[group, 0], column("age")[group, 1])).astype(np.int64)
    years_since_signup = np.ceil((last_day - signup).astype(np.int64) / _DAYS_A_YEAR).astype(np.int64)
    return np.clip(drawn, ADULT + years_since_signup, 92)


def _draw_education(rng: np.random.Generator, score: np.ndarray) -> np.ndarray:
    # Half the score that moves the income in its group, so that the two go together without being the same.
    mixed = 0.5 * score + np.sqrt(0.75) * rng.standard_normal(len(score))
    return np.array(_EDUCATION)[np.searchsorted(_ENDS_OF__EDUCATION, mixed)]


def _draw_places_and_names(rng: np.random.Generator, women: np.ndarray) -> dict[str, np.ndarray]:
    n = len(women)
    country = choose(rng, np.array([[place.weight for place in COUNTRIES]], dtype=float), np.zeros(n, dtype=np.int64))
    drawn = {name: np.empty(n, dtype=object) for name in ("first_name", "last_name", "phone", "country", "region", "city", "zip")}
    for number, place in enumerate(COUNTRIES):
        rows = np.flatnonzero(country == number)
        drawn["country"][rows] = place.name
        for name, values in _draw_in_country(rng, place, women[rows]).items():
            drawn[name][rows] = values
    return drawn


def _draw_in_country(rng: np.random.Generator, place: Country, women: np.ndarray) -> dict[str, list[str]]:
    n = len(women)
    weights = np.array([[city.weight for city in place.cities]], dtype=float)
    cities = [place.cities[number] for number in choose(rng, weights, np.zeros(n, dtype=np.int64))]
    begins, ends = (rng.integers(len(part), size=n) for part in place.syllables)
    firsts = rng.integers(len(place.first_names[0]), size=n)
    return {
        "first_name": [place.first_names[0 if woman else 1][number] for woman, number in zip(women, firsts, strict=True)],
        "last_name": [place.syllables[0][begin] + place.syllables[1][end] for begin, end in zip(begins, ends, strict=True)],
        "phone": _draw_phones(rng, place.phones, n),
        "region": [city.region for city in cities],
        "city": [city.name for city in cities],
        "zip": [_fill(city.zip_pattern, number) for city, number in zip(cities, rng.integers(10**9, size=n), strict=True)],
    }


def _draw_phones(rng: np.random.Generator, patterns: tuple[str, ...], n: int) -> list[str]:
    """Return ``n`` numbers, each once until the reserved range of the country is used up."""
    sizes = [10 ** pattern.count("#") for pattern in patterns]
    order = rng.permutation(sum(sizes))[:n]
    ends = np.cumsum(sizes)
    pattern = np.searchsorted(ends, order, side="right")
    numbers = [_fill(patterns[p], int(position - ends[p] + sizes[p])) for p, position in zip(pattern, order, strict=True)]
    return [numbers[row % len(numbers)] for row in range(n)]


def _fill(pattern: str, number: int) -> str:
    """Write a number into a pattern from the right: # takes a digit, @ a letter."""
    filled = list(pattern)
    for position in range(len(pattern) - 1, -1, -1):
        if pattern[position] == "#":
            number, digit = divmod(number, 10)
            filled[position] = str(digit)
        elif pattern[position] == "@":
            number, letter = divmod(number, 26)
            filled[position] = chr(ord("A") + letter)
    return "".join(filled)


def _plain(name: str) -> str:
    """Return a name in the letters of an e-mail address."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
