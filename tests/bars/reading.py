"""The way of a file without a service: read in this very process, so that nothing of ours that breaks can pass for a damaged file."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from dashboard.exports.rejected import write_rejected
from dashboard.intake.answer import load_table
from dashboard.intake.child import read
from segmentation.dataset import Dataset, build_dataset
from segmentation.errors import AppError
from segmentation.intake.table import RawTable
from tests.bars.broken import Broken, Outcome
from tests.bars.judging import check_account, check_error, check_rejected, check_words

_NOTHING_CHOSEN = dict.fromkeys(("sheet", "encoding", "delimiter", "header_row"))


def read_here(content: bytes, name: str, folder: Path) -> RawTable:
    """Read a file as the child process does."""
    source, answer = folder / "source", folder / "answer"
    for each in (source, answer):
        each.mkdir()
    path = source / name
    path.write_bytes(content)
    read({**_NOTHING_CHOSEN, "path": str(path), "name": name, "folder": str(answer)})
    return load_table(answer, json.loads((answer / "answer.json").read_text("utf-8")))


def judge_here(file: Broken, folder: Path) -> tuple[Outcome, str]:
    """Read and understand a file, and check what is said of it and the account of its rows; whatever is no AppError comes through."""
    try:
        raw = read_here(file.make(), file.file, folder)
    except AppError as error:
        return "refused", _checked(error)
    try:
        dataset = build_dataset(raw)
    except AppError as error:
        return "stopped", _checked(error)
    check_dataset(dataset, folder)
    for finding in dataset.findings:
        check_words(finding.message)
    rules = [step.rule for step in dataset.cleaned.receipt if step.rows_in > step.rows_out]
    return "read", " ".join([*(finding.code for finding in dataset.findings), *rules])


def check_dataset(dataset: Dataset, folder: Path) -> None:
    """Check the account of a dataset against its rows that were set aside."""
    receipt = [{"rows_in": step.rows_in, "rows_out": step.rows_out} for step in dataset.cleaned.receipt]
    check_account(dataset.rows_read, dataset.rows_kept, dataset.rows_rejected, receipt)
    path = folder / "rejected.csv"
    write_rejected(path, dataset)
    with path.open(encoding="utf-8", newline="") as file:
        check_rejected(list(csv.reader(file)), dataset.rows_rejected)


def _checked(error: AppError) -> str:
    check_error({"code": error.code, "title": error.title, "detail": error.detail, "fix": error.fix})
    return error.code
