"""Many rows at once, in and out, as Arrow tables: COPY on Postgres, executemany of tuples on SQLite.

Values keep their every bit: text to the character, money as whole units of 10**-scale (int64 in Arrow, NUMERIC in Postgres, INTEGER in
SQLite). Missing is null; NaN counts as missing, and minus zero as zero, since SQLite keeps neither.
"""

from database.bulk.rows import PreparedRows, fetch_rows, insert_rows, prepare_batches, prepare_rows, split_rows
from database.bulk.sqlite import delete_some

__all__ = ["PreparedRows", "delete_some", "fetch_rows", "insert_rows", "prepare_batches", "prepare_rows", "split_rows"]
