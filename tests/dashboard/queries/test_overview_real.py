"""The overview of real files against the published answers and an independent computation with pandas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from dashboard.intake.reader import read_file
from dashboard.versions.transactions import lay_out_transactions
from segmentation.dataset import Dataset, ImportOptions, build_dataset
from segmentation.measures.concentration import concentrate
from segmentation.measures.indexed import Index, IndexedLook
from segmentation.measures.lines import Lines, read_lines
from segmentation.measures.overview import Overview, describe, overview_of_list
from segmentation.measures.selection import Source

ONE_MORE = 0.0007
"""The known answers count the customer after the one that reaches the share; rounded to a tenth of a percent that can show."""


def lines_of(dataset: Dataset) -> Lines:
    layout = lay_out_transactions(dataset)
    scale = next(spec.scale for spec in layout.specs if spec.name == "amount")
    return read_lines(layout.rows, pa.array(dataset.customers.ids, pa.string()), scale)


def overview_of_file(path: Path, options: ImportOptions | None = None) -> Overview:
    dataset = build_dataset(read_file(path), options)
    money = dataset.customers.money.get("monetary_total")
    if dataset.mapping.kind == "customers":
        return overview_of_list(dataset.population, money)
    source = Source(dataset.population, money, lines_of(dataset))
    return describe(source, IndexedLook(Index(source)))


def values(overview: Overview) -> dict[str, float]:
    return {kpi.name: kpi.value for kpi in overview.kpis}


def shares(path: Path) -> list[float]:
    money = build_dataset(read_file(path)).customers.money["monetary_total"].units
    return [found.n_top / found.n for share in (0.5, 0.8, 0.9) if (found := concentrate(money, share))]


@pytest.fixture(scope="module")
def retail(online_retail_csv: Path) -> Overview:
    return overview_of_file(online_retail_csv)


@pytest.fixture(scope="module")
def retail_lines(online_retail_csv: Path) -> pd.DataFrame:
    lines = pd.read_csv(online_retail_csv, encoding="latin-1", dtype={"CustomerID": str, "InvoiceNo": str, "StockCode": str})
    lines = lines.dropna(subset=["CustomerID"]).drop_duplicates()
    lines = lines[(lines.Quantity > 0) & (lines.UnitPrice > 0)]
    moments = pd.to_datetime(lines.InvoiceDate, format="%m/%d/%Y %H:%M")
    return lines.assign(moment=moments, month=moments.dt.strftime("%Y-%m"), amount=lines.Quantity * lines.UnitPrice)


def test_online_retail_key_figures(retail):
    found = values(retail)
    assert (found["customers"], found["orders"]) == (4338, 18532)
    assert found["revenue"] == 8887208.894
    assert found["average_order"] == pytest.approx(479.56, abs=0.005)
    assert found["repeat_rate"] == (4338 - 1493) / 4338


def test_online_retail_months(retail, retail_lines):
    months, by_month = retail.months, retail_lines.groupby("month")
    assert months is not None
    assert list(months.names) == sorted(by_month.groups)
    assert np.array(months.units) / 1000 == pytest.approx(by_month.amount.sum().to_numpy())
    assert months.units[months.names.index("2011-11")] == 1156205610
    assert list(months.orders) == retail_lines.groupby("InvoiceNo").moment.min().dt.strftime("%Y-%m").value_counts().sort_index().tolist()
    assert list(months.customers) == by_month.CustomerID.nunique().tolist()
    assert (months.is_full[0], months.is_full[-1]) == (True, False)


def test_online_retail_periods(retail, retail_lines):
    revenue = next(kpi for kpi in retail.kpis if kpi.name == "revenue")
    assert revenue.now == pytest.approx(retail_lines[retail_lines.month.between("2011-06", "2011-11")].amount.sum())
    assert revenue.before == pytest.approx(retail_lines[retail_lines.month.between("2010-12", "2011-05")].amount.sum())


def test_online_retail_concentration(retail, retail_lines):
    spend = retail_lines.groupby("CustomerID").amount.sum().sort_values(ascending=False).cumsum()
    assert retail.concentration is not None
    assert retail.concentration.n_top == int((spend < 0.8 * spend.iloc[-1]).sum()) + 1
    assert retail.concentration.n_top / 4338 == pytest.approx(0.261, abs=ONE_MORE)


def test_online_retail_countries(retail, retail_lines):
    assert retail.countries is not None
    units = {entry.name: entry.units for entry in retail.countries.entries}
    assert units["United Kingdom"] == 7285024644
    assert sum(entry.customers for entry in retail.countries.entries) == 4338
    assert {name: value / 1000 for name, value in units.items()} == pytest.approx(retail_lines.groupby("Country").amount.sum().to_dict())


def test_online_retail_products_and_cohorts(retail, retail_lines):
    products = next(ranking for ranking in retail.lines if ranking.column == "product")
    best = retail_lines.groupby("StockCode").amount.sum().nlargest(20)
    assert [entry.name for entry in products.entries[:20]] == best.index.tolist()
    first = retail_lines.groupby("CustomerID").month.transform("min")
    again = retail_lines[first == "2010-12"].groupby("month").CustomerID.nunique()
    assert retail.cohorts is not None
    assert (retail.cohorts.sizes[0], *retail.cohorts.returned[0]) == tuple(again.tolist()[:12])


def test_superstore(real_data):
    overview = overview_of_file(real_data("superstore.csv"))
    found = values(overview)
    assert (found["customers"], found["orders"], found["revenue"]) == (793, 5009, 2297200.8603)
    assert overview.comparison is not None
    assert overview.comparison.basis == "year"
    assert shares(real_data("superstore.csv"))[2] == pytest.approx(0.652, abs=0.0005)


def test_cdnow(real_data):
    found = values(overview_of_file(real_data("CDNOW_master.txt")))
    assert (found["customers"], found["revenue"]) == (23570, 2500315.63)
    assert found["repeat_rate"] == (23570 - 12054) / 23570  # without order numbers a day is an order


def test_sales_record_by_country(real_data):
    overview = overview_of_file(real_data("New 1000 Sales Record.xlsx"), ImportOptions(customer="Country"))
    assert (values(overview)["customers"], values(overview)["revenue"]) == (185, 1327321840.33)
    assert next(ranking.n_values for ranking in overview.lines if ranking.column == "category") == 12


def test_marketing_campaign(real_data):
    overview = overview_of_file(real_data("marketing_campaign.csv"))
    table = pd.read_csv(real_data("marketing_campaign.csv"), sep="\t")
    spend = [name for name in table if name.startswith("Mnt")]
    found = values(overview)
    assert found["revenue"] == table[spend].to_numpy().sum()
    assert found["typical_income"] == table.Income.median()
    assert shares(real_data("marketing_campaign.csv"))[2] == pytest.approx(0.489, abs=ONE_MORE)
    campaigns = ["Response", *(f"AcceptedCmp{number}" for number in range(1, 6))]
    assert {share.column: share.n_yes for share in overview.shares} == {
        **{name: table[name].sum() for name in (*campaigns, "Complain")},
        "accepted_any": table[campaigns].any(axis=1).sum(),
    }
    parts = next(parts for parts in overview.parts if parts.total == "monetary_total")
    assert parts.sums == tuple(table[spend].sum().sort_values(ascending=False))
    assert [each.label for each in overview.undrawn if each.why == "constant"] == ["Z_CostContact", "Z_Revenue"]
    correlation = overview.correlation
    assert correlation is not None
    income, total = correlation.labels.index("income"), correlation.labels.index("total spend")
    assert correlation.values[income][total] == pytest.approx(table.Income.corr(table[spend].sum(axis=1), "spearman"), abs=1e-4)
    assert correlation.pairs[income][total] == 2216


def test_mall(real_data):
    overview = overview_of_file(real_data("Mall_Customers.csv"))
    assert overview.ages is not None
    assert [(group.name, sum(group.counts)) for group in overview.ages.groups] == [("Women", 112), ("Men", 88)]
    assert values(overview)["average_age"] == pytest.approx(38.85)
