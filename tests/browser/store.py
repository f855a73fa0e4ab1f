"""What is in the store of a service, read with nothing of ours: SQL and pandas."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any

import pandas as pd

from tests.browser.serving import Service


def frame(service: Service, sql: str, *values: Any) -> pd.DataFrame:
    """Return what a query gives."""
    with closing(sqlite3.connect(f"file:{service.data_dir / 'clientele.sqlite'}?mode=ro", uri=True)) as connection:
        return pd.read_sql_query(sql, connection, params=list(values))


def newest_dataset(service: Service) -> str:
    """Return the id of the dataset that was published last."""
    return str(frame(service, "SELECT id FROM datasets WHERE state = 'published' ORDER BY published_at DESC").id[0])


def order_lines(service: Service, dataset: str) -> pd.DataFrame:
    """Return the order lines of a dataset, with dates as dates and money in the currency's unit."""
    lines = frame(service, f"SELECT * FROM transactions_{dataset}")
    columns = frame(service, "SELECT json_extract(columns, '$.transactions') AS told FROM datasets WHERE id = ?", dataset).told[0]
    scale = next(each["scale"] for each in json.loads(columns) if each["role"] == "amount")
    return lines.assign(date=pd.to_datetime(lines.date, format="ISO8601"), amount=lines.amount / 10**scale)


def rfm(lines: pd.DataFrame) -> pd.DataFrame:
    """Sum up order lines to customers with plain pandas: days since the last order, orders, money."""
    as_of = lines.date.max() + pd.Timedelta(days=1)
    found = lines.groupby("customer_id").agg(last=("date", "max"), frequency=("order", "nunique"), monetary=("amount", "sum"))
    return found.assign(recency=(as_of - found["last"]).dt.days)
