"""What is to be true of every file, however broken: told well (B1), and every row accounted for (B2). Each check raises what is wrong."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tests.bars.broken import Broken, Outcome
from tests.bars.programs import Answer, Program, finished

_PLACE = re.compile(r"\d|\"[^\"]+\"|\bfile\b|\brow\b|\bcolumn|\bsheet|\bdisk\b", re.IGNORECASE)
_OURS = re.compile(r"Traceback|\w+Error\b|Exception|site-packages|\.py\b|/tmp/|SELECT |pyarrow|calamine|DuckDB", re.IGNORECASE)
_REASONS = ("row", "column", "value", "reason")


def walk(program: Program, file: Broken) -> tuple[Outcome, str]:
    """Send a file, import it where that can be done, check all that is said on the way, and clear up; returns what came of it."""
    answer = program.ask("POST", "/uploads", file.make(), **{"X-Filename": file.file})
    if answer.status != 201:
        return "refused", check_refusal(answer)
    upload = answer.json
    for finding in upload["findings"]:
        check_words(finding["message"])
    order = json.dumps({"upload_id": upload["upload_id"]}).encode()
    job = finished(program, program.ask("POST", "/datasets", order).json["job_id"])
    if upload["error"]:
        check_error(upload["error"])
        check_same_refusal(upload["error"], job)
        program.ask("DELETE", f"/uploads/{upload['upload_id']}")
        return "stopped", upload["error"]["code"]
    if job["state"] != "done":
        raise AssertionError(f"it was looked at without an error, and its import failed of {job['error']}")
    check_import(program, upload, job["result"]["dataset_id"])
    program.ask("DELETE", f"/uploads/{upload['upload_id']}")
    program.ask("DELETE", f"/datasets/{job['result']['dataset_id']}")
    return "read", " ".join([*(finding["code"] for finding in upload["findings"]), *_rules_at_work(upload["outcome"])])


def _rules_at_work(outcome: Mapping[str, Any]) -> list[str]:
    return [step["rule"] for step in outcome["receipt"] if step["rows_in"] > step["rows_out"]]


def check_expected(file: Broken, found: tuple[Outcome, str]) -> None:
    """Compare what came of a file with what was to come of it."""
    outcome, codes = found
    if file.outcome is not None and outcome != file.outcome:
        raise AssertionError(f"was to be {file.outcome}, and is {outcome} ({codes})")
    if file.code is not None and file.code not in codes.split():
        raise AssertionError(f"was to say {file.code}, and says {codes or 'nothing'}")


def check_refusal(answer: Answer) -> str:
    """Check a refusal: a mistake of the sender, told in the one form of errors."""
    if not 400 <= answer.status < 500:
        raise AssertionError(f"answered {answer.status}: {answer.content[:300]!r}")
    error = answer.json["error"]
    check_error(error)
    return str(error["code"])


def check_error(error: Mapping[str, Any]) -> None:
    """Check that an error is for a person: what, where, what to do."""
    if error["code"] == "internal_error":
        raise AssertionError("told as a mistake of ours")
    words = " ".join(filter(None, (error["title"], error["detail"], error["fix"])))
    check_words(words)
    if not _PLACE.search(words):
        raise AssertionError(f"names no file, row, column or limit: {words}")
    if not error["fix"] and not error["detail"]:
        raise AssertionError(f"says nothing of what to do: {words}")


def check_words(words: str) -> None:
    """Check that a sentence is no program's."""
    if found := _OURS.search(words):
        raise AssertionError(f"says {found[0]!r}: {words}")
    if len(words) > 1_500:
        raise AssertionError(f"a sentence of {len(words):,} characters")


def check_same_refusal(error: Mapping[str, Any], job: Mapping[str, Any]) -> None:
    """What the look at a file says must be what its import says."""
    if job["state"] != "failed" or job["error"]["code"] != error["code"]:
        raise AssertionError(f"the look says {error['code']}, the import {job['state']} {job['error']}")


def check_import(program: Program, upload: Mapping[str, Any], dataset_id: str) -> None:
    """Check the account of a dataset, against the look at its file and against the rows that were set aside."""
    dataset = program.ask("GET", f"/datasets/{dataset_id}").json
    for name in ("rows_read", "rows_kept", "rows_rejected"):
        if dataset[name] != upload["outcome"][name]:
            raise AssertionError(f"{name}: {upload['outcome'][name]} promised, {dataset[name]} imported")
    check_account(dataset["rows_read"], dataset["rows_kept"], dataset["rows_rejected"], dataset["receipt"])
    if dataset["rows_read"] > 5_000_000:
        return
    rejected = program.ask("GET", f"/datasets/{dataset_id}/rejected.csv")
    check_rejected(list(csv.reader(io.StringIO(rejected.content.decode()))), dataset["rows_rejected"])


def check_account(n_read: int, n_kept: int, n_rejected: int, receipt: Sequence[Mapping[str, Any]]) -> None:
    """Rows read are rows kept and rows rejected, in all and at every step."""
    if n_read != n_kept + n_rejected:
        raise AssertionError(f"{n_read} rows read, {n_kept} kept, {n_rejected} set aside")
    rows = n_read
    for step in receipt:
        if step["rows_in"] != rows or step["rows_out"] > rows:
            raise AssertionError(f"{rows} rows come to the step {step}")
        rows = step["rows_out"]
    if rows != n_kept:
        raise AssertionError(f"{rows} rows leave the last step, {n_kept} are kept")


def check_rejected(lines: Sequence[Sequence[str]], n_rejected: int) -> None:
    """Every row that was set aside has a line of its own, with its number and the reason."""
    header, *rows = lines
    places = [header.index(name) for name in _REASONS]
    if len(rows) != n_rejected:
        raise AssertionError(f"{n_rejected} rows set aside, {len(rows)} told of")
    numbers = [row[places[0]] for row in rows]
    if len(set(numbers)) != len(numbers):
        raise AssertionError("a row was set aside twice")
    for row in rows:
        number, column, _, reason = (row[place] for place in places)
        if not number.isdecimal() or int(number) < 1 or not reason:
            raise AssertionError(f"no number or no reason: {row}")
        if "column" in reason and not column and "every column" not in reason:
            raise AssertionError(f"a reason that is a column's, without the column: {row}")
