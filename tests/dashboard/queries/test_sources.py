"""What is read of a dataset for counting."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest

from dashboard.context import open_context
from dashboard.queries.datasets import find_shown
from dashboard.queries.sources import load_source
from segmentation.dataset import ImportOptions
from tests.dashboard.making import settings_for
from tests.dashboard.pages.test_overview import import_text

ROWS = """Order,Customer,Date,Amount,Lineitem name,Lineitem sku
1,a,2024-01-02,5.00,Wool Beanie,BN-1
2,b,2024-01-03,6.00,Wool Beanie,BN-1
3,a,2024-02-04,7.00,Tote Bag,TT-2
"""


@pytest.mark.parametrize(
    ("product", "named_by"),
    [("Lineitem name", None), ("Lineitem sku", "lineitem_name")],
)
def test_a_code_beside_the_names_of_products_does_not_name_them(tmp_path: Any, product: str, named_by: str | None) -> None:
    with closing(open_context(settings_for(tmp_path / "var"))) as context:
        import_text(context, tmp_path, ROWS, options=ImportOptions(roles={"product": product}))
        shown = find_shown(context, None, None)
        assert shown is not None
        assert load_source(context, shown.dataset).product_names == named_by
