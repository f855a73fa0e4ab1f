"""What the command line says at the end, on the person's screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.commands.hints import with_option


def summarise(report: Mapping[str, Any]) -> str:
    """Return a report in a few lines of plain text."""
    dataset, run = report["dataset"], report["run"]
    lines = [
        f"{dataset['rows_read']:,} rows read, {dataset['rows_kept']:,} kept, {dataset['rows_rejected']:,} rejected; "
        f"{dataset['customers']:,} customers.",
        run["k_reason"],
        run["structure"]["verdict"],
        "",
        *_table(run["segments"]),
    ]
    questions = [with_option(finding["code"], finding["message"]) for finding in dataset["findings"] if finding["severity"] != "info"]
    if questions:
        lines += ["", "Please look at:", *(f"- {question}" for question in questions)]
    return "\n".join(lines)


def _table(segments: list[dict[str, Any]]) -> list[str]:
    width = max(len("segment"), *(len(segment["name"]) for segment in segments))
    rows = [f"{'id':>3}  {'segment':<{width}}  {'customers':>10}  {'share':>6}  {'revenue':>7}  verdict"]
    for segment in segments:
        revenue = f"{segment['share_revenue']:.1%}" if segment["share_revenue"] is not None else "-"
        numbers = f"{segment['size']:>10,}  {segment['share_customers']:>6.1%}  {revenue:>7}"
        rows.append(f"{segment['segment_id']:>3}  {segment['name']:<{width}}  {numbers}  {segment['verdict']}")
    return rows
