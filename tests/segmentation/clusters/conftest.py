"""The features of the published numbers, built here with plain pandas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.segmentation.clusters.shapes import standardised


@pytest.fixture(scope="session")
def retail_rfm(real_data: Callable[[str], Path]) -> np.ndarray:
    """Recency, frequency and money of the 4,338 customers of Online Retail, in their units."""
    lines = pd.read_csv(real_data("online_retail.csv.xz"), encoding="latin-1", dtype={"InvoiceNo": str, "CustomerID": str})
    lines = lines.dropna(subset=["CustomerID"]).drop_duplicates()
    lines = lines[(lines["Quantity"] > 0) & (lines["UnitPrice"] > 0)]
    lines["moment"] = pd.to_datetime(lines["InvoiceDate"], format="%m/%d/%Y %H:%M")
    lines["amount"] = lines["Quantity"] * lines["UnitPrice"]
    by_customer = lines.groupby("CustomerID").agg(last=("moment", "max"), orders=("InvoiceNo", "nunique"), money=("amount", "sum"))
    recency = (lines["moment"].max() + pd.Timedelta(days=1) - by_customer["last"]).dt.days
    return np.column_stack([recency, by_customer["orders"], by_customer["money"]]).astype(np.float64)


@pytest.fixture(scope="session")
def mall(real_data: Callable[[str], Path]) -> np.ndarray:
    """Income and spending score, standardised."""
    table = pd.read_csv(real_data("Mall_Customers.csv"))
    return standardised(table[["Annual Income (k$)", "Spending Score (1-100)"]].to_numpy(np.float64))


@pytest.fixture(scope="session")
def campaign(real_data: Callable[[str], Path]) -> np.ndarray:
    """Seven features of the customers with an income, standardised."""
    table = pd.read_csv(real_data("marketing_campaign.csv"), sep="\t")
    table["age"] = 2025 - table["Year_Birth"]
    table["income"] = table["Income"].clip(upper=table["Income"].quantile(0.99))
    table["spend"] = table.filter(like="Mnt").sum(axis=1)
    names = ["age", "income", "spend", "NumWebPurchases", "NumStorePurchases", "NumWebVisitsMonth", "Recency"]
    return standardised(table.dropna(subset=["Income"])[names].to_numpy(np.float64))
