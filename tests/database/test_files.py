"""Files in chunks: whole or not there, gone after their time."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import IntegrityError

from database.engine import write
from database.files import add_chunk, begin_file, complete_file, delete_file, find_file, load_file, purge_files, read_chunks
from database.tables import file_chunks, files
from segmentation.errors import ConflictError, NotFoundError

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PIECES = [b"\x00\xff binary", "ü😀".encode(), b"", b"end"]
SHA256 = hashlib.sha256(b"".join(PIECES)).hexdigest()


def store(conn: Connection, now: datetime = NOON, keep: timedelta = DAY) -> str:
    file_id = begin_file(conn, "Käufe.csv", now, keep)
    for number, piece in enumerate(PIECES):
        add_chunk(conn, file_id, number, piece)
    complete_file(conn, file_id, SHA256)
    return file_id


def test_file_comes_back_to_the_byte(conn: Connection) -> None:
    file_id = store(conn)
    file = load_file(conn, file_id)
    assert (file.name, file.size, file.sha256, file.expires_at) == ("Käufe.csv", len(b"".join(PIECES)), SHA256, NOON + DAY)
    assert list(read_chunks(conn, file_id)) == PIECES


def test_empty_file(conn: Connection) -> None:
    file_id = begin_file(conn, "empty", NOON, DAY)
    assert complete_file(conn, file_id, hashlib.sha256().hexdigest()).size == 0
    assert list(read_chunks(conn, file_id)) == []


def test_file_is_not_found_before_it_is_complete(conn: Connection) -> None:
    file_id = begin_file(conn, "a", NOON, DAY)
    add_chunk(conn, file_id, 0, b"x")
    assert find_file(conn, file_id) is None
    with pytest.raises(NotFoundError):
        load_file(conn, file_id)


def test_missing_chunk_is_seen(conn: Connection) -> None:
    file_id = begin_file(conn, "a", NOON, DAY)
    add_chunk(conn, file_id, 0, b"x")
    add_chunk(conn, file_id, 2, b"z")
    with pytest.raises(ConflictError, match="2 of 3 parts"):
        complete_file(conn, file_id, "s")


def test_chunk_is_not_added_twice(conn: Connection) -> None:
    file_id = begin_file(conn, "a", NOON, DAY)
    add_chunk(conn, file_id, 0, b"x")
    with pytest.raises(IntegrityError), conn.begin_nested():
        add_chunk(conn, file_id, 0, b"y")


def purge(engine: Engine, now: datetime) -> int:
    for times in range(1, 100):
        with write(engine) as conn:
            if not purge_files(conn, now):
                return times
    pytest.fail("purging never ends")


def test_files_go_after_their_time(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("database.files._DELETE_AT_ONCE", 3)
    with write(engine) as conn:
        old, young = store(conn), store(conn, NOON + DAY)
        torn = begin_file(conn, "torn", NOON, DAY)
        add_chunk(conn, torn, 0, b"x")
    assert purge(engine, NOON + DAY - timedelta(seconds=1)) == 1
    assert purge(engine, NOON + DAY) == 3
    with write(engine) as conn:
        assert find_file(conn, old) is None
        assert list(read_chunks(conn, young)) == PIECES
        assert conn.execute(select(files.c.id)).scalars().all() == [young]
        assert conn.execute(select(func.count()).select_from(file_chunks)).scalar() == len(PIECES)


def test_deleted_file_is_not_found_and_goes(engine: Engine) -> None:
    with write(engine) as conn:
        file_id = store(conn)
        delete_file(conn, file_id, NOON)
        assert find_file(conn, file_id) is None
    purge(engine, NOON)
    with write(engine) as conn:
        assert conn.execute(select(func.count()).select_from(files)).scalar() == 0
