"""The overview after a click: the compiled way against pandas, and against SQL on SQLite and Postgres; all must give equal numbers.

``python -m benchmarks.overview_refresh [--lines N] [--more-lines N] [--sql-filters N]``
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv

from benchmarks.pandas_overview import PandasLog
from dashboard.context import Context, open_context
from dashboard.queries.overview import load_overview
from dashboard.queries.sources import load_source
from dashboard.settings import Settings
from dashboard.workflows.datasets import ImportRequest, request_import
from dashboard.workflows.doing import finish_own_job
from dashboard.workflows.staging import staged
from database.datasets import Dataset, load_dataset
from database.engine import read
from segmentation.measures import kernels
from segmentation.measures.catalogue import CustomerCatalogue, CustomerColumn, Population
from segmentation.measures.customers import ExactMoney
from segmentation.measures.filters import CustomerFilter, read_filter
from segmentation.measures.indexed import Index, IndexedLook
from segmentation.measures.lines import read_lines
from segmentation.measures.overview import describe
from segmentation.measures.refreshing import refresh
from segmentation.measures.selection import Source
from tests.postgres import new_database, running_server
from tests.reference.filter_seen import seen
from tests.reference.filter_sql import expected

CATEGORIES = ("Bags", "Candles", "Cards", "Christmas", "Garden", "Kitchen", "Lights", "Toys")
CHANNELS = ("web", "store", "phone")
PAYMENTS = ("card", "invoice", "cash", "voucher")
COUNTRIES = ("United Kingdom", *(f"Country {number:02}" for number in range(1, 38)))
FILTERS = (
    "country:United Kingdom",
    "country:Country 01|Country 02",
    "category:Toys",
    "category:Toys|Cards|Bags",
    "channel:web",
    "channel:store;category:Garden",
    "payment:card",
    "@month:2011-11",
    "@month:2011-03|2011-04|2011-05",
    "@days:2011-02-01..2011-06-30",
    "@weekday:Thu",
    "@weekday:Mon|Tue;channel:web",
    "@week_hour:Thu 12|Thu 13|Fri 12",
    "@first_month:2010-12",
    "product:P0001",
    "product:P0001|P0002|P0003;@month:2011-09|2011-10",
    "monetary_total:..5000",
    "frequency_orders:1..3",
    "monetary_total:10000..;category:Kitchen",
    "country:United Kingdom;channel:web;@days:2011-01-01..2011-12-09",
)
"""Twenty clicks, recorded once: one chart, several bars of it, several charts."""


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=541_909)
    parser.add_argument("--more-lines", type=int, default=5_000_000)
    parser.add_argument("--sql-filters", type=int, default=4)
    options = parser.parse_args()
    kernels.warm()
    against_stores(options.lines, options.sql_filters)
    against_pandas(options.more_lines)


def make_lines(n: int, seed: int = 1) -> pa.Table:
    """Make the lines of a gift shop: 21 lines an order, 6 orders a customer, a year with a Christmas in it."""
    rng = np.random.default_rng(seed)
    n_orders, n_customers = n // 21 + 1, n // 124 + 1
    popularity = 1 / np.arange(1, 3_666)
    orders, product, amount = _different(
        np.sort(rng.integers(0, n_orders, n + n // 50)),
        rng.choice(popularity.size, n + n // 50, p=popularity / popularity.sum()),
        rng.integers(1, 25, n + n // 50) * rng.integers(40, 1_500, n + n // 50),
        n,
    )
    customers = rng.integers(0, n_customers, n_orders)
    country = np.where(rng.random(n_customers) < 0.9, 0, rng.integers(1, len(COUNTRIES), n_customers))
    start, minutes = np.datetime64("2010-12-01T08:00"), np.sort(rng.integers(0, 373, n_orders)) * 1440 + rng.integers(0, 720, n_orders)

    def pick(texts: tuple[str, ...], codes: np.ndarray) -> pa.Array:
        return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(texts))

    products = tuple(f"P{number:04}" for number in range(popularity.size))
    return pa.table(
        {
            "order": pick(tuple(f"{number:07}" for number in range(n_orders)), orders),
            "customer_id": pick(tuple(f"C{number:06}" for number in range(n_customers)), customers[orders]),
            "date": pa.array((start + minutes).astype("datetime64[s]")[orders]),
            "product": pick(products, product),
            "Description": pick(tuple(f"GIFT NUMBER {number}" for number in range(popularity.size)), product),
            "category": pick(CATEGORIES, product % len(CATEGORIES)),
            "channel": pick(CHANNELS, rng.integers(0, len(CHANNELS), n_orders)[orders]),
            "payment": pick(PAYMENTS, rng.integers(0, len(PAYMENTS), n_orders)[orders]),
            "country": pick(COUNTRIES, country[customers[orders]]),
            "amount": pa.array(amount),
        }
    )


def _different(orders: np.ndarray, product: np.ndarray, amount: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return n lines without a repeated one, which an import would take out."""
    frame = pd.DataFrame({"order": orders, "product": product, "amount": amount}).drop_duplicates().sample(n, random_state=1).sort_index()
    return frame["order"].to_numpy(), frame["product"].to_numpy(), frame["amount"].to_numpy()


