"""Bulk rows come back as they went in, to the bit, from both stores."""

from __future__ import annotations

import gc
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Double, Engine, MetaData, Table, Text, func, select

from database.bulk import fetch_rows, insert_rows, prepare_batches, prepare_rows, split_rows
from database.engine import is_postgres, read, write
from database.tables import ExactDecimal
from segmentation.errors import InvalidInputError

TYPES = {
    "order": Text(),  # a word of SQL
    "whole": BigInteger(),
    "money": ExactDecimal(3),
    "tiny": ExactDecimal(18),
    "number": Double(),
    "day": Date(),
    "moment": DateTime(),
    "flag": Boolean(),
}
ARROW = {
    "order": pa.string(),
    "whole": pa.int64(),
    "money": pa.int64(),
    "tiny": pa.int64(),
    "number": pa.float64(),
    "day": pa.date32(),
    "moment": pa.timestamp("us"),
    "flag": pa.bool_(),
}
HARD_TEXTS = [
    "plain", "", None, " lead", "trail ", "tab\there", "line\nfeed", "cr\rlf\r\n", 'quo"te', "it's", "back\\slash", "\\.", "\\N", "NULL",
    "null", "a,b;c", "%s %(x)s ?", ":name", "007", "+49 170", "1e5", "😀👩‍👩‍👧", "Ωμέγα", "עברית", "\u2028", "\x01", "\ufeff", "=1+1",
    "x" * 100_000,
]  # fmt: skip
LARGEST = 2**63 - 1


def table(**names: str) -> Table:
    return Table("odd name", MetaData(), *(Column(name, TYPES[name]) for name in (names or TYPES)))


def round_trip(engine: Engine, rows: pa.Table) -> pa.Table:
    made = Table("odd name", MetaData(), *(Column(name, TYPES[name]) for name in TYPES))
    with write(engine) as conn:
        made.drop(conn, checkfirst=True)
        made.create(conn)
        for batch in prepare_batches(conn, made, rows):
            insert_rows(conn, batch)
    with read(engine) as conn:
        return fetch_rows(conn, select(made))


def plain(rows: pa.Table) -> dict[str, list[object]]:
    return {name: rows.column(name).to_pylist() for name in rows.column_names}


def frame(**columns: list[object]) -> pa.Table:
    n = max(len(values) for values in columns.values())
    return pa.table({name: pa.array(columns.get(name, [None] * n), kind) for name, kind in ARROW.items()})


def test_hard_texts(empty_engine: Engine) -> None:
    rows = frame(order=HARD_TEXTS)
    assert plain(round_trip(empty_engine, rows)) == plain(rows)


def test_texts_as_a_dictionary_are_the_same(empty_engine: Engine) -> None:
    rows = frame(order=[*HARD_TEXTS, *HARD_TEXTS])
    encoded = rows.set_column(0, "order", rows.column("order").dictionary_encode())
    assert plain(round_trip(empty_engine, encoded)) == plain(rows)
    assert plain(round_trip(empty_engine, encoded.slice(3, 7))) == plain(rows.slice(3, 7))


def test_reading_many_rows_leaves_the_garbage_collector_asleep(empty_engine: Engine) -> None:
    """It would look through everything that a busy process holds, again and again: on SQLite a million rows took 12 s and more."""
    n = 60_000
    rows = frame(order=[f"C{number}" for number in range(n)], whole=list(range(n)))
    round_trip(empty_engine, rows.slice(0, 1))
    made = Table("odd name", MetaData(), *(Column(name, TYPES[name]) for name in TYPES))
    with write(empty_engine) as conn:
        for batch in prepare_batches(conn, made, rows.slice(1)):
            insert_rows(conn, batch)
    woken: list[str] = []
    gc.callbacks.append(lambda phase, _: woken.append(phase))
    try:
        with read(empty_engine) as conn:
            read_back = fetch_rows(conn, select(made.c["order", "whole"]))
    finally:
        gc.callbacks.pop()
    assert plain(read_back) == plain(rows.select(["order", "whole"]))
    assert woken.count("start") < 20


