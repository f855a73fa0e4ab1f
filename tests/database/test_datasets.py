"""Dataset versions: not seen before they are published, whole afterwards, gone without trace when deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import Connection, Engine, func, inspect, select, text

from database.bulk import PreparedRows
from database.datasets import (
    MOST_COLUMNS,
    ColumnSpec,
    Dataset,
    Facts,
    NewDataset,
    Part,
    add_indexes,
    add_rows,
    arrange_rows,
    begin_dataset,
    content_hash,
    delete_dataset,
    drop_unpublished,
    find_dataset,
    find_dataset_by_content,
    list_datasets,
    load_dataset,
    load_rejected_rows,
    load_rows,
    name_columns,
    prepare_batches,
    prepare_rejected,
    publish_dataset,
    purge_dataset,
    version_table,
)
from database.engine import read, write
from database.jobs import Job, Worker, add_job, claim, expire_leases, finish
from database.tables import assignments, datasets, metadata, rejected_rows, runs
from segmentation.errors import ConflictError, NotFoundError, TooLargeError

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
WORKER = Worker("a", "boot", 1, 0.0)

CUSTOMERS = (
    ColumnSpec("customer", "Kunden-Nr; DROP TABLE datasets", "customer", "text"),
    ColumnSpec("monetary_total", "monetary_total", None, "decimal", 3),
)
LINES = (
    ColumnSpec("customer", "Kunden-Nr; DROP TABLE datasets", "customer", "text"),
    ColumnSpec("order", 'Beleg "Nr"', "order", "text"),
    ColumnSpec("date", "Datum", "date", "timestamp"),
    ColumnSpec("amount", "Betrag (€)", "amount", "decimal", 2),
    ColumnSpec("quantity", "Menge", "quantity", "integer"),
    ColumnSpec("gift", "Geschenk?", None, "boolean"),
)
NEW = NewDataset(
    name="Läden März",
    kind="transactions",
    content_hash="c" * 64,
    columns={"customers": CUSTOMERS, "transactions": LINES},
    source={"file": "März.csv", "delimiter": ";"},
    author="mara",
)
FACTS = Facts(
    rows_read=5,
    rows_kept=4,
    rows_rejected=1,
    n_customers=2,
    revenue=Decimal("123456789012345678.90"),
    currency="EUR",
    receipt=[{"rule": "missing_customer", "rows_in": 5, "rows_out": 4}],
    findings=[],
    details={"date_min": "2026-01-02"},
)
CUSTOMER_ROWS = pa.table({"customer": ["007", "ü 1"], "monetary_total": pa.array([1_500, 2**62])})
LINE_ROWS = pa.table(
    {
        "customer": pa.array(["ü 1", "007", "007", "ü 1"]).dictionary_encode(),
        "order": ["o1", "o2", None, ""],
        "date": pa.array([3600, 7200, 0, 60], pa.timestamp("s")),
        "amount": pa.array([1, -250, 0, None], pa.int64()),
        "quantity": pa.array([1, 2, 3, 4], pa.int64()),
        "gift": [True, False, None, True],
    }
)
REJECTED = pa.table({"row": [9, 3], "column": ["Kunden-Nr", ""], "value": ["", None], "reason": ["no customer id", "torn"]})


def begin_job(conn: Connection, key: str = "k") -> Job:
    add_job(conn, "import", {}, key, NOON)
    job = claim(conn, WORKER, NOON, LEASE)
    assert job
    return job


def add_all(conn: Connection, job: Job, batches: Sequence[PreparedRows]) -> None:
    for batch in batches:
        add_rows(conn, job, batch)


def load(conn: Connection, job: Job, new: NewDataset = NEW) -> Dataset:
    """Do all but the last step."""
    dataset = begin_dataset(conn, new, job, NOON)
    parts: dict[Part, pa.Table] = {"customers": CUSTOMER_ROWS, "transactions": LINE_ROWS}
    for part, rows in parts.items():
        add_all(conn, job, list(prepare_batches(conn, dataset, part, arrange_rows(dataset, part, rows))))
    add_all(conn, job, list(prepare_rejected(conn, dataset, REJECTED)))
    add_indexes(conn, dataset)
    return dataset


def publish(conn: Connection, new: NewDataset = NEW, key: str = "k", now: datetime = NOON) -> Dataset:
    job = begin_job(conn, key)
    published = publish_dataset(conn, load(conn, job, new), job, FACTS, now)
    finish(conn, job, {}, now)
    return published


def own_tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - set(metadata.tables) - {"alembic_version"}


def test_published_version_is_as_it_was_loaded(conn: Connection) -> None:
    published = publish(conn)
    assert load_dataset(conn, published.id) == published
    assert (published.name, published.kind, published.author, published.published_at) == ("Läden März", "transactions", "mara", NOON)
    assert published.columns == {"customers": CUSTOMERS, "transactions": LINES}
    assert published.source == {"file": "März.csv", "delimiter": ";"}
    assert published.facts == FACTS
    assert published.erasure_epoch == 0


def test_rows_come_back_by_customer_and_exact(conn: Connection) -> None:
    published = publish(conn)
    assert load_rows(conn, published, "customers").to_pylist() == CUSTOMER_ROWS.to_pylist()
    lines = load_rows(conn, published, "transactions")
    assert lines.to_pylist() == LINE_ROWS.take([1, 2, 0, 3]).to_pylist()
    assert lines.schema.field("amount").type == pa.int64()
    assert lines.schema.field("date").type == pa.timestamp("us")
    assert pa.types.is_dictionary(lines.schema.field("order").type)


def test_anybody_can_ask_in_sql(conn: Connection) -> None:
    published = publish(conn)
    line = version_table(published, "transactions")
    query = select(line.c.customer, func.sum(line.c.amount), func.count()).group_by(line.c.customer).order_by(func.count(line.c.order))
    assert {tuple(row) for row in conn.execute(query)} == {("007", Decimal("-2.50"), 2), ("ü 1", Decimal("0.01"), 2)}
    assert conn.execute(text(f"SELECT count(*) FROM customers_{published.id}")).scalar() == 2
    assert {row.date for row in conn.execute(select(line.c.date))} == {datetime(1970, 1, 1, *at) for at in [(0, 0), (0, 1), (1, 0), (2, 0)]}  # noqa: DTZ001


def test_rejected_rows_come_in_the_order_of_the_file(conn: Connection) -> None:
    published = publish(conn)
    assert load_rejected_rows(conn, published.id).to_pylist() == REJECTED.take([1, 0]).to_pylist()
    assert load_rejected_rows(conn, "0" * 16).num_rows == 0


def test_person_s_customers_are_searched_by_an_index(conn: Connection) -> None:
    published = publish(conn)
    for part in ("customers", "transactions"):
        (index,) = inspect(conn).get_indexes(f"{part}_{published.id}")
        assert index["column_names"] == ["customer"]


def test_nobody_sees_a_version_before_it_is_published(conn: Connection) -> None:
    loading = load(conn, begin_job(conn))
    assert find_dataset(conn, loading.id) is None
    assert find_dataset_by_content(conn, NEW.content_hash) is None
    assert list_datasets(conn) == []
    with pytest.raises(NotFoundError):
        load_dataset(conn, loading.id)


def test_failed_publication_leaves_everything_hidden(engine: Engine) -> None:
    with write(engine) as conn:
        job = begin_job(conn)
        loading = load(conn, job)
    with pytest.raises(ZeroDivisionError), write(engine) as conn:
        publish_dataset(conn, loading, job, FACTS, NOON)
        raise ZeroDivisionError
    with read(engine) as conn:
        assert list_datasets(conn) == []
    with write(engine) as conn:
        assert publish_dataset(conn, loading, job, FACTS, NOON).facts == FACTS


def test_only_the_job_that_loaded_it_publishes(conn: Connection) -> None:
    stale = begin_job(conn)
    loading = load(conn, stale)
    batch = next(iter(prepare_batches(conn, loading, "customers", CUSTOMER_ROWS)))
    expire_leases(conn, NOON + timedelta(hours=1))
    again = claim(conn, WORKER, NOON, LEASE)
    assert again
    with pytest.raises(ConflictError, match="taken over"):
        add_rows(conn, stale, batch)
    with pytest.raises(ConflictError, match="taken over"):
        publish_dataset(conn, loading, stale, FACTS, NOON)
    with pytest.raises(ConflictError, match="given up"):
        publish_dataset(conn, loading, again, FACTS, NOON)
    assert list_datasets(conn) == []


def test_version_is_published_once(conn: Connection) -> None:
    job = begin_job(conn)
    loading = load(conn, job)
    publish_dataset(conn, loading, job, FACTS, NOON)
    with pytest.raises(ConflictError, match="complete"):
        publish_dataset(conn, loading, job, FACTS, NOON)


def test_same_content_is_one_dataset(engine: Engine) -> None:
    with write(engine) as conn:
        first = publish(conn)
        assert find_dataset_by_content(conn, NEW.content_hash) == first
    with pytest.raises(ConflictError, match="already there"), write(engine) as conn:
        publish(conn, key="another")
    with write(engine) as conn:
        delete_dataset(conn, first.id)
        assert publish(conn, key="third").id != first.id


def test_content_hash_tells_what_differs() -> None:
    first = content_hash("f", {"customer": "A", "date": "B"}, {"returns": "net"})
    assert first == content_hash("f", {"date": "B", "customer": "A"}, {"returns": "net"})
    others = {
        content_hash("g", {"customer": "A", "date": "B"}, {"returns": "net"}),
        content_hash("f", {"customer": "B", "date": "A"}, {"returns": "net"}),
        content_hash("f", {"customer": "A", "date": "B"}, {"returns": "drop"}),
        content_hash("f", {"customer": "A", "date": "B"}, {"returns": "net"}, "p" * 16),
    }
    assert len({first} | others) == 5


def test_newest_version_is_listed_first(conn: Connection) -> None:
    old = publish(conn)
    new = publish(conn, replace(NEW, content_hash="d" * 64, parent_id=old.id), "second", NOON + timedelta(days=1))
    assert [dataset.id for dataset in list_datasets(conn)] == [new.id, old.id]
    assert new.parent_id == old.id


def test_what_no_worker_loads_any_more_is_dropped(engine: Engine) -> None:
    with write(engine) as conn:
        published = publish(conn)
        killed = begin_job(conn, "killed")
        left = load(conn, killed, replace(NEW, content_hash="d" * 64))
        expire_leases(conn, NOON + timedelta(hours=1))
        begin_job(conn, "killed")
        alive = load(conn, begin_job(conn, "alive"), replace(NEW, content_hash="e" * 64))
        assert drop_unpublished(conn) == [left.id]
        assert drop_unpublished(conn) == [left.id]  # until it is purged
    purge(engine, left.id)
    assert own_tables(engine) == {f"{part}_{dataset.id}" for part in ("customers", "transactions") for dataset in (published, alive)}
    with write(engine) as conn:
        assert drop_unpublished(conn) == []


def purge(engine: Engine, dataset_id: str) -> int:
    for times in range(1, 100):
        with write(engine) as conn:
            if not purge_dataset(conn, dataset_id):
                return times
    pytest.fail("purging never ends")


def fill_run(conn: Connection, dataset: Dataset, run_id: str) -> None:
    made: dict[str, Any] = {"state": "finished", "recipe": {}, "recipe_hash": run_id, "algorithm_version": "1", "created_at": NOON}
    conn.execute(runs.insert().values(id=run_id, dataset_id=dataset.id, job_id="j" * 16, job_token=1, **made))
    conn.execute(assignments.insert(), [{"run_id": run_id, "customer_id": str(number), "segment_id": 1} for number in range(5)])


def test_deleted_version_goes_with_all_that_hangs_on_it(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("database.bulk.sqlite._DELETE_AT_ONCE", 2)
    with write(engine) as conn:
        gone = publish(conn)
        fill_run(conn, gone, "1" * 16)
        kept = publish(conn, replace(NEW, content_hash="d" * 64, parent_id=gone.id), "second")
        fill_run(conn, kept, "2" * 16)
        delete_dataset(conn, gone.id)
        assert find_dataset(conn, gone.id) is None
        assert conn.execute(select(runs.c.state).order_by(runs.c.id)).scalars().all() == ["deleted", "finished"]
    purge(engine, gone.id)
    assert own_tables(engine) == {f"customers_{kept.id}", f"transactions_{kept.id}"}
    with read(engine) as conn:
        assert load_dataset(conn, kept.id).parent_id is None
        assert conn.execute(select(rejected_rows.c.dataset_id).distinct()).scalars().all() == [kept.id]
        assert conn.execute(select(assignments.c.run_id).distinct()).scalars().all() == ["2" * 16]
        assert conn.execute(select(func.count()).select_from(datasets)).scalar() == 1


def test_published_version_is_not_purged(engine: Engine) -> None:
    with write(engine) as conn:
        published = publish(conn)
        assert purge_dataset(conn, published.id) is False
        assert purge_dataset(conn, "0" * 16) is False
        assert load_rows(conn, published, "customers").num_rows == 2


def test_deleting_twice_says_so(conn: Connection) -> None:
    published = publish(conn)
    delete_dataset(conn, published.id)
    with pytest.raises(NotFoundError):
        delete_dataset(conn, published.id)


@pytest.mark.parametrize(
    ("headers", "roles", "names"),
    [
        (["Kunden-Nr", "Betrag"], {"Kunden-Nr": "customer", "Betrag": "amount"}, ["customer", "amount"]),
        (
            ["Größe (cm)", "GRÖSSE_CM", "2 Äpfel", "日本", "", "a" * 99],
            {},
            ["grosse_cm", "grosse_cm_2", "apfel", "column_4", "column_5", "a" * 40],
        ),
        (["country", "Land"], {"Land": "country"}, ["country_2", "country"]),
        (["rowid", "ctid", "SELECT", "'; --"], {}, ["rowid_2", "ctid_2", "select", "column_4"]),
    ],
)
def test_names_of_columns_are_safe_and_differ(headers: list[str], roles: dict[str, str], names: list[str]) -> None:
    assert name_columns(headers, roles) == names


_KEYWORDS = [
    "Select", "Group", "User", "Order", "Table", "Nothing", "Index", "Limit", "Offset", "Window", "Over", "Filter", "Values",
    "Default", "Exists", "Glob", "Always", "Generated", "Returning", "Do", "If", "Plan", "Query", "Abort", "Action", "Fail", "Key",
    "Raise", "Temp", "Vacuum", "Without", "Within", "Both", "Leading", "Analyse", "Any", "Array", "Placing", "Symmetric", "Only",
    "Ilike",
]  # fmt: skip


def test_words_of_sql_work_as_names(conn: Connection) -> None:
    specs = tuple(ColumnSpec(name, name, None, "text") for name in name_columns(_KEYWORDS, {}))
    job = begin_job(conn)
    dataset = begin_dataset(conn, replace(NEW, columns={"customers": specs}), job, NOON)
    rows = pa.table({spec.name: ["x", None] for spec in specs})
    add_all(conn, job, list(prepare_batches(conn, dataset, "customers", arrange_rows(dataset, "customers", rows))))
    add_indexes(conn, dataset)
    assert load_rows(conn, dataset, "customers").to_pylist() == rows.to_pylist()


def test_widest_file_is_kept_and_a_wider_one_refused(conn: Connection) -> None:
    job = begin_job(conn)
    specs = tuple(ColumnSpec(f"c{number}", f"C{number}", None, "text") for number in range(MOST_COLUMNS + 1))
    with pytest.raises(TooLargeError, match="401 columns"):
        begin_dataset(conn, replace(NEW, columns={"customers": specs}), job, NOON)
    dataset = begin_dataset(conn, replace(NEW, columns={"customers": specs[:-1]}), job, NOON)
    rows = pa.table({spec.name: [str(number) * 200 for number in range(10, 12)] for spec in specs[:-1]})
    add_all(conn, job, list(prepare_batches(conn, dataset, "customers", rows)))
    assert load_rows(conn, dataset, "customers").to_pylist() == rows.to_pylist()


@pytest.mark.parametrize("name", ["", "A", "1a", "a b", "a;b", "rowid", 'a"b', "a" * 61])
def test_name_that_is_not_safe_is_a_bug(conn: Connection, name: str) -> None:
    with pytest.raises(ValueError, match="cannot have columns"):
        begin_dataset(conn, replace(NEW, columns={"customers": (ColumnSpec(name, "x", None, "text"),)}), begin_job(conn), NOON)


def test_rows_that_do_not_add_up_are_a_bug() -> None:
    with pytest.raises(ValueError, match="5 rows read"):
        replace(FACTS, rows_kept=3)


def test_rows_without_a_customer_stay_in_front(conn: Connection) -> None:
    dataset = begin_dataset(conn, NEW, begin_job(conn), NOON)
    rows = pa.table({"customer": ["b", None, "a", "b"], "monetary_total": [1, 2, 3, 4]})
    assert arrange_rows(dataset, "customers", rows).column("monetary_total").to_pylist() == [2, 3, 1, 4]
    assert arrange_rows(dataset, "customers", rows.slice(0, 0)).num_rows == 0
