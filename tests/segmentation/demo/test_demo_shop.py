"""The demo shop: the same for a seed, in the shape of a real shop, and nobody in it can be reached."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from datetime import date

import numpy as np
import pandas as pd
import pytest

from segmentation.demo import LAST_DAY, DemoShop, demo_log, demo_shop
from segmentation.demo.catalogue import build_catalogue
from segmentation.demo.customers import MISSING
from segmentation.demo.groups import GROUPS, choose
from segmentation.errors import InvalidInputError

# What the regulators of these countries keep for films and books; written down apart from the generator.
FICTION = {
    "Germany": r"\+49 (30 23125|69 90009|40 66969|221 4710|89 99998)\d{3}",
    "United Kingdom": r"\+44 (7700 900|20 79460|161 4960|131 4960|117 4960|1632 960)\d{3}",
    "France": r"\+33 (1 99 00|2 61 91|3 53 01|4 65 71|5 36 49|6 39 98) \d\d \d\d",
    "United States": r"\+1 \d{3} 555 01\d\d",
    "Ireland": r"\+353 20 91\d{5}",
    "Canada": r"\+1 \d{3} 555 01\d\d",
    "Sweden": r"\+46 (8 465004|31 39006|40 62804)\d\d",
    "Australia": r"\+61 [237] 5550 \d{4}",
}


@pytest.fixture(scope="module", params=[1, 7])
def shop(request: pytest.FixtureRequest) -> DemoShop:
    return demo_shop(request.param)


@pytest.fixture(scope="module")
def sales(shop: DemoShop) -> pd.DataFrame:
    """What was sold for good: once each, cancelled orders out, sent-back lines netted."""
    lines = shop.transactions.drop_duplicates()
    return lines[lines["status"] != "cancelled"]


@pytest.fixture(scope="module")
def by_customer(sales: pd.DataFrame, shop: DemoShop) -> pd.DataFrame:
    bought = sales[sales["quantity"] > 0].groupby("customer_id")
    table = pd.DataFrame({"orders": bought["order_id"].nunique(), "last": bought["order_date"].max()})
    table["revenue"] = sales.groupby("customer_id")["amount"].sum()
    table["group"] = shop.hidden_groups
    return table


def fingerprint(shop: DemoShop) -> str:
    return hashlib.sha256((shop.customers.to_csv() + shop.transactions.to_csv()).encode()).hexdigest()


def test_same_seed_same_shop_also_in_another_process() -> None:
    program = (
        "import hashlib; from segmentation.demo import demo_shop; s = demo_shop(3, 200);"
        "print(hashlib.sha256((s.customers.to_csv() + s.transactions.to_csv()).encode()).hexdigest())"
    )
    environment = os.environ | {"PYTHONHASHSEED": "12345"}
    other = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True).stdout.strip()
    assert other == fingerprint(demo_shop(3, 200)) == fingerprint(demo_shop(3, 200))
    assert other != fingerprint(demo_shop(4, 200))


def test_size(shop: DemoShop) -> None:
    assert shop.customers.shape == (3_000, 16)
    assert 38_000 < len(shop.transactions) < 45_000
    assert shop.transactions.shape[1] == 15


def test_one_timers_and_whales(by_customer: pd.DataFrame) -> None:
    assert 0.30 < (by_customer["orders"] == 1).mean() < 0.45
    best_first = by_customer["revenue"].sort_values(ascending=False)
    assert 0.5 < best_first.head(len(best_first) // 5).sum() / best_first.sum() < 0.7


def test_season_peaks_before_christmas(sales: pd.DataFrame) -> None:
    by_month = sales.groupby(sales["order_date"].dt.month)["amount"].sum()
    assert set(by_month.nlargest(2).index) == {11, 12}
    toys = sales[sales["category"] == "Toys"]
    assert toys["order_date"].dt.month.isin([11, 12]).mean() > sales["order_date"].dt.month.isin([11, 12]).mean() + 0.1


def test_evenings_are_busier_than_nights(sales: pd.DataFrame) -> None:
    hours = sales.loc[sales["quantity"] > 0, "order_date"].dt.hour
    assert (hours == 20).sum() > 10 * (hours == 3).sum()


def test_log_lies_within_two_years(shop: DemoShop) -> None:
    days = shop.transactions["order_date"].dt.date
    assert days.min() >= date(2024, 1, 2)
    assert days.max() == LAST_DAY
    assert shop.transactions["order_date"].is_monotonic_increasing


def test_dirt_of_a_real_export(shop: DemoShop) -> None:
    lines = shop.transactions
    assert 0.002 < lines.duplicated().mean() < 0.007
    assert 0.03 < (lines["quantity"] < 0).mean() < 0.07
    assert 0.015 < (lines["status"] == "cancelled").mean() < 0.035
    assert 0.01 < lines["customer_id"].isna().mean() < 0.025
    assert 0.5 < lines["rating"].isna().mean() < 0.75


@pytest.mark.parametrize(("name", "share"), MISSING.items())
def test_unknown_values(name: str, share: float, shop: DemoShop) -> None:
    assert shop.customers[name].isna().mean() == pytest.approx(share, abs=0.4 * share + 0.003)


def test_only_what_a_customer_may_withhold_is_missing(shop: DemoShop) -> None:
    assert not shop.customers.drop(columns=list(MISSING)).isna().any(axis=None)
    assert not shop.transactions.drop(columns=["customer_id", "rating"]).isna().any(axis=None)


def test_everybody_bought_and_nobody_is_a_stranger(shop: DemoShop) -> None:
    assert shop.customers["customer_id"].is_unique
    assert set(shop.transactions["customer_id"].dropna()) == set(shop.customers["customer_id"])
    assert list(shop.hidden_groups.index) == list(shop.customers["customer_id"])
    assert set(shop.hidden_groups) == {group.name for group in GROUPS}


def test_order_has_one_customer_and_one_way_to_pay_and_ship(shop: DemoShop) -> None:
    orders = shop.transactions.groupby("order_id")
    for name in ("customer_id", "payment", "shipping", "channel"):
        assert (orders[name].nunique(dropna=False) == 1).all(), name


def test_cash_is_paid_and_goods_collected_only_where_that_is_possible(shop: DemoShop) -> None:
    lines = shop.transactions
    assert set(lines.loc[lines["payment"] == "cash", "channel"]) == {"store"}
    assert set(lines.loc[lines["channel"] == "store", "shipping"]) == {"collected in store"}


def test_money_is_exact_to_the_cent(shop: DemoShop) -> None:
    lines = shop.transactions
    cents = (lines["unit_price"] * 100).round().astype("int64")
    assert (cents / 100 == lines["unit_price"]).all()
    assert (cents * lines["quantity"] / 100 == lines["amount"]).all()
    assert (cents > 0).all()
    assert (lines["quantity"] != 0).all()


def test_returned_line_repeats_what_was_bought_before(shop: DemoShop) -> None:
    lines = shop.transactions.drop_duplicates()
    back = lines[lines["quantity"] < 0]
    pairs = back.merge(lines[lines["quantity"] > 0], on=["order_id", "product_id"], suffixes=("", "_bought"))
    assert len(pairs) == len(back) > 0
    assert (pairs["order_date"] > pairs["order_date_bought"]).all()
    assert (pairs["quantity"] == -pairs["quantity_bought"]).all()
    assert (pairs["amount"] == -pairs["amount_bought"]).all()
    assert set(back["status"]) == {"returned"}


def test_last_days_are_still_on_their_way(shop: DemoShop) -> None:
    lines = shop.transactions
    on_the_way = lines[lines["status"].isin(["processing", "shipped"])]
    assert on_the_way["order_date"].min() >= pd.Timestamp(LAST_DAY) - pd.Timedelta(days=5)
    assert on_the_way["rating"].isna().all()


def test_product_has_one_name_brand_and_category(shop: DemoShop) -> None:
    described = shop.transactions.astype(dict.fromkeys(("product_id", "product", "brand", "category"), "str"))
    assert (described.groupby("product_id")[["product", "brand", "category"]].nunique() == 1).all(axis=None)
    assert described["product_id"].nunique() == len(set(build_catalogue().product_id)) == 144


def test_no_letter_reaches_anybody(shop: DemoShop) -> None:
    known = shop.customers["email"].dropna()
    assert known.str.fullmatch(r"[a-z]+\.[a-z]+\.\d+@example\.org").all()
    assert known.is_unique


def test_no_call_reaches_anybody(shop: DemoShop) -> None:
    known = shop.customers.dropna(subset="phone")
    wrong = [phone for phone, country in zip(known["phone"], known["country"], strict=True) if not re.fullmatch(FICTION[country], phone)]
    assert not wrong
    assert known["phone"].is_unique
    assert set(known["country"]) == set(FICTION)


def test_customers_are_adults_who_signed_up_before_they_bought(shop: DemoShop) -> None:
    people = shop.customers.set_index("customer_id")
    assert people["signup_date"].is_monotonic_increasing
    first = shop.transactions.groupby("customer_id")["order_date"].min()
    assert (people["signup_date"] <= first.reindex(people.index)).all()
    years_since = (pd.Timestamp(LAST_DAY) - people["signup_date"]).dt.days / 365.25
    assert ((people["age"] - years_since).dropna() > 17.99).all()
    assert people["age"].max() <= 92


def test_codes_are_text_with_their_zeros(shop: DemoShop) -> None:
    assert (shop.customers["zip"].dropna().str.len() >= 4).all()
    assert shop.customers["zip"].str.startswith("0").any()


def test_income_goes_with_education_but_is_not_the_same(shop: DemoShop) -> None:
    people = shop.customers.dropna(subset=["income", "education"])
    means = people.groupby("education")["income"].mean()
    assert means["secondary"] < means["bachelor"] < means["master"]
    assert (people["income"] > 0).all()


def test_groups_behave_as_their_names_say(by_customer: pd.DataFrame) -> None:
    groups = by_customer.groupby("group")
    revenue = groups["revenue"].sum() / by_customer["revenue"].sum()
    assert revenue["devoted, high spend"] > 0.3
    days_ago = (pd.Timestamp(LAST_DAY) - groups["last"].median()).dt.days
    assert days_ago["once loyal, gone"] > 250
    assert days_ago["families, steady"] < 45
    assert groups["orders"].mean()["families, steady"] > 8
    assert (by_customer.loc[by_customer["group"] == "came once", "orders"] == 1).all()


def test_segmentation_can_find_the_groups_again(by_customer: pd.DataFrame) -> None:
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_rand_score

    recency = (pd.Timestamp(LAST_DAY) + pd.Timedelta(days=1) - by_customer["last"]).dt.days
    x = np.log1p(np.column_stack([recency, by_customer["orders"], by_customer["revenue"].clip(lower=0)]))
    labels = KMeans(4, n_init=5, random_state=0).fit_predict((x - x.mean(axis=0)) / x.std(axis=0))
    assert adjusted_rand_score(by_customer["group"], labels) > 0.35
    assert np.bincount(labels).min() > 0.08 * len(labels)


def test_other_last_day_and_smallest_shop() -> None:
    shop = demo_shop(5, n_customers=1, last_day=date(2024, 2, 29))
    assert len(shop.customers) == 1
    assert shop.transactions["order_date"].dt.date.max() <= date(2024, 2, 29)
    assert shop.customers["signup_date"].dt.date.max() <= date(2024, 2, 29)


@pytest.mark.parametrize("n_rows", [1, 100, 5_000])
def test_log_has_the_rows_asked_for(n_rows: int) -> None:
    assert demo_log(2, n_rows).shape == (n_rows, 30)


def test_log_has_the_shape_of_a_large_retail_log() -> None:
    log = demo_log(1)
    assert log.shape == (302_010, 30)
    assert log["order_date"].is_monotonic_increasing
    known = log.dropna(subset="customer_id")
    assert (known.groupby("customer_id")[["first_name", "city", "signup_date"]].nunique() <= 1).all(axis=None)
    assert 15_000 < known["customer_id"].nunique() < 30_000
    assert log.loc[log["customer_id"].isna(), ["first_name", "country", "signup_date"]].isna().all(axis=None)


def test_nothing_asked_for_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="at least one customer"):
        demo_shop(1, n_customers=0)
    with pytest.raises(InvalidInputError, match="at least one"):
        demo_log(1, n_rows=0)


def test_choose_follows_the_weights_of_each_kind() -> None:
    drawn = choose(np.random.default_rng(0), np.array([[1.0, 3.0, 0.0], [0.0, 0.0, 2.0]]), np.repeat([0, 1], 20_000))
    assert np.bincount(drawn[:20_000], minlength=3) / 20_000 == pytest.approx([0.25, 0.75, 0], abs=0.02)
    assert (drawn[20_000:] == 2).all()