def test_numbers_to_their_limits(empty_engine: Engine) -> None:
    wholes = [0, 1, -1, LARGEST, -LARGEST - 1, None]
    numbers = [0.1, -0.0, 1e308, 5e-324, float("inf"), float("-inf"), 1 / 3, None]
    rows = frame(whole=[*wholes, 5, 5], money=[*wholes, 5, 5], tiny=[*wholes, 5, 5], number=numbers)
    assert plain(round_trip(empty_engine, rows)) == plain(rows)


def test_days_moments_and_flags(empty_engine: Engine) -> None:
    days = pa.array([0, -25_567, 20_000, -719_162, 2_932_896, None], pa.int32()).cast(pa.date32()).to_pylist()  # years 1 to 9999
    moments = pa.array([0, 1, -1, 1_700_000_000_123_456, 253_402_300_799_999_999, None], pa.timestamp("us")).to_pylist()
    rows = frame(day=days, moment=moments, flag=[True, False, None, True, False, True])
    assert plain(round_trip(empty_engine, rows)) == plain(rows)


def test_moments_in_whole_seconds_are_kept_as_usually_written(empty_engine: Engine) -> None:
    rows = frame(moment=[0, 60])
    whole = rows.set_column(6, "moment", pa.array([0, 60], pa.timestamp("s")))
    back = round_trip(empty_engine, whole)
    assert back.column("moment").to_pylist() == whole.column("moment").cast(pa.timestamp("us")).to_pylist()
    with read(empty_engine) as conn:
        first = conn.exec_driver_sql('SELECT CAST(moment AS TEXT) FROM "odd name"').scalar()
    assert first == "1970-01-01 00:00:00"


def test_nan_is_missing_in_both_stores(empty_engine: Engine) -> None:
    assert round_trip(empty_engine, frame(number=[float("nan"), 1.5])).column("number").to_pylist() == [None, 1.5]


def test_sql_sees_exact_money(empty_engine: Engine) -> None:
    made = table()
    round_trip(empty_engine, frame(money=[1, 2, 8_887_208_894 - 3, None]))
    with read(empty_engine) as conn:
        assert conn.execute(select(func.sum(made.c.money))).scalar() == Decimal("8887208.894")
        assert conn.execute(select(made.c.money).where(made.c.money == Decimal("0.002"))).scalars().all() == [Decimal("0.002")]
        kind = "pg_typeof(money)::text" if is_postgres(conn) else "typeof(money)"
        kinds = set(conn.exec_driver_sql(f'SELECT {kind} FROM "odd name" WHERE money IS NOT NULL').scalars())
    assert kinds == ({"numeric"} if empty_engine.dialect.name == "postgresql" else {"integer"})


def test_money_with_more_decimals_than_the_column_is_refused(empty_engine: Engine) -> None:
    made = table()
    round_trip(empty_engine, frame(money=[1]))
    with pytest.raises(Exception, match="more than 3 decimals"), write(empty_engine) as conn:
        conn.execute(made.insert().values(money=Decimal("0.0001")))