def against_stores(n: int, n_sql: int) -> None:
    """Print the refresh of an imported log against pandas and against SQL on both stores."""
    rows = make_lines(n)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shop.csv"
        money = pa.array(rows.column("amount").to_numpy() / 100)
        csv.write_csv(rows.set_column(rows.column_names.index("amount"), "amount", money), path)
        for name, open_store in (("SQLite", sqlite_context), ("Postgres", postgres_context)):
            with open_store(Path(folder)) as context:
                against_store(context, import_path(context, path), rows, f"SQL on {name}", n_sql)


def against_store(context: Context, dataset: Dataset, rows: pa.Table, name: str, n_sql: int) -> None:
    """Print the refresh of a stored log against pandas and against SQL."""
    base = load_overview(context, dataset)
    log = PandasLog(rows, 2, load_source(context, dataset).population.catalogue.frame)

    def in_sql(chosen: CustomerFilter) -> dict[str, Any]:
        with read(context.engine) as conn:
            return expected(conn, dataset, chosen, base)

    ways = [("pandas", lambda chosen: log.describe(chosen, base), len(FILTERS)), (name, in_sql, n_sql)]
    compare(f"{rows.num_rows:,} lines", lambda chosen: seen(load_overview(context, dataset, chosen)), ways)


def against_pandas(n: int) -> None:
    """Print the refresh of a large log against pandas, and what it takes to make it ready."""
    rows = make_lines(n)
    source = source_of(rows)
    started = time.perf_counter()
    index = Index(source)
    ready = time.perf_counter()
    base = describe(source, IndexedLook(index))
    done = time.perf_counter()
    held = bytes_of(index) / 2**20
    print(f"{n:,} lines: made ready in {ready - started:.2f} s ({held:,.0f} MB more), overview without a filter {done - ready:.2f} s")
    log = PandasLog(rows, 2, source.population.catalogue.frame)
    compare(
        f"{n:,} lines",
        lambda chosen: seen(refresh(base, chosen, IndexedLook(index))),
        [("pandas", lambda chosen: log.describe(chosen, base), 20)],
    )


def bytes_of(index: Index) -> int:
    """Return what an index keeps in memory beside its source."""
    lines = index.lines
    columns = [lines.column(name) for name in lines.lines.cells] if lines else []
    kept = [*vars(lines).values(), *(each.lines for each in columns), index.all_orders]
    return sum(each.nbytes for each in kept if isinstance(each, np.ndarray))


Way = Callable[[CustomerFilter], dict[str, Any]]


