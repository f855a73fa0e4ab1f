"""A file segmented without a store: the order of the steps."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from dashboard.exports.labelled import label_customers, write_labelled
from dashboard.exports.rejected import write_rejected
from dashboard.exports.report import build_report, write_report
from dashboard.intake.reader import Reading, read_file
from dashboard.progress import Stopwatch
from segmentation.dataset import Dataset, ImportOptions, build_dataset
from segmentation.findings import Finding
from segmentation.intake.joining import join_files
from segmentation.intake.keys import leave_out, with_key
from segmentation.measures.recipe import Recipe
from segmentation.pipeline import Segmentation, segment_customers


@dataclass(frozen=True)
class Outputs:
    """Where results go; None: nowhere."""

    labelled: Path | None = None
    report: Path | None = None
    rejected: Path | None = None


@dataclass(frozen=True)
class SegmentedFile:
    """What came out of a file."""

    dataset: Dataset
    segmentation: Segmentation
    report: dict[str, object] = field(repr=False)


def segment_file(
    reading: Reading, options: ImportOptions, recipe: Recipe, outputs: Outputs, watch: Stopwatch, details: Path | None = None
) -> SegmentedFile:
    """Segment the customers of a file that is being read, and write the results; ``details`` is a customer list beside its orders."""
    raw = reading.result()
    if details:
        raw, customer = with_key(leave_out(raw, options.leave_out), options.customer)
        raw, roles = join_files(raw, options.roles, customer, read_file(details), details.name)
        options = replace(options, roles=roles, leave_out=())
    dataset = build_dataset(raw, options, watch.step, datetime.now(UTC).date())
    segmentation = segment_customers(dataset.population, recipe, watch.step)
    watch.step("write")
    extra: tuple[Finding, ...] = ()
    if outputs.labelled:
        extra = formula_finding(write_labelled(outputs.labelled, label_customers(dataset, segmentation)))
    if outputs.rejected:
        write_rejected(outputs.rejected, dataset)
    report = build_report(dataset, segmentation, watch.finish(), extra)
    if outputs.report:
        write_report(outputs.report, report)
    return SegmentedFile(dataset, segmentation, report)


def formula_finding(count: int) -> tuple[Finding, ...]:
    """Say how many texts of the labelled file were kept from acting as formulas."""
    if not count:
        return ()
    message = f"{count:,} texts would run as formulas in a spreadsheet; they begin with an apostrophe in the labelled file."
    return (Finding("formulas_made_harmless", "info", message, count),)
