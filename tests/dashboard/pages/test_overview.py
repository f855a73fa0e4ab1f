"""The overview page, on either store: what it says of a log and of a list, which dataset it shows, and where there is none."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.context import Context, now
from dashboard.figures.overview_chart import Chart
from dashboard.pages import overview as page
from dashboard.queries import overview as queries
from dashboard.workflows.datasets import ImportRequest, request_import
from dashboard.workflows.doing import finish_own_job
from dashboard.workflows.staging import staged
from database.datasets import load_dataset
from database.engine import read, write
from database.jobs import add_job
from segmentation.dataset import ImportOptions
from tests.dashboard.making import small_list, small_log
from tests.dashboard.pages.drawn import parts

on_one_store = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def import_text(context: Context, tmp_path: Any, text: str, name: str = "Shop", options: ImportOptions | None = None) -> str:
    path = tmp_path / f"{name}.csv"
    path.write_text(text)
    with staged(context, path) as file:
        return str(
            finish_own_job(context, request_import(context, ImportRequest(file, name, options=options or ImportOptions())))["dataset_id"]
        )


def texts(component: Any) -> list[str]:
    return [part for part in parts(component) if isinstance(part, str)]


def titles(component: Any) -> list[str]:
    return [part.children for part in parts(component) if type(part).__name__ == "H2"]


def test_a_log(context, tmp_path):
    dataset_id = import_text(context, tmp_path, small_log())
    drawn = page.render(context, {})
    said = texts(drawn)
    assert titles(drawn)[:2] == ["Monthly revenue", "Customers by country"]
    for label in ("Customers", "Revenue", "Orders", "Average order", "Revenue per customer", "Repeat rate", "60"):
        assert label in said
    links = [part.href for part in parts(drawn) if type(part).__name__ == "Link"]
    assert f"/?dataset={dataset_id}" in links
    assert "Not on the map: 007." in " ".join(said)


def test_a_list(context, tmp_path):
    import_text(context, tmp_path, small_list())
    drawn = page.render(context, {})
    assert titles(drawn)[0] == "Total spend"
    assert "Age" in titles(drawn)
    assert "Monthly revenue" not in titles(drawn)
    assert any(text.startswith("No chart: zip") for text in texts(drawn))


def test_the_same_dataset_is_computed_once(context, tmp_path, monkeypatch):
    dataset_id = import_text(context, tmp_path, small_log())
    with read(context.engine) as conn:
        dataset = load_dataset(conn, dataset_id)
    first = queries.load_overview(context, dataset)
    monkeypatch.setattr(queries, "load_look", lambda *_: pytest.fail("it was computed again"))
    assert queries.load_overview(context, dataset) == first


@on_one_store
def test_the_address_names_the_dataset(context, tmp_path):
    first = import_text(context, tmp_path, small_log(), "First shop")
    import_text(context, tmp_path, small_list(), "A list")
    assert "Monthly revenue" in titles(page.render(context, {"dataset": first}))
    assert "Monthly revenue" not in titles(page.render(context, {}))


@on_one_store
def test_an_empty_store_offers_an_upload(context):
    assert "See who your customers are" in texts(page.render(context, {}))


@on_one_store
def test_an_import_that_runs_is_mentioned(context, tmp_path):
    import_text(context, tmp_path, small_list())
    assert "A file is being imported now. " not in texts(page.render(context, {}))
    with write(context.engine) as conn:
        add_job(conn, "import", {}, "key", now())
    assert "A file is being imported now. " in texts(page.render(context, {}))


@on_one_store
def test_what_became_of_returns_is_said(context, tmp_path):
    log = "Order,Date,Customer,Amount\n" + "".join(f"{n},2024-0{n % 6 + 1}-1{n % 9},c{n % 5},{n}\n" for n in range(1, 40))
    log += "90,2024-06-20,c1,-5\n91,2024-06-21,c9,-7\n"
    dropped = import_text(context, tmp_path, log, "Dropped")
    netted = import_text(context, tmp_path, log, "Netted", ImportOptions(returns="net"))
    assert any("returns not counted" in text for text in texts(page.render(context, {"dataset": dropped})))
    said = texts(page.render(context, {"dataset": netted}))
    assert any("returns taken off" in text for text in said)
    assert any("1 with more returned than bought" in text for text in said)


@on_one_store
@pytest.mark.parametrize(
    "text",
    [
        "Order,Date,Customer,Amount\n1,2024-01-01,a,5\n2,2024-01-01,b,5\n",
        "Customer,Product,Amount,Quantity\na,x,5,1\na,y,5,1\nb,x,0.5,1\n",
        "Order,Date,Customer,Product,Amount,Country\n1,1950-01-01,a,x,0,\n2,2024-05-05,b,x,0,\n3,2024-05-05,b,y,0,France\n",
        "Customer,Name\na,Ann\nb,Bob\nc,Cy\n",
        "Customer,Age,Spend,Gender\na,20,0,f\nb,,0,m\nc,300,0,\n",
    ],
)
def test_the_smallest_files_are_drawn(context, tmp_path, text):
    import_text(context, tmp_path, text)
    said = " ".join(texts(page.render(context, {})))
    assert "Customers" in said
    assert "nan" not in said


def chart(name: str, is_wide: bool = False) -> Chart:
    return Chart(name, None, {}, "", None, is_wide=is_wide)  # type: ignore[arg-type]


def looks(*wide: bool) -> list[str]:
    charts = [chart(str(place), is_wide) for place, is_wide in enumerate(wide)]
    return ["+".join(look.split()[0] for _, look in row) for row in page.arrange(charts)]


def test_rows_are_full_and_in_order():
    assert looks(True, False, False, False, False, True, False) == ["s7+s5", "s4+s4+s4", "s5+s7"]
    assert looks(False, False) == ["s6+s6"]
    assert looks(False, False, False, False) == ["s6+s6", "s6+s6"]
    assert looks(True, True) == ["s12", "s12"]
    assert looks(False) == ["s12"]
    assert looks(*[False] * 13) == ["s4+s4+s4"] * 3 + ["s6+s6"] * 2


def test_every_chart_is_placed_once():
    charts = [chart(str(place), place % 3 == 0) for place in range(14)]
    placed = [each.name for row in page.arrange(charts) for each, _ in row]
    assert sorted(placed, key=int) == [str(place) for place in range(14)]


def test_a_link_to_what_was_deleted_says_so(context, tmp_path):
    dataset_id = import_text(context, tmp_path, small_log())
    assert "The dataset of this link is not there any more. This is the newest one." in texts(page.render(context, {"dataset": "gone"}))
    assert "The run of this link is not there any more." in texts(page.render(context, {"dataset": dataset_id, "run": "gone"}))
    for query in ({}, {"dataset": dataset_id}):
        assert not any("not there any more" in text for text in texts(page.render(context, query)))


def test_a_very_long_name_does_not_fill_the_page(context, tmp_path):
    import_text(context, tmp_path, small_log().replace("France", "F" * 5_000))
    shown = parts(page.render(context, {}))
    said = [part.children for part in shown if type(part).__name__ in ("P", "Span") and isinstance(getattr(part, "children", None), str)]
    assert max(len(sentence) for sentence in said) < 300
