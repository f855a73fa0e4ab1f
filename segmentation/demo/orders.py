"""What the people of the demo shop buy: one row a line of an order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from segmentation.demo.catalogue import CATEGORIES, N_TIERS, PRODUCTS_PER_BRAND, build_catalogue
from segmentation.demo.groups import CHANNELS, PAYMENTS, SHIPPING, choose, column

PERIOD_DAYS = 730
GUEST_SHARE = 0.02  # of repeat orders: the customer was not logged in, so the line carries no id
CANCELLED_SHARE = 0.025  # of orders
DUPLICATE_SHARE = 0.004  # of lines: exported twice
UNRATED_SHARE = 0.6
FIRST_ORDER_ID = 500_001

# Demand by month, by weekday (from Monday) and by hour; a busy autumn, an evening peak.
_MONTHS = np.array([0.85, 0.75, 0.85, 0.9, 0.95, 0.95, 0.9, 0.75, 0.95, 1.05, 1.4, 1.6])
_WEEKDAYS = np.array([1.0, 0.95, 0.95, 1.0, 1.1, 1.2, 1.15])
_HOURS = np.array([1, 0.5, 0.3, 0.2, 0.2, 0.3, 1, 2, 3, 4, 5, 5, 6, 5, 5, 5, 6, 7, 8, 10, 11, 9, 6, 3], dtype=float)
_GROWTH_A_YEAR = 0.15
# Months in which a category sells more or less than usual, in the order of the catalogue.
_CATEGORY_MONTHS = np.ones((12, len(CATEGORIES)))
_CATEGORY_MONTHS[10:, CATEGORIES.index("Toys")] = 2.5
_CATEGORY_MONTHS[10:, CATEGORIES.index("Electronics")] = 1.5
_CATEGORY_MONTHS[3:7, CATEGORIES.index("Sports")] = 1.7
_CATEGORY_MONTHS[8:10, CATEGORIES.index("Clothing")] = 1.4
_SALE_MONTHS = np.array([2.0, 1, 1, 1, 1, 1, 2.0, 1, 1, 1, 1.8, 1])
_DISCOUNTS = np.array([10, 15, 20, 30])
_MEAN_QUANTITY = np.array([1.1, 1.1, 1.05, 1.25, 1.1, 1.15, 1.15, 1.7])  # by category: food goes by the handful
# By channel (web, app, store, phone): which payments are possible, and weights of the ways of shipping.
_PAYMENT_IS_POSSIBLE = np.array([[1, 1, 1, 1, 0, 1], [1, 1, 1, 1, 0, 1], [1, 1, 0, 0, 1, 1], [1, 0, 1, 1, 0, 1]], dtype=float)
_SHIPPING_WEIGHTS = np.array([[7, 1.5, 2, 0.5], [5, 3, 3, 0.5], [0, 0, 0, 1], [8, 2, 0.5, 0]])


@dataclass(frozen=True)
class Orders:
    """One entry an order, in the order of time. ``customer`` is the number of the row, not the id."""

    customer: np.ndarray
    group: np.ndarray
    time: np.ndarray  # datetime64[s]
    is_first: np.ndarray
    first_day: np.ndarray  # datetime64[D], one entry a customer


def draw_orders(rng: np.random.Generator, group: np.ndarray, last_day: np.datetime64) -> Orders:
    """Draw when each customer orders.

    Parameters
    ----------
    rng : numpy.random.Generator
    group : numpy.ndarray of int, shape (n customers,)
    last_day : numpy.datetime64[D]
        The last of the `PERIOD_DAYS` days on which the shop is open.

    Returns
    -------
    Orders
        At least one for each customer.
    """
    first_day = last_day - np.timedelta64(PERIOD_DAYS - 1, "D")
    demand = np.concatenate([[0.0], np.cumsum(_daily_demand(first_day))])
    joins = (column("joins")[group] * PERIOD_DAYS).astype(np.int64)
    first = _draw_days(rng, demand, joins[:, 0], joins[:, 1] - 1)
    shape = column("evenness")[group]
    repeats = rng.poisson(rng.gamma(shape, column("repeat_orders")[group] / shape))
    last = np.minimum(first + column("stays_days")[group].astype(np.int64), PERIOD_DAYS - 1)
    later = np.repeat(np.arange(len(group)), repeats)
    customer = np.concatenate([np.arange(len(group)), later])
    day = np.concatenate([first, _draw_days(rng, demand, first[later], last[later])])
    second = choose(rng, _HOURS[None], np.zeros(len(day), dtype=np.int64)) * 3600 + rng.integers(3600, size=len(day))
    in_time = np.lexsort((customer, second, day))
    time = first_day.astype("datetime64[s]") + (day * 86_400 + second).astype("timedelta64[s]")
    customer = customer[in_time]
    is_first = np.zeros(len(customer), dtype=bool)
    is_first[np.unique(customer, return_index=True)[1]] = True
    return Orders(customer, group[customer], time[in_time], is_first, first_day + first)


def _daily_demand(first_day: np.datetime64) -> np.ndarray:
    days = first_day + np.arange(PERIOD_DAYS)
    growth = 1 + _GROWTH_A_YEAR * np.arange(PERIOD_DAYS) / 365
    return growth * _MONTHS[_month(days)] * _WEEKDAYS[(days.astype(np.int64) + 3) % 7]  # day 0, 1970-01-01, was a Thursday


def _month(times: np.ndarray) -> np.ndarray:
    """Return 0 for January to 11 for December."""
    return times.astype("datetime64[M]").astype(np.int64) % 12


def _draw_days(rng: np.random.Generator, demand: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Draw a day between two days, both included, more often where the summed demand rises faster."""
    low, high = demand[first], demand[last + 1]
    day = np.searchsorted(demand, low + rng.random(len(first)) * (high - low), side="right") - 1
    return np.clip(day, first, last)


