"""Remembers: SQLite or Postgres, the same code. It decides nothing."""
