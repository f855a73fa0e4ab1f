"""Which charts the overview draws of each real file, and which it must not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.context import open_context
from dashboard.pages.overview import draw_charts, load_view
from dashboard.queries.datasets import find_shown
from dashboard.workflows.datasets import ImportRequest, request_import
from dashboard.workflows.doing import finish_own_job
from dashboard.workflows.staging import staged
from segmentation.dataset import ImportOptions
from segmentation.measures.filters import EVERYBODY
from tests.dashboard.making import settings_for

OF_A_LOG = {"Monthly revenue", "Revenue concentration", "Basket: what an order comes to", "Total spend", "Number of orders"}
OF_PEOPLE = {
    "Age",
    "Age and gender",
    "Education",
    "Marital status",
    "Income",
    "Income by education",
    "Age against spend",
    "Campaign response",
}
EXPECTED = {
    "Mall_Customers.csv": {"Age and gender", "Income by gender", "Income", "Spending score", "What moves together"},
    "marketing_campaign.csv": {
        *(OF_PEOPLE - {"Age and gender"}),
        "Total spend",
        "Revenue concentration",
        "What they spend on",
        "Where they buy",
        "What moves together",
    },
    "superstore.csv": {
        *OF_A_LOG,
        "Revenue by region",
        "Revenue by town",
        "Product categories",
        "Region, category and season",
        "Products",
        "Season",
        "How orders are sent",
        "Orders by weekday",
        "Sub-Category",
        "What moves together",
    },
    "New 1000 Sales Record.xlsx": {*OF_A_LOG, "Customers by region", "Product categories", "Season", "Where they buy", "Orders by weekday"},
    "CDNOW_master.txt": {*OF_A_LOG, "Customers who came back", "Orders by weekday", "What moves together"},
}
FORBIDDEN = {
    "Mall_Customers.csv": {
        *OF_A_LOG,
        "Customers by country",
        "Products",
        "Customers who came back",
        "Orders by weekday",
        "Education",
        "Yes-or-no answers",
    },
    "marketing_campaign.csv": {
        "Monthly revenue",
        "Customers by country",
        "Products",
        "Age and gender",
        "Customers who came back",
        "Season",
        "Z_CostContact",
    },
    "superstore.csv": {*OF_PEOPLE, "Customers by country", "Orders by weekday and hour", "Row ID", "Postal Code", "Where they buy"},
    "New 1000 Sales Record.xlsx": {
        *OF_PEOPLE,
        "Customers by country",
        "Customers who came back",
        "Products",
        "Orders by weekday and hour",
        "Order ID",
    },
    "CDNOW_master.txt": {*OF_PEOPLE, "Customers by country", "Products", "Season", "Orders by weekday and hour"},
}


@pytest.mark.real_data
@pytest.mark.parametrize("name", EXPECTED)
def test_charts_of_a_real_file(name: str, real_data: Callable[[str], Path], tmp_path: Path) -> None:
    context = open_context(settings_for(tmp_path))
    options = ImportOptions(customer="Country" if name.endswith(".xlsx") else None)
    with staged(context, real_data(name)) as file:
        dataset_id = finish_own_job(context, request_import(context, ImportRequest(file, name, options=options)))["dataset_id"]
    shown = find_shown(context, dataset_id)
    assert shown is not None
    titles = {chart.told.title for chart in draw_charts(load_view(context, shown, EVERYBODY))}
    context.close()
    assert titles >= EXPECTED[name]
    assert not titles & FORBIDDEN[name]
