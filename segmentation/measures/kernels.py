# mypy: disallow-untyped-decorators=False
"""The compiled inner loops of the overview: what a filter leaves of a log, counted in whole numbers.

Lines stand by customer and, inside, by order and moment: the lines of order o are ``starts[o]`` up to ``starts[o + 1]``. So the customer or
order that was counted last is the only one that could be counted twice. A line is left when none of the conditions looked at (bits of
``wanted``) fails (bits of ``fails``, which may be empty: then all are left). ``orders`` are the numbers of the orders with a line left.

Codes are uint16 or uint32, ``fails`` uint16, all else int64: ``warm()`` compiles every entry point for both.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Bits = NDArray[np.uint16]
Codes = NDArray[np.uint16] | NDArray[np.uint32]
Left = tuple[Bits, int]
"""``fails`` and ``wanted``."""

_entry = njit(cache=True, nogil=True)

N_LINES, UNITS, MONTH, WEEK_HOUR, FIRST_DAY, LAST_DAY, N_ORDER_ROWS = 0, 1, 2, 3, 4, 5, 6
"""Rows of the table of orders."""
LAST_CUSTOMER, LAST_ORDER, CUSTOMERS, ORDERS, MONEY, N_CODE_COLUMNS = 0, 1, 2, 3, 4, 5
"""Columns of the table of codes; the first two are the loops' own notes."""


@_entry
def place_lines(orders: Ints, starts: Ints, lines: Ints) -> Ints:
    """Return lines, given in their order in time, by order."""
    free = starts.copy()
    placed = np.empty(lines.size, np.int64)
    for line in lines:
        order = orders[line]
        placed[free[order]] = line
        free[order] += 1
    return placed


@_entry
def is_of_orders(codes: Codes, starts: Ints) -> bool:
    """Tell whether all lines of each order have the same code."""
    for order in range(starts.size - 1):
        for i in range(starts[order] + 1, starts[order + 1]):
            if codes[i] != codes[i - 1]:
                return False
    return True


@_entry
def mark(fails: Bits, codes: Codes, is_wanted: Bools, bit: int) -> None:
    """Set a bit of every line whose code is not wanted."""
    for i in range(codes.size):
        if not is_wanted[codes[i]]:
            fails[i] |= np.uint16(bit)


@_entry
def sum_orders(starts: Ints, left: Left, days: Codes, week_hours: Codes, units: Ints, month_of_day: Ints) -> Ints:
    """Return what is left of each order, (6, n): lines, money, month and hour of the week of the first line, first and last day."""
    fails, wanted = left
    bits, is_whole = np.uint16(wanted), fails.size == 0
    table = np.zeros((N_ORDER_ROWS, starts.size - 1), np.int64)
    for order in range(starts.size - 1):
        n, money, first, last = 0, 0, -1, -1
        for i in range(starts[order], starts[order + 1]):
            if is_whole or (fails[i] & bits) == 0:
                n += 1
                money += units[i]
                last = i
                if first < 0:
                    first = i
        if n:
            table[N_LINES, order], table[UNITS, order] = n, money
            table[FIRST_DAY, order], table[LAST_DAY, order] = days[first], days[last]
            table[MONTH, order], table[WEEK_HOUR, order] = month_of_day[days[first]], week_hours[first]
    return table


@_entry
def find_orders(n_lines: Ints, customers: Ints, is_chosen: Bools) -> Ints:
    """Return the orders of chosen customers that have a line left."""
    found = np.empty(customers.size, np.int64)
    n = 0
    for order in range(customers.size):
        if n_lines[order] and is_chosen[customers[order]]:
            found[n] = order
            n += 1
    return found[:n].copy()


@_entry
def sum_customers(orders: Ints, customers: Ints, units: Ints, n: int) -> Ints:
    """Return the number of orders left of each customer and their money, (2, n)."""
    sums = np.zeros((2, n), np.int64)
    for order in orders:
        sums[0, customers[order]] += 1
        sums[1, customers[order]] += units[order]
    return sums


@_entry
def count_months(orders: Ints, customers: Ints, months: Ints, first_months: Ints, n_months: int) -> tuple[Ints, Ints]:
    """Count orders, customers and new customers by month, (3, n_months), and find each customer's first and second month, (2, n).

    ``first_months`` says in which month a customer is new. A first or second month that there is not is ``n_months``.
    """
    counts = np.zeros((3, n_months), np.int64)
    earliest = np.full((2, first_months.size), n_months, np.int64)
    seen = np.full(n_months, -1, np.int64)
    for order in orders:
        customer, month = customers[order], months[order]
        counts[0, month] += 1
        if seen[month] != customer:
            seen[month] = customer
            counts[1, month] += 1
            counts[2, month] += month == first_months[customer]
        if month < earliest[0, customer]:
            earliest[1, customer] = earliest[0, customer]
            earliest[0, customer] = month
        elif month < earliest[1, customer]:
            earliest[1, customer] = month
    return counts, earliest


