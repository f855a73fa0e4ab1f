"""The rules on the page: examples beside each, more than on and off, and the way back to them after the import."""

from __future__ import annotations

import io

from dashboard.components.receipt import RULE_WORDS
from dashboard.context import Context
from dashboard.pages.data import choose, follow, render
from dashboard.workflows.uploads import discard_upload, receive_upload, request_inspection, request_upload_import
from database.engine import read
from database.uploads import load_upload
from segmentation.intake.cleaning_rules import RULES
from tests.dashboard.pages.test_data import addresses, controls, words
from tests.dashboard.working import work_off

PEOPLE = "Customer ID,Age,Income,Country,Total Spend\n" + "".join(
    f"{n},{20 + n % 40},{'' if n == 3 else 100 + n},{'DE' if n % 2 else 'FR'},{5 * n}\n" for n in (*range(1, 40), 7)
).replace("\n7,27,107,DE,35\n", "\n7,,107,DE,36\n", 1)


def _looked_at(context: Context) -> str:
    upload = receive_upload(context, io.BytesIO(PEOPLE.encode()), "people.csv")
    request_inspection(context, upload.id)
    work_off(context)
    return upload.id


def test_every_rule_has_words() -> None:
    assert set(RULE_WORDS) == set(RULES)


def test_rules_show_examples_and_ways(context: Context) -> None:
    upload_id = _looked_at(context)
    page = render(context, {"upload": upload_id})
    assert controls(page)["repeats"] == "newest"
    assert ", Customer ID: 7" in words(page)
    choose(context, upload_id, {"repeats": "merge", "gaps": "median"})
    work_off(context)
    page = render(context, {"upload": upload_id})
    assert (controls(page)["repeats"], controls(page)["gaps"]) == ("merge", "median")
    assert "merged into the newer row" in words(page)
    assert "Gaps filled in" in words(page)
    assert ", Income: empty" in words(page)


def test_rules_can_be_changed_after_the_import_while_the_file_is_kept(context: Context) -> None:
    upload_id = _looked_at(context)
    job = request_upload_import(context, upload_id)
    work_off(context)
    *_, address = follow(context, {"job": job.id, "upload": upload_id})
    receipt = {"receipt": address.split("=")[1]}
    back = f"/data?upload={upload_id}&change=1"
    assert back in addresses(render(context, receipt))
    page = render(context, {"upload": upload_id, "change": "1"})
    assert "Check columns" in words(page)
    assert "Import 39 rows" in words(page)
    discard_upload(context, upload_id)
    page = render(context, receipt)
    assert back not in addresses(page)
    assert "send the file again" in words(page)


def test_gaps_and_limits_of_each_column(context: Context) -> None:
    upload_id = _looked_at(context)
    found = controls(render(context, {"upload": upload_id}))
    place = next(name.split(".")[1] for name, value in found.items() if name.startswith("gap.") and value == "leave")
    page = render(context, {"upload": upload_id})
    assert "1 of 39 not known" in words(page)
    choose(context, upload_id, {**found, f"gap.{place}": "median", f"limit.{place}": "0.95"})
    work_off(context)
    page = render(context, {"upload": upload_id})
    assert (controls(page)[f"gap.{place}"], controls(page)[f"limit.{place}"]) == ("median", "0.95")
    assert controls(page)["gaps"] == "leave"
    assert "1 filled in" in words(page)
    assert "Very large values" in words(page)
    choose(context, upload_id, {**controls(page), "gaps": "similar"})
    work_off(context)
    assert controls(render(context, {"upload": upload_id}))[f"gap.{place}"] == "median"  # chosen for itself
    choose(context, upload_id, {f"gap.{place}": "similar", f"limit.{place}": "none", "gap.99": "drop", "limit.x": "0.5"})
    work_off(context)
    with read(context.engine) as conn:
        assert load_upload(conn, upload_id).choices == {"gaps": {"all": "similar"}}
