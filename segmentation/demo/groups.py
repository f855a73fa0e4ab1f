"""The behavioural groups hidden in the demo shop: who they are and how they buy. What a segmentation should find again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

CHANNELS = ("web", "app", "store", "phone")
PAYMENTS = ("card", "wallet", "invoice", "bank transfer", "cash", "gift card")
SHIPPING = ("standard", "express", "pick-up point", "collected in store")


@dataclass(frozen=True)
class Group:
    """One kind of customer.

    Attributes
    ----------
    name : str
        For tests; it appears nowhere in the data.
    share : float
        Share of all customers, 0..1.
    repeat_orders : float
        Mean number of orders after the first.
    evenness : float
        Shape of the gamma distribution behind the number of orders: small means a few buy very often.
    lines : float
        Mean number of lines of an order after its first.
    joins : tuple of float
        Part of the period in which the first order falls, 0..1.
    stays_days : int
        Days until the last order at the latest.
    age, income : tuple of float
        Mean and standard deviation; years, and thousands a year.
    categories, tiers, channels, payments : tuple of float
        Weights in the order of the catalogue's categories, its price tiers (low, middle, high), `CHANNELS` and `PAYMENTS`.
    on_sale, returned, rating, consent : float
        Share of lines bought at a discount and of lines sent back, mean rating (1..5), share who agree to marketing.
    """

    name: str
    share: float
    repeat_orders: float
    evenness: float
    lines: float
    joins: tuple[float, float]
    stays_days: int
    age: tuple[float, float]
    income: tuple[float, float]
    categories: tuple[float, ...]
    tiers: tuple[float, float, float]
    channels: tuple[float, ...]
    payments: tuple[float, ...]
    on_sale: float
    returned: float
    rating: float
    consent: float


ALWAYS = 100_000

# Categories: home, clothing, electronics, beauty, sports, books, toys, food.
GROUPS: tuple[Group, ...] = (
    Group(
        name="devoted, high spend",
        share=0.08,
        repeat_orders=16,
        evenness=2.5,
        lines=0.9,
        joins=(0.0, 0.3),
        stays_days=ALWAYS,
        age=(47, 8),
        income=(86, 18),
        categories=(5, 6, 4, 3, 2, 1, 0.3, 1),
        tiers=(1, 5, 5),
        channels=(4, 3, 3, 0.3),
        payments=(7, 2, 1, 0.5, 0.2, 0.2),
        on_sale=0.08,
        returned=0.04,
        rating=4.5,
        consent=0.88,
    ),
    Group(
        name="families, steady",
        share=0.18,
        repeat_orders=12,
        evenness=6,
        lines=1.8,
        joins=(0.0, 0.5),
        stays_days=ALWAYS,
        age=(38, 5),
        income=(56, 11),
        categories=(3, 3, 1, 1, 2, 2, 6, 7),
        tiers=(3, 6, 1),
        channels=(4, 2, 4, 0.2),
        payments=(5, 2, 3, 1, 0.7, 0.2),
        on_sale=0.2,
        returned=0.04,
        rating=4.2,
        consent=0.78,
    ),
    Group(
        name="young, by app",
        share=0.18,
        repeat_orders=5.5,
        evenness=4,
        lines=0.5,
        joins=(0.4, 0.88),
        stays_days=ALWAYS,
        age=(24, 4),
        income=(29, 7),
        categories=(1, 5, 4, 5, 3, 1, 0.5, 1),
        tiers=(6, 4, 0.6),
        channels=(2, 8, 0.6, 0),
        payments=(2, 7, 1.5, 0.2, 0.1, 0.5),
        on_sale=0.3,
        returned=0.12,
        rating=3.8,
        consent=0.7,
    ),
    Group(
        name="bargain hunters",
        share=0.12,
        repeat_orders=2.5,
        evenness=3,
        lines=0.5,
        joins=(0.0, 0.9),
        stays_days=ALWAYS,
        age=(43, 12),
        income=(34, 8),
        categories=(3, 3, 3, 2, 1, 2, 2, 2),
        tiers=(8, 2, 0.1),
        channels=(7, 2, 1, 0.1),
        payments=(3, 3, 2, 2, 0.2, 1.5),
        on_sale=0.75,
        returned=0.05,
        rating=3.7,
        consent=0.66,
    ),
    Group(
        name="once loyal, gone",
        share=0.12,
        repeat_orders=6,
        evenness=4,
        lines=0.8,
        joins=(0.0, 0.25),
        stays_days=300,
        age=(59, 8),
        income=(61, 14),
        categories=(5, 3, 1, 2, 1, 4, 2, 2),
        tiers=(1, 6, 3),
        channels=(4, 0.7, 4, 1.5),
        payments=(3, 0.7, 5, 2, 1, 0.3),
        on_sale=0.15,
        returned=0.06,
        rating=3.3,
        consent=0.6,
    ),
    Group(
        name="came once",
        share=0.27,
        repeat_orders=0,
        evenness=1,
        lines=0.5,
        joins=(0.0, 0.93),
        stays_days=ALWAYS,
        age=(45, 14),
        income=(46, 15),
        categories=(3, 2, 3, 2, 1, 2, 4, 1),
        tiers=(3, 6, 1.5),
        channels=(7, 1.5, 2, 0.5),
        payments=(4, 3, 2, 1, 0.5, 1),
        on_sale=0.25,
        returned=0.06,
        rating=3.8,
        consent=0.5,
    ),
    Group(
        name="new",
        share=0.05,
        repeat_orders=0.6,
        evenness=3,
        lines=0.6,
        joins=(0.88, 1.0),
        stays_days=ALWAYS,
        age=(35, 11),
        income=(47, 13),
        categories=(3, 4, 3, 3, 2, 2, 3, 2),
        tiers=(3, 6, 1),
        channels=(4, 5, 1.5, 0.1),
        payments=(4, 5, 1.5, 0.5, 0.2, 0.5),
        on_sale=0.3,
        returned=0.05,
        rating=4.1,
        consent=0.82,
    ),
)


def column(attribute: str) -> np.ndarray:
    """Return one attribute of all groups as an array.

    Parameters
    ----------
    attribute : str
        Name of a numeric attribute of `Group`.

    Returns
    -------
    numpy.ndarray of float, shape (n groups,) or (n groups, n weights)
    """
    return np.array([getattr(group, attribute) for group in GROUPS], dtype=float)


def choose(rng: np.random.Generator, weights: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Draw one option a row.

    Parameters
    ----------
    rng : numpy.random.Generator
    weights : numpy.ndarray of float, shape (n kinds, n options)
        Not negative, each row with a positive sum.
    rows : numpy.ndarray of int, shape (n,)
        The kind of each row: which weights it draws by.

    Returns
    -------
    numpy.ndarray of int64, shape (n,)
        Number of the option, from 0.
    """
    bounds = np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)
    drawn, option = rng.random(len(rows)), np.zeros(len(rows), dtype=np.int64)
    for bound in bounds[:, :-1].T:
        option += drawn >= bound[rows]
    return option