def draw_lines(rng: np.random.Generator, orders: Orders, last_day: np.datetime64) -> pd.DataFrame:
    """Draw what is in each order.

    Parameters
    ----------
    rng : numpy.random.Generator
    orders : Orders
    last_day : numpy.datetime64[D]
        Orders of the days before it are not yet delivered.

    Returns
    -------
    pandas.DataFrame, shape (n lines, 16)
        Columns customer (row number), is_guest, order_id, order_date, category, brand, product_id, product, quantity (negative where sent
        back), unit_price and amount (exact cents), payment, status, shipping, rating (1..5, mostly missing), channel. In the order of time.
    """
    bought = _draw_bought(rng, orders, last_day)
    lines = _with_returns(rng, bought, last_day)
    times = 1 + (rng.random(len(lines)) < DUPLICATE_SHARE)
    lines = lines.loc[np.repeat(lines.index.to_numpy(), times)].astype({"status": "category"})
    return lines.drop(columns="group").sort_values(["order_date", "order_id"], kind="stable", ignore_index=True)


def _draw_bought(rng: np.random.Generator, orders: Orders, last_day: np.datetime64) -> pd.DataFrame:
    n_orders = len(orders.group)
    order = np.repeat(np.arange(n_orders), 1 + rng.poisson(column("lines")[orders.group]))
    group, month = orders.group[order], _month(orders.time[order])
    product = _draw_products(rng, group, month)
    # A product stands once in an order: two equal lines are always an export's mistake, as planted by draw_lines.
    once = np.sort(np.unique(order * 1000 + product, return_index=True)[1])
    order, group, month, product = order[once], group[once], month[once], product[once]
    shop = build_catalogue()
    category = product // (N_TIERS * PRODUCTS_PER_BRAND)
    cents = _draw_prices(rng, shop.price_cents[product], group, month)
    quantity = 1 + rng.poisson(_MEAN_QUANTITY[category] - 1)
    channel = choose(rng, column("channels"), orders.group)
    return pd.DataFrame(
        {
            "customer": orders.customer[order],
            "group": group,
            "is_guest": (~orders.is_first & (rng.random(n_orders) < GUEST_SHARE))[order],
            "order_id": (FIRST_ORDER_ID + order).astype(str),
            "order_date": orders.time[order],
            "category": _label(category, CATEGORIES),
            "brand": _label(product, shop.brand),
            "product_id": _label(product, shop.product_id),
            "product": _label(product, shop.product),
            "quantity": quantity,
            "unit_price": cents / 100,
            "amount": cents * quantity / 100,
            "payment": _label(_draw_payments(rng, orders.group, channel)[order], PAYMENTS),
            "status": _draw_status(rng, orders.time, last_day)[order],
            "shipping": _label(choose(rng, _SHIPPING_WEIGHTS, channel)[order], SHIPPING),
            "rating": _draw_ratings(rng, group),
            "channel": _label(channel[order], CHANNELS),
        }
    )