@_entry
def sum_months(orders: Ints, table: Ints, starts: Ints, lines: tuple[Left, Codes, Ints], month_of_day: Ints, n_months: int) -> Ints:
    """Sum the money left up by the month of each line; ``lines`` are what is left, days and units."""
    (fails, wanted), days, units = lines
    bits, is_whole = np.uint16(wanted), fails.size == 0
    sums = np.zeros(n_months, np.int64)
    for order in orders:
        month = table[MONTH, order]
        if month == month_of_day[table[LAST_DAY, order]]:  # nearly always; its lines need not be looked at
            sums[month] += table[UNITS, order]
            continue
        for i in range(starts[order], starts[order + 1]):
            if is_whole or (fails[i] & bits) == 0:
                sums[month_of_day[days[i]]] += units[i]
    return sums


@_entry
def count_active(orders: Ints, customers: Ints, months: Ints, rows: Ints, shape: tuple[int, int]) -> Ints:
    """Count the customers of each row (-1: none) with an order left in each month."""
    counts = np.zeros(shape, np.int64)
    seen = np.full(shape[1], -1, np.int64)
    for order in orders:
        customer, month = customers[order], months[order]
        if rows[customer] >= 0 and seen[month] != customer:
            seen[month] = customer
            counts[rows[customer], month] += 1
    return counts


@_entry
def rank_orders(orders: Ints, customers: Ints, table: Ints, codes: Codes, n: int) -> tuple[Ints, int, int, int]:
    """Count what is left by the code of each order (n: none).

    Returns (table of codes (n, 5), customers and orders with a code, lines without one).
    """
    counts = np.zeros((n, N_CODE_COLUMNS), np.int64)
    counts[:, LAST_CUSTOMER] = -1
    n_customers, n_orders, n_unknown, last = 0, 0, 0, -1
    for order in orders:
        code, customer = codes[order], customers[order]
        if code == n:
            n_unknown += table[N_LINES, order]
            continue
        n_orders += 1
        n_customers += customer != last
        last = customer
        row = counts[code]
        row[ORDERS] += 1
        row[MONEY] += table[UNITS, order]
        row[CUSTOMERS] += row[LAST_CUSTOMER] != customer
        row[LAST_CUSTOMER] = customer
    return counts, n_customers, n_orders, n_unknown


@_entry
def rank_lines(orders: Ints, customers: Ints, starts: Ints, lines: tuple[Left, Codes, Ints], n: int) -> tuple[Ints, int, int, int]:
    """Count what is left by the code of each line (n: none); ``lines`` are what is left, codes and units.

    Returns (table of codes (n, 5), customers and orders with a code, lines without one).
    """
    (fails, wanted), codes, units = lines
    bits, is_whole = np.uint16(wanted), fails.size == 0
    counts = np.zeros((n, N_CODE_COLUMNS), np.int64)
    counts[:, :2] = -1
    n_customers, n_orders, n_unknown, last, last_order = 0, 0, 0, -1, -1
    for order in orders:
        customer = customers[order]
        for i in range(starts[order], starts[order + 1]):
            if not is_whole and (fails[i] & bits) != 0:
                continue
            code = codes[i]
            if code == n:
                n_unknown += 1
                continue
            row = counts[code]
            row[MONEY] += units[i]
            row[ORDERS] += row[LAST_ORDER] != order
            row[LAST_ORDER] = order
            row[CUSTOMERS] += row[LAST_CUSTOMER] != customer
            row[LAST_CUSTOMER] = customer
            n_orders += last_order != order
            last_order = order
            n_customers += last != customer
            last = customer
    return counts, n_customers, n_orders, n_unknown


def warm() -> None:
    """Compile every entry point into the cache on disk, or load it from there. Takes about ten seconds the first time."""
    starts, zeros, one = np.array([0, 1]), np.zeros(1, np.int64), np.ones(1, bool)
    left, short, long = (np.zeros(0, np.uint16), 0), np.zeros(1, np.uint16), np.zeros(1, np.uint32)
    place_lines(zeros, starts, zeros)
    for codes in (short, long):
        mark(np.zeros(1, np.uint16), codes, one, 1)
        is_of_orders(codes, starts)
        table = sum_orders(starts, left, codes, short, zeros, zeros)
        sum_months(zeros, table, starts, (left, codes, zeros), zeros, 1)
        rank_orders(zeros, zeros, table, codes, 1)
        rank_lines(zeros, zeros, starts, (left, codes, zeros), 1)
        sum_customers(find_orders(table[N_LINES], zeros, one), zeros, table[UNITS], 1)
        count_months(zeros, zeros, table[MONTH], zeros, 1)
        count_active(zeros, zeros, table[MONTH], zeros, (1, 1))
