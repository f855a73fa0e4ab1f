"""Lists as wide as can be kept, with numbers written in every way: what is read back is what the file says."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pyarrow as pa

from dashboard.context import Context
from dashboard.versions.reading import load_customers
from dashboard.workflows.uploads import receive_upload, request_upload_import
from database.engine import read
from database.jobs import load_job
from segmentation.dataset import build_dataset
from segmentation.intake.table import Dialect, RawTable
from tests.dashboard.working import work_off

N_COLUMNS = 400
FORMS = ("{:.2f}", "{:.1f}0", "{:,.2f}", "$ {:.2f}", "{:.2f} %", "{:.0f} days", "{:g}", "({:.2f})")


def _cells() -> dict[str, list[str]]:
    """Return an id and 399 columns of numbers, each written in one way."""
    random = np.random.default_rng(7)
    columns = {"customer id": [f"c{row:03}" for row in range(30)]}
    for place in range(1, N_COLUMNS):
        columns[f"Number {place}"] = [FORMS[place % len(FORMS)].format(value) for value in random.uniform(1, 5_000, 30)]
    columns["Number 4"][3] = "0.5"  # a share without its sign makes the others shares too
    columns["Number 9"][5] = "N/A"
    return columns


def test_a_list_of_400_columns_is_kept_to_the_letter_and_to_the_bit(context: Context) -> None:
    cells = _cells()
    upload = receive_upload(context, io.BytesIO(pd.DataFrame(cells).to_csv(index=False).encode()), "wide.csv")
    job = request_upload_import(context, upload.id)
    work_off(context)
    with read(context.engine) as conn:
        done = load_job(conn, job.id)
    assert (done.state, done.error) == ("done", None)
    assert done.result is not None
    stored = load_customers(context, done.result["dataset_id"])
    assert {header: texts.to_pylist() for header, texts in stored.attributes().items()} == {
        header: texts for header, texts in cells.items() if header != "customer id"
    }
    raw = pa.table({header: pa.array(texts).dictionary_encode() for header, texts in cells.items()})
    expected = build_dataset(RawTable(raw, np.arange(30) + 2, Dialect("utf-8", ","))).population.catalogue.frame
    pd.testing.assert_frame_equal(stored.population().catalogue.frame, expected, check_exact=True)
