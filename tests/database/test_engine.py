"""Engines: what an address may be, what a transaction promises, and errors an operator can act on."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import BigInteger, Column, Engine, MetaData, Table, text
from sqlalchemy.exc import DBAPIError

from database import engine as engines
from database.bulk import insert_rows, prepare_rows
from database.engine import create_engine_for, read, write
from segmentation.errors import InvalidInputError, UnavailableError

MakeEngine = Callable[[str], Engine]


@pytest.mark.parametrize("address", ["postgres://u:p@host/name", "postgresql://u:p@host/name", "postgresql+psycopg2://u:p@host/name"])
def test_every_way_to_write_postgres_means_psycopg(address: str) -> None:
    url = create_engine_for(address).url
    assert (url.drivername, url.username, url.password, url.host, url.database) == ("postgresql+psycopg", "u", "p", "host", "name")


@pytest.mark.parametrize("address", ["mysql://host/name", "nonsense", "", "https://example.org"])
def test_other_stores_are_refused(address: str) -> None:
    with pytest.raises(InvalidInputError, match="DATABASE_URL"):
        create_engine_for(address)


@pytest.mark.parametrize(
    "address", ["postgresql://someone:gehe%20im@127.0.0.1:1/shop", "postgresql://someone:gehe%20im@/shop?host=/nowhere"]
)
def test_unreachable_server_is_one_sentence_without_the_password(address: str, make_engine: MakeEngine) -> None:
    with pytest.raises(UnavailableError, match="shop on") as caught, read(make_engine(address)):
        pass
    assert caught.value.code == "store_unreachable"
    assert "gehe" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_file_that_is_no_store(tmp_path: Path, make_engine: MakeEngine) -> None:
    path = tmp_path / "store.sqlite"
    path.write_text("customer,amount\n" * 100)
    with pytest.raises(UnavailableError, match=r"store\.sqlite"), read(make_engine(f"sqlite:///{path}")):
        pass
    assert path.read_text() == "customer,amount\n" * 100


def test_new_file_and_its_folder_are_private(tmp_path: Path, make_engine: MakeEngine) -> None:
    path = tmp_path / "var" / "store.sqlite"
    with write(make_engine(f"sqlite:///{path}")) as conn:
        conn.execute(text("CREATE TABLE t (a INTEGER)"))
        modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_sqlite_settings_hold_for_every_connection(tmp_path: Path, make_engine: MakeEngine) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'store.sqlite'}")
    wanted = {"journal_mode": "wal", "busy_timeout": 30_000, "foreign_keys": 1, "secure_delete": 1, "synchronous": 1}
    for use in (read, write, read):
        with use(engine) as conn:
            assert {name: conn.execute(text(f"PRAGMA {name}")).scalar() for name in wanted} == wanted


def test_postgres_settings_hold_beside_those_of_the_address(postgres_url: str, make_engine: MakeEngine) -> None:
    with read(make_engine(f"{postgres_url}&options=-c%20work_mem%3D8MB")) as conn:
        shown = {
            name: conn.execute(text(f"SHOW {name}")).scalar() for name in ("lock_timeout", "statement_timeout", "timezone", "work_mem")
        }
    assert shown == {"lock_timeout": "30s", "statement_timeout": "5min", "timezone": "UTC", "work_mem": "8MB"}


def test_what_is_written_is_kept_and_what_fails_is_not(empty_engine: Engine) -> None:
    with write(empty_engine) as conn:
        conn.execute(text("CREATE TABLE t (a INTEGER)"))
    with pytest.raises(ZeroDivisionError), write(empty_engine) as conn:
        conn.execute(text("INSERT INTO t VALUES (1)"))
        conn.execute(text("CREATE TABLE u (a INTEGER)"))
        raise ZeroDivisionError
    with read(empty_engine) as conn:
        assert conn.execute(text("SELECT count(*) FROM t")).scalar() == 0
        with pytest.raises(DBAPIError):
            conn.execute(text("SELECT * FROM u"))


def test_reader_cannot_write(empty_engine: Engine) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)read-?\s?only"), read(empty_engine) as conn:
        conn.execute(text("CREATE TABLE t (a INTEGER)"))
    with write(empty_engine) as conn:
        conn.execute(text("CREATE TABLE t (a INTEGER)"))


def test_message_of_an_error_does_not_hold_the_data(empty_engine: Engine) -> None:
    with pytest.raises(DBAPIError) as caught, read(empty_engine) as conn:
        conn.execute(text("SELECT nothing WHERE 'x' = :email"), {"email": "somebody@example.org"})
    assert "somebody" not in str(caught.value)


def test_waiting_too_long_for_the_lock_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_engine: MakeEngine) -> None:
    monkeypatch.setattr(engines, "_WAIT_FOR_LOCK_S", 0.02)
    engine = make_engine(f"sqlite:///{tmp_path / 'store.sqlite'}")
    with write(engine), pytest.raises(UnavailableError, match="busy"), write(engine):
        pass


def test_full_disk_is_one_sentence(tmp_path: Path, make_engine: MakeEngine) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'store.sqlite'}")
    with pytest.raises(UnavailableError, match="full") as caught, write(engine) as conn:
        conn.execute(text("CREATE TABLE t (a BLOB)"))
        conn.execute(text("PRAGMA max_page_count = 10"))
        conn.execute(text("INSERT INTO t VALUES (zeroblob(1000000))"))
    assert caught.value.code == "disk_full"
    with write(engine) as conn:
        conn.execute(text("CREATE TABLE t (a BLOB)"))


def test_lost_server_is_one_sentence_and_the_next_use_connects_again(postgres_url: str, make_engine: MakeEngine) -> None:
    engine = make_engine(postgres_url)
    with pytest.raises(UnavailableError, match="cannot be reached"), write(engine) as conn:
        conn.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    with read(engine) as conn:
        assert conn.execute(text("SELECT 1")).scalar() == 1


def test_server_lost_during_a_bulk_load_is_one_sentence(postgres_url: str, make_engine: MakeEngine) -> None:
    engine, other = make_engine(postgres_url), make_engine(postgres_url)
    table = Table("t", MetaData(), Column("a", BigInteger()))
    with write(engine) as conn:
        table.create(conn)
    with pytest.raises(UnavailableError, match="cannot be reached"), write(engine) as conn:
        pid = conn.execute(text("SELECT pg_backend_pid()")).scalar()
        with write(other) as killer:
            killer.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        insert_rows(conn, prepare_rows(conn, table, pa.table({"a": [1]})))


def test_statement_that_takes_too_long_is_one_sentence(postgres_url: str, make_engine: MakeEngine) -> None:
    with pytest.raises(UnavailableError, match="busy"), write(make_engine(postgres_url)) as conn:
        conn.execute(text("SET LOCAL statement_timeout = 20"))
        conn.execute(text("SELECT pg_sleep(5)"))


def test_reader_sees_the_last_commit_while_somebody_writes(empty_engine: Engine) -> None:
    with write(empty_engine) as conn:
        conn.execute(text("CREATE TABLE t (a INTEGER)"))
    with write(empty_engine) as conn:
        conn.execute(text("INSERT INTO t VALUES (1)"))
        with read(empty_engine) as reader:
            assert reader.execute(text("SELECT count(*) FROM t")).scalar() == 0


WRITER = """
import sys
from sqlalchemy import text
from database.engine import create_engine_for, is_postgres, write

engine = create_engine_for(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for _ in range(25):
    with write(engine) as conn:
        (n,) = conn.execute(text("SELECT n FROM t" + (" FOR UPDATE" if is_postgres(conn) else ""))).one()
        conn.execute(text("UPDATE t SET n = :n"), {"n": n + 1})
"""


def test_eight_processes_write_at_once_and_all_land(store_url: str, make_engine: MakeEngine, project: Path) -> None:
    engine = make_engine(store_url)
    with write(engine) as conn:
        conn.execute(text("CREATE TABLE t (n INTEGER)"))
        conn.execute(text("INSERT INTO t VALUES (0)"))
    command = [sys.executable, "-c", WRITER, store_url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    writers = [subprocess.Popen(command, cwd=project, text=True, **pipes) for _ in range(8)]
    assert [writer.stdout and writer.stdout.readline() for writer in writers] == ["ready\n"] * 8
    for writer in writers:
        assert writer.stdin
        writer.stdin.write("go\n")
        writer.stdin.flush()
    errors = [writer.communicate(timeout=120)[1] for writer in writers]
    assert errors == [""] * 8
    with read(engine) as conn:
        assert conn.execute(text("SELECT n FROM t")).scalar() == 200
