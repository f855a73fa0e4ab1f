"""Real files through the command line, held against published numbers and a second, independent computation."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pytest

pytestmark = pytest.mark.real_data

RFM_RAW = ("--features", "recency_days,frequency_orders,monetary_total", "--transform", "none", "--seed", "42")


@pytest.fixture(scope="module")
def retail(dashboard, online_retail_csv):
    return dashboard("segment", online_retail_csv, *RFM_RAW, "--k", "4")


@pytest.fixture(scope="module")
def retail_pandas(online_retail_csv):
    """The same customers by plain pandas, written without a look at our code."""
    lines = pd.read_csv(online_retail_csv, encoding="latin-1", dtype={"CustomerID": str, "InvoiceNo": str, "StockCode": str})
    lines = lines.dropna(subset=["CustomerID"]).drop_duplicates()
    lines = lines[(lines["Quantity"] > 0) & (lines["UnitPrice"] > 0)]
    lines["moment"] = pd.to_datetime(lines["InvoiceDate"], format="%m/%d/%Y %H:%M")
    lines["money"] = lines["Quantity"] * (lines["UnitPrice"] * 1000).round().astype("int64")
    customers = lines.groupby("CustomerID").agg(last=("moment", "max"), orders=("InvoiceNo", "nunique"), money=("money", "sum"))
    customers["recency"] = (lines["moment"].max() + pd.Timedelta(days=1) - customers["last"]).dt.days
    newest = lines.sort_values(["CustomerID", "moment", "Country"]).drop_duplicates("CustomerID", keep="last")
    customers["country"] = newest.set_index("CustomerID")["Country"]
    return customers.sort_index()


def test_online_retail_counts(retail):
    dataset = retail.report["dataset"]
    assert (dataset["rows_read"], dataset["rows_kept"], dataset["rows_rejected"]) == (541_909, 392_692, 149_217)
    assert (dataset["customers"], dataset["revenue"]) == (4_338, 8_887_208.894)
    assert (dataset["date_min"], dataset["date_max"], dataset["kind"]) == ("2010-12-01", "2011-12-09", "transactions")
    out = {step["rule"]: step["rows_out"] for step in dataset["receipt"]}
    assert (out["missing_customer"], out["duplicate_rows"], out["non_positive_price"]) == (406_829, 401_604, 392_692)
    assert (retail.folder / "rejected.csv").read_bytes().count(b"\r\n") == 149_217 + 1


def test_online_retail_segments_are_the_published_ones(retail):
    run = retail.report["run"]
    assert round(run["silhouette"], 4) == 0.6162
    assert round(run["inertia"], 2) == 4096.30
    assert retail.sizes == [3054, 1067, 204, 13]
    assert (run["n_clusters"], run["n_segmented"], run["as_of"]) == (4, 4_338, "2011-12-10")


def test_online_retail_cells_equal_an_independent_computation(retail, retail_pandas):
    labelled = retail.labelled
    assert labelled.columns[:6].tolist() == ["customer_id", "segment_id", "segment", "recency_days", "frequency_orders", "monetary_total"]
    assert labelled["customer_id"].tolist() == retail_pandas.index.tolist()
    assert labelled["recency_days"].astype(int).tolist() == retail_pandas["recency"].tolist()
    assert labelled["frequency_orders"].astype(int).tolist() == retail_pandas["orders"].tolist()
    assert labelled["monetary_total"].str.replace(".", "").astype(int).tolist() == retail_pandas["money"].tolist()
    assert labelled["Country"].tolist() == retail_pandas["country"].tolist()


def test_online_retail_labels_belong_to_their_customers(retail, retail_pandas):
    """Every customer is nearest to the centre of the own segment, computed from the labelled file alone."""
    from sklearn.metrics import silhouette_score

    points = retail_pandas[["recency", "orders", "money"]].astype(float)
    points = ((points - points.mean()) / points.std(ddof=0)).to_numpy()
    labels = retail.labelled["segment_id"].astype(int).to_numpy()
    centers = np.vstack([points[labels == label].mean(axis=0) for label in np.unique(labels)])
    nearest = ((points[:, None, :] - centers) ** 2).sum(axis=2).argmin(axis=1) + 1
    assert (nearest == labels).all()
    assert round(silhouette_score(points, labels), 4) == 0.6162


def test_fingerprint_is_computed_from_the_labelled_file(retail):
    labelled = retail.labelled
    lines = "".join(
        f"{customer},{segment or 0}\n" for customer, segment in zip(labelled["customer_id"], labelled["segment_id"], strict=True)
    )
    assert retail.report["run"]["fingerprint"] == hashlib.sha256(lines.encode()).hexdigest()


def test_online_retail_workbook_gives_the_same_bytes(retail, dashboard, online_retail_xlsx):
    workbook = dashboard("segment", online_retail_xlsx, *RFM_RAW, "--k", "4")
    assert workbook.status == 0, workbook.stderr
    assert workbook.labelled_bytes == retail.labelled_bytes
    assert workbook.report["run"]["fingerprint"] == retail.report["run"]["fingerprint"]
    assert workbook.report["dataset"]["rows_read"] == 541_909


def test_online_retail_shuffled_gives_the_same_bytes(retail, dashboard, online_retail_csv, tmp_path):
    header, *lines = online_retail_csv.read_bytes().splitlines(keepends=True)
    order = np.random.default_rng(7).permutation(len(lines))
    shuffled = tmp_path / "shuffled.csv"
    shuffled.write_bytes(header + b"".join(lines[index] for index in order))
    assert dashboard("segment", shuffled, *RFM_RAW, "--k", "4").labelled_bytes == retail.labelled_bytes


def test_automatic_k_does_not_split_off_a_handful(dashboard, online_retail_csv):
    run = dashboard("segment", online_retail_csv, *RFM_RAW, "--k", "auto")
    report = run.report["run"]
    assert min(run.sizes) != 26
    assert report["k_scores"][0]["k"] == 2
    assert round(report["k_scores"][0]["silhouette"], 4) == 0.8958
    assert report["k_scores"][0]["smallest"] == 26
    assert report["n_clusters"] != 2


def test_online_retail_by_k(dashboard, online_retail_csv):
    """scikit-learn stops a little before the optimum; at k = 3, 7 and 8 ours is lower in inertia and differs in the third decimal."""
    scores = {score["k"]: score for score in dashboard("segment", online_retail_csv, *RFM_RAW).report["run"]["k_scores"]}
    published = {2: 0.8958, 3: 0.5942, 4: 0.6162, 5: 0.6165, 6: 0.5983, 7: 0.5165, 8: 0.4859}
    assert {k: score["silhouette"] for k, score in scores.items()} == pytest.approx(published, abs=0.01)
    by_scikit_learn = {2: 9014.566, 3: 5441.324, 4: 4096.300, 5: 3119.790, 6: 2473.793, 7: 2023.587, 8: 1717.011}
    assert all(score["inertia"] <= by_scikit_learn[k] * 1.00001 for k, score in scores.items())


def test_online_retail_after_the_logarithm(dashboard, online_retail_csv):
    """Published: 0.3375 with 1622 / 1166 / 837 / 713 at inertia 3939.05; ours is the lower optimum beside it."""
    run = dashboard("segment", online_retail_csv, *RFM_RAW[:2], "--transform", "log", "--k", "4")
    assert run.report["run"]["silhouette"] == pytest.approx(0.3375, abs=0.001)
    assert run.report["run"]["inertia"] <= 3939.05
    assert run.sizes == pytest.approx([1622, 1166, 837, 713], abs=15)


def test_marketing_campaign(dashboard, real_data):
    run = dashboard(
        "segment",
        real_data("marketing_campaign.csv"),
        "--features",
        "age,income,monetary_total,NumWebPurchases,NumStorePurchases,NumWebVisitsMonth,Recency",
        "--cap",
        "income=0.99",
        "--transform",
        "none",
        "--k",
        "4",
    )
    dataset, report = run.report["dataset"], run.report["run"]
    assert (dataset["rows_read"], dataset["customers"], report["n_segmented"]) == (2_240, 2_240, 2_216)
    assert round(report["silhouette"], 3) == 0.194
    assert report["inertia"] == pytest.approx(7743.3, abs=0.4)
    assert report["cap"] == {"income": pytest.approx(94_458.80, abs=0.005)}
    shares = sorted((segment["share_revenue"] for segment in report["segments"]), reverse=True)
    assert shares == pytest.approx([0.556, 0.342, 0.055, 0.047], abs=0.01)
    labelled = run.labelled
    left_out = labelled[labelled["segment_id"] == ""]
    assert left_out["segment"].tolist() == ["Not segmented: income missing"] * 24
    assert (left_out["Income"] == "").all()
    source = pd.read_csv(real_data("marketing_campaign.csv"), sep="\t", dtype=str, keep_default_na=False).set_index("ID")
    for header in source.columns:
        assert labelled.set_index("customer_id")[header].to_dict() == source[header].to_dict()


def test_mall(dashboard, real_data):
    run = dashboard(
        "segment",
        real_data("Mall_Customers.csv"),
        "--features",
        "Annual Income (k$),Spending Score (1-100)",
        "--transform",
        "none",
        "--k",
        "5",
    )
    assert round(run.report["run"]["silhouette"], 4) == 0.5547
    assert round(run.report["run"]["inertia"], 2) == 65.57
    assert run.sizes == [81, 39, 35, 23, 22]


def test_cdnow(dashboard, real_data):
    run = dashboard("segment", real_data("CDNOW_master.txt"))
    dataset = run.report["dataset"]
    assert (dataset["rows_read"], dataset["rows_kept"], dataset["customers"], dataset["revenue"]) == (69_659, 69_659, 23_570, 2_500_315.63)
    assert (dataset["date_min"], dataset["date_max"]) == ("1997-01-01", "1998-06-30")
    assert run.labelled["customer_id"].iloc[0] == "00001"
    dropped = dashboard("segment", real_data("CDNOW_master.txt"), "--rules", "duplicate_rows=on")
    assert dropped.report["dataset"]["revenue"] == 2_495_982.75


def test_superstore(dashboard, real_data):
    dataset = dashboard("segment", real_data("superstore.csv")).report["dataset"]
    assert (dataset["rows_read"], dataset["customers"], dataset["revenue"]) == (9_994, 793, 2_297_200.8603)
    assert (dataset["date_min"], dataset["date_max"]) == ("2014-01-03", "2017-12-30")
    assert dataset["dialect"]["encoding"] == "cp1252"


def test_sales_without_a_customer_column(dashboard, real_data):
    file = real_data("New 1000 Sales Record.xlsx")
    refused = dashboard("segment", file)
    assert refused.status == 2
    assert refused.stderr.startswith("No column of this file says who the customer is.")
    assert '"Country" (185 different)' in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    assert list(refused.folder.iterdir()) == []
    by_country = dashboard("segment", file, "--customer", "Country")
    assert by_country.report["dataset"]["customers"] == 185
    assert by_country.report["dataset"]["revenue"] == 1_327_321_840.33