def test_rows_come_back_in_their_order_over_many_batches(empty_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("database.bulk.rows._MOST_CELLS", 10_000)
    rows = pa.table({"whole": pa.array(range(120_000))})
    made = Table("t", MetaData(), Column("whole", BigInteger()))
    with write(empty_engine) as conn:
        made.create(conn)
    for batch in prepare_batches(empty_engine, made, rows):
        with write(empty_engine) as conn:
            insert_rows(conn, batch)
    with read(empty_engine) as conn:
        assert fetch_rows(conn, select(made)).column("whole").to_pylist() == list(range(120_000))


def test_batch_that_cannot_be_prepared_stops_the_rest(empty_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("database.bulk.rows._MOST_CELLS", 1)
    batches = prepare_batches(empty_engine, table(), pa.table({"order": ["a", "b", "\0", "d"]}))
    assert [next(batches).n, next(batches).n] == [1, 1]
    with pytest.raises(InvalidInputError):
        next(batches)


def test_columns_that_are_not_given_stay_empty(empty_engine: Engine) -> None:
    made = table()
    with write(empty_engine) as conn:
        made.create(conn)
        insert_rows(conn, prepare_rows(conn, made, pa.table({"flag": [True], "order": ["1"]})))
        (row,) = conn.execute(select(made)).all()
    assert (row.order, row.flag, row.money) == ("1", True, None)


def test_column_without_any_value(empty_engine: Engine) -> None:
    rows = frame(whole=[1, 2])
    untyped = rows.set_column(0, "order", pa.nulls(2))
    assert plain(round_trip(empty_engine, untyped)) == plain(rows)


def test_cell_of_ten_megabytes(empty_engine: Engine) -> None:
    rows = frame(order=["a", "ü" * 5_000_000, "b"])
    assert plain(round_trip(empty_engine, rows)) == plain(rows)


def test_no_rows(empty_engine: Engine) -> None:
    rows = frame(order=[])
    assert plain(round_trip(empty_engine, rows)) == plain(rows)
    assert list(split_rows(rows)) == []
    made = table()
    with write(empty_engine) as conn:
        insert_rows(conn, prepare_rows(conn, made, rows))
        assert fetch_rows(conn, select(made)).num_rows == 0


def test_nul_is_refused_with_its_column(empty_engine: Engine) -> None:
    for texts in (["a\0b"], pa.array(["x", "\0"]).dictionary_encode()):
        with pytest.raises(InvalidInputError, match=r"NUL.*Column order"):
            prepare_rows(empty_engine, table(), pa.table({"order": texts}))


def test_failed_batch_leaves_nothing(empty_engine: Engine) -> None:
    made = Table("t", MetaData(), Column("whole", BigInteger(), unique=True))
    with write(empty_engine) as conn:
        made.create(conn)
    rows = prepare_rows(empty_engine, made, pa.table({"whole": [1, 2, 1]}))
    with pytest.raises(Exception, match=r"(?i)unique"), write(empty_engine) as conn:
        insert_rows(conn, rows)
    with read(empty_engine) as conn:
        assert conn.execute(select(func.count()).select_from(made)).scalar() == 0


def test_batches_are_bounded_by_cells_and_lose_no_row() -> None:
    rows = pa.table({f"c{i}": range(60_000) for i in range(40)})
    batches = list(split_rows(rows))
    assert len(batches) > 1
    assert max(batch.num_rows * batch.num_columns for batch in batches) <= 500_000
    assert pa.concat_tables(batches).equals(rows)


def test_long_texts_make_smaller_batches() -> None:
    long = pa.table({"a": ["x" * 1_000_000] * 200})
    batches = list(split_rows(long))
    assert [batch.num_rows for batch in batches] == [50] * 4
    assert [batch.num_rows for batch in split_rows(pa.table({"a": long.column("a").dictionary_encode()}))] == [50] * 4


def test_wide_rows_keep_to_the_parameters_of_a_statement(empty_engine: Engine) -> None:
    names = [f"c{number}" for number in range(700)]
    made = Table("wide", MetaData(), *(Column(name, BigInteger()) for name in names))
    rows = pa.table({name: range(index, index + 131) for index, name in enumerate(names)})
    with write(empty_engine) as conn:
        made.create(conn)
        insert_rows(conn, prepare_rows(conn, made, rows))
        assert fetch_rows(conn, select(made)).equals(rows)


texts = st.one_of(st.none(), st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8))
values = st.fixed_dictionaries(
    {
        "order": texts,
        "whole": st.none() | st.integers(-(2**63), LARGEST),
        "money": st.none() | st.integers(-(2**63), LARGEST),
        "number": st.none() | st.floats(allow_nan=False),
        "moment": st.none() | st.datetimes(),
        "flag": st.none() | st.booleans(),
    }
)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(values, min_size=1, max_size=20))
def test_any_rows(empty_engine: Engine, rows: list[dict[str, object]]) -> None:
    given_rows = frame(**{name: [row[name] for row in rows] for name in rows[0]})
    assert plain(round_trip(empty_engine, given_rows)) == plain(given_rows)
