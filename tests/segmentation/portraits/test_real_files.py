"""Portraits of the published segmentations of real files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from segmentation.portraits.explain import explain_segments
from segmentation.portraits.naming import name_segments
from segmentation.portraits.playbook import suggest_action
from segmentation.portraits.profiles import ProfileColumn, SegmentProfile, profile_segments

pytestmark = pytest.mark.real_data
RealData = Callable[[str], Path]


def kmeans(frame: pd.DataFrame, features: list[str], k: int) -> np.ndarray:
    """Segments 1..k of the standardised features in the order of size; 0 where one is missing."""
    from sklearn.cluster import KMeans

    points = frame[features].astype(float)
    known = points.notna().all(axis=1).to_numpy()
    scaled = ((points - points[known].mean()) / points[known].std(ddof=0))[known]
    labels = KMeans(k, n_init=10, random_state=42).fit_predict(scaled)
    by_size = np.argsort(np.argsort(-np.bincount(labels)))
    segments = np.zeros(len(frame), int)
    segments[known] = by_size[labels] + 1
    return segments


def columns_of(frame: pd.DataFrame, unknown: tuple[str, ...] = ()) -> tuple[ProfileColumn, ...]:
    return tuple(ProfileColumn(name, name.replace("_", " "), "number", None if name in unknown else name) for name in frame)


def portray(
    frame: pd.DataFrame, segments: np.ndarray, columns: tuple[ProfileColumn, ...], features: list[str]
) -> dict[str, SegmentProfile]:
    """Profiles by name; the share of rules that hold is checked on the way."""
    revenue = "monetary_total" if "monetary_total" in frame else None
    profiles = profile_segments(frame, segments, columns, features, revenue)
    for rule in explain_segments(frame, segments, columns):
        assert rule.coverage > 0.6
        assert rule.precision > 0.6
    return {name.name: profile for name, profile in zip(name_segments(profiles, columns), profiles, strict=True)}


def test_online_retail_with_its_thirteen_whales(online_retail_csv: Path) -> None:
    wanted = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
    lines = pd.read_csv(online_retail_csv, encoding="latin-1", usecols=wanted, dtype={"InvoiceNo": "str", "CustomerID": "str"})
    lines = lines.dropna(subset="CustomerID").drop_duplicates()
    lines = lines[(lines["Quantity"] > 0) & (lines["UnitPrice"] > 0)]
    when = pd.to_datetime(lines["InvoiceDate"], format="%m/%d/%Y %H:%M")
    lines = lines.assign(when=when, spend=lines["Quantity"] * lines["UnitPrice"])
    by_customer = lines.groupby("CustomerID").agg(last=("when", "max"), orders=("InvoiceNo", "nunique"), spend=("spend", "sum"))
    frame = pd.DataFrame(
        {
            "recency_days": (when.max() + pd.Timedelta(days=1) - by_customer["last"]).dt.days,
            "frequency_orders": by_customer["orders"],
            "monetary_total": by_customer["spend"],
        }
    ).reset_index(drop=True)
    found = portray(frame, kmeans(frame, list(frame), 4), columns_of(frame), list(frame))
    assert {name: profile.size for name, profile in found.items()} == {
        "Recent regulars": 3054,
        "Quiet, low spend": 1067,
        "Recent big spenders": 204,
        "Recent top spenders": 13,
    }
    assert found["Recent top spenders"].differences[0] == "Spends 62 times the average (127 k, all: 2,049), only 13 customers"
    assert [suggest_action(profile).kind for profile in found.values()] == ["steady", "lost", "best", "best"]


def test_marketing_campaign_names_follow_the_numbers(real_data: RealData) -> None:
    raw = pd.read_csv(real_data("marketing_campaign.csv"), sep="\t").sort_values("ID", ignore_index=True)
    frame = pd.DataFrame(
        {
            "age": 2025 - raw["Year_Birth"],
            "income": raw["Income"].clip(upper=raw["Income"].quantile(0.99)),
            "monetary_total": raw.filter(like="Mnt").sum(axis=1),
            "web_purchases": raw["NumWebPurchases"],
            "store_purchases": raw["NumStorePurchases"],
            "web_visits": raw["NumWebVisitsMonth"],
            "recency_days": raw["Recency"],
        }
    )
    features = list(frame)
    frame["frequency_orders"] = frame["web_purchases"] + frame["store_purchases"] + raw["NumCatalogPurchases"]
    found = portray(frame, kmeans(frame, features, 4), columns_of(frame), features)
    assert set(found) == {"Big spenders", "Looking, buying little", "Quiet, low spend", "Frequent online buyers"}
    shares = [round(100 * (found[name].share_revenue or 0)) for name in ("Big spenders", "Frequent online buyers")]
    assert shares == [56, 34]
    visits = {name: trait.mean for name, profile in found.items() if (trait := profile.number("web_visits"))}
    assert min(visits, key=visits.__getitem__) == "Big spenders"  # and nobody called the fewest visits "online"
    assert visits["Frequent online buyers"] > 5.3


def test_mall_customers_with_and_without_the_meaning_of_the_score(real_data: RealData) -> None:
    raw = pd.read_csv(real_data("Mall_Customers.csv"))
    frame = raw.rename(columns={"Age": "age", "Annual Income (k$)": "income", "Spending Score (1-100)": "spending_score"})
    frame = frame[["age", "income", "spending_score"]]
    segments = kmeans(frame, ["income", "spending_score"], 5)
    found = portray(frame, segments, columns_of(frame), ["income", "spending_score"])
    assert {name: profile.size for name, profile in found.items()} == {
        "Average spenders": 81,
        "Keen spenders, larger budgets": 39,
        "Careful spenders, larger budgets": 35,
        "Careful spenders, smaller budgets": 23,
        "Keen spenders, smaller budgets": 22,
    }
    unknown = portray(frame, segments, columns_of(frame, unknown=("spending_score",)), ["income", "spending_score"])
    assert len(unknown) == 5
    assert not any("score" in name.lower() for name in unknown)
