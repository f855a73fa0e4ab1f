"""From an address to an engine, and the three ways to use it: ``read``, ``write``, ``alter``. Both stores keep the same promises."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from segmentation.errors import AppError, InvalidInputError, UnavailableError

_WAIT_FOR_LOCK_S = 30
_LONGEST_STATEMENT_S = 300
_WAIT_FOR_SERVER_S = 10
_ALTER_LOCK = 4_302_010  # any number that no other program on the same Postgres uses as an advisory lock
_MODE = "clientele_mode"
# SQLSTATE of Postgres or the error's name in SQLite: messages may come in the server's language.
_BUSY = {"SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "55P03", "57014", "40P01"}
_FULL = {"SQLITE_FULL", "53100"}

_SQLITE_SETTINGS = (
    f"PRAGMA page_size = {16 << 10}",  # of a new file: a tenth faster for long tables than 4 kB
    "PRAGMA secure_delete = ON",  # what is erased must not stay in free pages
    "PRAGMA synchronous = NORMAL",  # with WAL a power cut may lose the last commits but never harms the file
    f"PRAGMA journal_size_limit = {64 << 20}",
)
# Time-outs as start options: they hold for every connection of the pool without a round trip.
_POSTGRES_OPTIONS = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "timezone": "UTC",
        "datestyle": "ISO",
        "lock_timeout": f"{_WAIT_FOR_LOCK_S}s",
        "statement_timeout": f"{_LONGEST_STATEMENT_S}s",
        "idle_in_transaction_session_timeout": f"{_LONGEST_STATEMENT_S}s",
    }.items()
)


def create_engine_for(url: str) -> Engine:
    """Make the engine of a store: ``sqlite:///path``, ``postgresql://...`` or the ``postgres://...`` that hosts give.

    Nothing is opened yet: a store that cannot be reached shows at the first ``read`` or ``write``, as UnavailableError.
    """
    address = _parse(url)
    if address.get_backend_name() == "sqlite":
        return _create_sqlite_engine(address)
    return _create_postgres_engine(address)


@contextmanager
def write(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that may change the store; commit at the end, roll back on any error.

    On SQLite it takes the one write lock at once and waits up to 30 s for it: keep it short (a second at most).
    """
    with _transaction(engine, "write") as connection:
        yield connection


@contextmanager
def read(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that cannot change the store. It neither waits for writers nor holds them up."""
    with _transaction(engine, "read") as connection:
        yield connection


@contextmanager
def alter(engine: Engine) -> Iterator[Connection]:
    """Open the transaction in which the tables themselves are changed; other processes that want the same wait.

    SQLite alters a table by making it anew, which must not delete what refers to it: references are checked at the end instead.
    """
    with _transaction(engine, "alter") as connection:
        if is_postgres(connection):
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ALTER_LOCK})")
        yield connection
        if not is_postgres(connection) and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
            raise RuntimeError(f"the change would break references: {broken[:5]}")


def is_postgres(connection: Connection | Engine) -> bool:
    """Tell which of the two stores this is."""
    return connection.dialect.name == "postgresql"


def dump_json(value: object) -> str:
    """Write plain JSON values as text; NaN and infinity are refused, they are not JSON."""
    return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


@contextmanager
def _transaction(engine: Engine, mode: str) -> Iterator[Connection]:
    with _connect(engine) as connection:
        connection.execution_options(**{_MODE: mode, "postgresql_readonly": mode == "read"})
        try:
            with connection.begin():
                yield connection
        except DBAPIError as error:
            raise _explain(error, engine.url) or error from None


def _connect(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except (DBAPIError, OSError) as error:
        raise _unreachable(error, engine.url) from None


def _parse(url: str) -> URL:
    try:
        address = make_url(url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url)
        backend = address.get_backend_name()
    except (ArgumentError, NoSuchModuleError):
        backend = ""
    if backend not in ("sqlite", "postgresql"):
        raise InvalidInputError(
            "bad_store_address",
            "The address of the store cannot be used.",
            fix="Give DATABASE_URL as sqlite:///path/to/file or postgresql://user:password@host/name.",
        )
    return address.set(drivername="postgresql+psycopg" if backend == "postgresql" else "sqlite+pysqlite")


def _create_sqlite_engine(address: URL) -> Engine:
    engine = create_engine(address, json_serializer=dump_json, hide_parameters=True, connect_args={"timeout": _WAIT_FOR_LOCK_S})
    event.listen(engine, "do_connect", partial(_make_private_file, address.database))
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _create_postgres_engine(address: URL) -> Engine:
    given = address.query.get("options", "")
    options = f"{_POSTGRES_OPTIONS} {given if isinstance(given, str) else ' '.join(given)}".strip()
    return create_engine(
        address.difference_update_query(["options"]),
        json_serializer=dump_json,
        hide_parameters=True,  # the customers' data do not belong in the message of an error
        pool_pre_ping=True,
        connect_args={"options": options, "connect_timeout": _WAIT_FOR_SERVER_S},
    )


def _make_private_file(path: str | None, *_: Any) -> None:
    """Make the file before SQLite does: it would let other users of the machine read it."""
    if path and not Path(path).exists():
        Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _set_up_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # the driver would begin transactions by itself, and deferred ones
    for setting in _SQLITE_SETTINGS:
        connection.execute(setting)
    # The journal mode stays in the file. Setting it takes a lock that does not wait, so it is only set where it is not yet.
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode = WAL")


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get(_MODE, "read")
    driver: Any = connection.connection.driver_connection
    # Both can only be set between transactions.
    driver.execute(f"PRAGMA query_only = {'ON' if mode == 'read' else 'OFF'}")
    driver.execute(f"PRAGMA foreign_keys = {'OFF' if mode == 'alter' else 'ON'}")
    if mode == "read":
        connection.exec_driver_sql("BEGIN")
    elif not _takes_write_lock(driver):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _takes_write_lock(driver: sqlite3.Connection) -> bool:
    """Try for the write lock every 2 ms: SQLite's own waiting sleeps 100 ms at a time, too long for the gaps that an import leaves."""
    give_up = monotonic() + _WAIT_FOR_LOCK_S
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        while monotonic() < give_up:
            try:
                driver.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorname != "SQLITE_BUSY":
                    return False
                sleep(0.002)
            else:
                return True
        return False
    finally:
        driver.execute(f"PRAGMA busy_timeout = {_WAIT_FOR_LOCK_S * 1000:.0f}")


def _explain(error: DBAPIError, url: URL) -> AppError | None:
    """Turn what an operator can mend into plain words; None where it is a bug of ours."""
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    if code in _BUSY:
        return UnavailableError("store_busy", "The store is busy.", _reason(error, url), "Try again in a minute.")
    if code in _FULL:
        return UnavailableError("disk_full", "The disk of the store is full.", fix="Free some space, then try again.")
    return _unreachable(error, url) if error.connection_invalidated else None


def _unreachable(error: DBAPIError | OSError, url: URL) -> UnavailableError:
    host = url.host or url.query.get("host", "this machine")
    where = url.database if url.get_backend_name() == "sqlite" else f"{url.database} on {host}"
    return UnavailableError(
        "store_unreachable", f"The store cannot be reached: {where}.", _reason(error, url), "Check DATABASE_URL and that the store runs."
    )


def _reason(error: DBAPIError | OSError, url: URL) -> str:
    """Give the first line of what the driver said, never with the password."""
    text = str(error.orig if isinstance(error, DBAPIError) else error).strip().partition("\n")[0]
    return text.replace(url.password, "***") if url.password else text