def _label(codes: np.ndarray, labels: tuple[str, ...]) -> pd.Categorical[str]:
    """Return texts as categories; labels may repeat (a brand has several products)."""
    categories, merged = np.unique(labels, return_inverse=True)
    return pd.Categorical.from_codes(merged[codes], categories=pd.Index(categories, dtype="str"))


def _draw_products(rng: np.random.Generator, group: np.ndarray, month: np.ndarray) -> np.ndarray:
    by_group_and_month = (column("categories")[:, None, :] * _CATEGORY_MONTHS).reshape(-1, len(CATEGORIES))
    category = choose(rng, by_group_and_month, group * 12 + month)
    tier = choose(rng, column("tiers"), group)
    return (category * N_TIERS + tier) * PRODUCTS_PER_BRAND + rng.integers(PRODUCTS_PER_BRAND, size=len(group))


def _draw_prices(rng: np.random.Generator, list_cents: np.ndarray, group: np.ndarray, month: np.ndarray) -> np.ndarray:
    on_sale = rng.random(len(group)) < np.minimum(column("on_sale")[group] * _SALE_MONTHS[month], 0.9)
    discount = np.where(on_sale, rng.choice(_DISCOUNTS, len(group)), 0)
    return list_cents * (100 - discount) // 100


def _draw_payments(rng: np.random.Generator, group: np.ndarray, channel: np.ndarray) -> np.ndarray:
    by_group_and_channel = (column("payments")[:, None, :] * _PAYMENT_IS_POSSIBLE).reshape(-1, len(PAYMENTS))
    return choose(rng, by_group_and_channel, group * len(CHANNELS) + channel)


def _draw_status(rng: np.random.Generator, time: np.ndarray, last_day: np.datetime64) -> np.ndarray:
    age_days = (last_day - time.astype("datetime64[D]")).astype(np.int64)
    status = np.select([age_days < 2, age_days < 5], ["processing", "shipped"], "delivered")
    return np.where(rng.random(len(time)) < CANCELLED_SHARE, "cancelled", status)


def _draw_ratings(rng: np.random.Generator, group: np.ndarray) -> pd.arrays.IntegerArray:
    stars = np.clip(np.round(rng.normal(column("rating")[group], 0.9)), 1, 5).astype(np.int64)
    return pd.arrays.IntegerArray(stars, rng.random(len(group)) < UNRATED_SHARE)


def _with_returns(rng: np.random.Generator, bought: pd.DataFrame, last_day: np.datetime64) -> pd.DataFrame:
    """Add a line of negative quantity, days later, for each line that is sent back; nobody rates what was not delivered or not kept."""
    delivered = (bought["status"] == "delivered").to_numpy()
    bought.loc[~delivered, "rating"] = pd.NA
    chosen = delivered & (rng.random(len(bought)) < column("returned")[bought["group"].to_numpy()])
    back = bought[chosen].copy()
    back["order_date"] += pd.to_timedelta(rng.integers(3 * 86_400, 30 * 86_400, size=len(back)), unit="s").as_unit("s")
    back = back[(back["order_date"] < last_day + np.timedelta64(1, "D")).to_numpy()]
    back = back.assign(quantity=-back["quantity"], amount=-back["amount"], status="returned", rating=pd.NA)
    return pd.concat([bought, back.astype({"rating": "Int64"})], ignore_index=True)