def compare(title: str, ours: Way, others: list[tuple[str, Way, int]]) -> None:
    """Ask the ways in turn, filter by filter; check that they agree, and print medians and ratios, by the clock and by CPU."""
    taken: dict[str, list[np.ndarray]] = {name: [] for name in ("ours", *(name for name, _, _ in others))}
    ratios: dict[str, list[np.ndarray]] = {name: [] for name, _, _ in others}
    ours(read_filter(FILTERS[0]))
    for number, text in enumerate(FILTERS):
        chosen = read_filter(text)
        mine, found = np.min([timed(ours, chosen)[0] for _ in range(3)], axis=0), ours(chosen)
        taken["ours"].append(mine)
        for name, way, n_filters in others:
            if number % (len(FILTERS) // n_filters) == 0:
                took, wanted = timed(way, chosen)
                check_equal(text, found, wanted)
                taken[name].append(took)
                ratios[name].append(took / mine)
    longest = 1000 * np.max(taken["ours"], axis=0)[0]
    print(f"{title}: ours {told(taken['ours'])}, the longest {longest:.1f} ms; median of {len(FILTERS)} filters")
    for name, each in ratios.items():
        clock, cpu = np.median(each, axis=0)
        by_cpu = "" if "SQL" in name else f", {cpu:,.0f} by CPU"
        print(f"  {name}: {told(taken[name])}; {clock:,.0f} times ours by the clock{by_cpu}; {len(each)} filters, equal numbers")


def timed(way: Way, chosen: CustomerFilter) -> tuple[np.ndarray, dict[str, Any]]:
    """Return (seconds by the clock and of CPU, answer). The CPU of a server of SQL is not seen."""
    clock, cpu = time.perf_counter(), time.process_time()
    found = way(chosen)
    return np.array([time.perf_counter() - clock, time.process_time() - cpu]), found


def told(taken: list[np.ndarray]) -> str:
    """Return medians in words."""
    clock, cpu = 1000 * np.median(taken, axis=0)
    return f"{clock:,.1f} ms ({cpu:,.1f} ms CPU)"


def check_equal(text: str, found: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Stop where two ways disagree; averages may differ in the last bits."""
    if found.keys() != wanted.keys():
        raise AssertionError(f"{text}: {found.keys() ^ wanted.keys()}")
    for part, value in wanted.items():
        if not is_close(found[part], value):
            raise AssertionError(f"{text}, {part}: {str(found[part])[:300]} is not {str(value)[:300]}")


def is_close(one: Any, other: Any) -> bool:
    """Tell whether two answers are the same."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(is_close(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(is_close(*pair) for pair in zip(one, other, strict=True))
    return one == other or (isinstance(one, float) and abs(one - other) <= 1e-9 * max(abs(one), abs(other)))


def source_of(rows: pa.Table) -> Source:
    """Return a log as it comes out of the store, with the customers' measures."""
    ids = sorted(rows.column("customer_id").combine_chunks().unique().to_pylist())
    lines = read_lines(rows, pa.array(ids), 2)
    units = lines.sum_units(lines.customers, lines.n_customers)
    orders = np.bincount(lines.order_customers, minlength=lines.n_customers)
    first = np.zeros(lines.n_customers, np.int64)
    first[lines.customers[::-1]] = np.arange(lines.customers.size)[::-1]
    countries = lines.labels("country")
    money = ExactMoney(units, 2)
    values = {
        "monetary_total": money.as_floats(),
        "frequency_orders": orders.astype(np.float64),
        "order_value_mean": money.as_floats() / orders,
        "country": np.array(countries.texts, dtype=object)[countries.codes[first]],
    }
    columns = tuple(CustomerColumn(name, None, name, "category" if name == "country" else "number", name) for name in values)
    population = Population("transactions", np.array(ids, dtype=object), CustomerCatalogue(columns, pd.DataFrame(values)))
    return Source(population, money, lines, "Description")


def import_path(context: Context, path: Path) -> Dataset:
    """Import a file as the service does."""
    with staged(context, path) as file:
        dataset_id = str(finish_own_job(context, request_import(context, ImportRequest(file, path.stem)))["dataset_id"])
    with read(context.engine) as conn:
        return load_dataset(conn, dataset_id)


@contextmanager
def sqlite_context(folder: Path) -> Iterator[Context]:
    """A service on an empty file."""
    context = open_context(Settings(CLIENTELE_DATA_DIR=folder / "sqlite"))
    yield context
    context.close()


@contextmanager
def postgres_context(folder: Path) -> Iterator[Context]:
    """A service on an empty database of a server of our own."""
    with running_server() as server, new_database(server) as address:
        context = open_context(Settings(CLIENTELE_DATA_DIR=folder / "postgres", DATABASE_URL=address))
        yield context
        context.close()


if __name__ == "__main__":
    main()
