"""The demo shop as tables: people and orders apart, or one flat log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from segmentation.demo.customers import draw_customers
from segmentation.demo.groups import GROUPS, choose, column
from segmentation.demo.orders import PERIOD_DAYS, draw_lines, draw_orders
from segmentation.errors import InvalidInputError

LAST_DAY = date(2025, 12, 31)
SAME_DAY_SHARE = 0.6
MEAN_WAIT_DAYS = 60
# Who buys in the first days of the log has mostly been a customer for years.
DAYS_OF_OLD_CUSTOMERS = 90
MEAN_DAYS_BEFORE_LOG = 500


@dataclass(frozen=True)
class DemoShop:
    """A shop that never was.

    Attributes
    ----------
    customers : pandas.DataFrame, shape (n customers, 16)
        See `segmentation.demo.customers.draw_customers`.
    transactions : pandas.DataFrame, shape (n lines, 15)
        See `segmentation.demo.orders.draw_lines`; ``customer_id`` is missing where a customer bought without logging in.
    hidden_groups : pandas.Series of str
        The behavioural group that each customer_id (the index) was drawn from: the truth that a segmentation can be held against.
    """

    customers: pd.DataFrame
    transactions: pd.DataFrame
    hidden_groups: pd.Series


def demo_shop(seed: int, n_customers: int = 3_000, last_day: date = LAST_DAY) -> DemoShop:
    """Generate the customers of two years and what they bought, about 13 lines each.

    Parameters
    ----------
    seed : int
        The same seed gives the same shop, bit for bit.
    n_customers : int, default 3000
        At least 1.
    last_day : datetime.date, default 2025-12-31
        The last day of the log.

    Returns
    -------
    DemoShop

    Raises
    ------
    InvalidInputError
        If there would be no customer.
    """
    customers, lines, group = _draw(seed, n_customers, last_day)
    ids = customers["customer_id"]
    lines.insert(2, "customer_id", ids.take(lines["customer"].to_numpy()).mask(lines["is_guest"].to_numpy()).array)
    groups = pd.Series(np.array([group.name for group in GROUPS], dtype=object)[group], index=pd.Index(ids), name="group", dtype="str")
    return DemoShop(customers, lines.drop(columns=["customer", "is_guest"]), groups)


def demo_log(seed: int, n_rows: int = 302_010, last_day: date = LAST_DAY) -> pd.DataFrame:
    """Generate one flat log of a larger shop, the customer's columns repeated on each line as cash systems export it.

    Parameters
    ----------
    seed : int
        The same seed gives the same log, bit for bit.
    n_rows : int, default 302010
        Number of lines, at least 1.
    last_day : datetime.date, default 2025-12-31
        The last day of the log.

    Returns
    -------
    pandas.DataFrame, shape (n_rows, 30)
        The 15 columns of `DemoShop.transactions` and the 15 of `DemoShop.customers` beside the id, in the order of time.

    Raises
    ------
    InvalidInputError
        If there would be no row.
    """
    customers, lines, _ = _draw(seed, n_rows // 10 + 100 * (n_rows > 0), last_day)  # a third too many lines: see demo_shop
    lines = _keep_customers(np.random.default_rng([seed, 3]), lines, n_rows)
    people = customers.take(lines["customer"].to_numpy()).reset_index(drop=True)
    people.loc[lines["is_guest"].to_numpy()] = pd.NA
    orders = lines.drop(columns=["customer", "is_guest"])
    return pd.concat([orders.iloc[:, :2], people, orders.iloc[:, 2:]], axis=1)


def _draw(seed: int, n_customers: int, last_day: date) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Return customers, lines with the customer's row number, and the hidden group of each customer."""
    if n_customers < 1:
        raise InvalidInputError("empty_demo", "A demo shop needs at least one customer.", fix="Ask for 1 or more.")
    day = np.datetime64(last_day, "D")
    # A stream of its own for each part: what changes in one leaves the others as they were.
    people, sales = np.random.default_rng([seed, 1]), np.random.default_rng([seed, 2])
    group = choose(people, column("share")[None], np.zeros(n_customers, dtype=np.int64))
    orders = draw_orders(sales, group, day)
    signup = _draw_signups(people, orders.first_day, day)
    by_signup = np.argsort(signup, kind="stable")
    number = np.empty(n_customers, dtype=np.int64)
    number[by_signup] = np.arange(n_customers)
    lines = draw_lines(sales, orders, day)
    lines["customer"] = number[lines["customer"]]
    return draw_customers(people, group[by_signup], signup[by_signup], day), lines, group[by_signup]


def _draw_signups(rng: np.random.Generator, first_day: np.ndarray, last_day: np.datetime64) -> np.ndarray:
    """Return the day of signing up: mostly that of the first order, and long before it for those who were there when the log begins."""
    wait = np.where(rng.random(len(first_day)) < SAME_DAY_SHARE, 0, rng.exponential(MEAN_WAIT_DAYS, len(first_day)))
    from_before = (last_day - first_day).astype(np.int64) > PERIOD_DAYS - DAYS_OF_OLD_CUSTOMERS
    wait += from_before * rng.exponential(MEAN_DAYS_BEFORE_LOG, len(first_day))
    return first_day - wait.astype("timedelta64[D]")


def _keep_customers(rng: np.random.Generator, lines: pd.DataFrame, n_rows: int) -> pd.DataFrame:
    """Keep whole customers at random, and of the last one as many lines as are missing to ``n_rows``."""
    counts = np.bincount(lines["customer"])
    order = rng.permutation(len(counts))
    place = np.empty(len(counts), dtype=np.int64)
    place[order] = np.arange(len(counts))
    by_customer = np.argsort(place[lines["customer"].to_numpy()], kind="stable")
    return lines.iloc[np.sort(by_customer[:n_rows])].reset_index(drop=True)
