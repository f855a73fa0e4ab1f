"""A file comes in piece by piece, is looked at as a job, and is imported or thrown away."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import PurePath
from typing import Any, Protocol
from urllib.parse import unquote

from dashboard.context import Context, now
from dashboard.errors import too_large
from dashboard.exports.report import describe_dataset, plain_json
from dashboard.intake.reader import start_reading
from dashboard.queries.files import describe_table, inspect_chosen
from dashboard.queries.health import LEAST_FREE_BYTES
from dashboard.workflows.choices import Choices, check_choices
from dashboard.workflows.combining import changes_since, find_combination, name_of, with_details, with_earlier_rows
from dashboard.workflows.datasets import ImportRequest, request_import
from dashboard.workflows.recalling import Recalled, recall_choices
from dashboard.workflows.staging import KEEP_STAGED, StagedFile, drop_file, local_copy, safe_name
from dashboard.workflows.work import Work
from database.datasets import MOST_COLUMNS, too_many_columns
from database.engine import read, write
from database.files import CHUNK, add_chunk, begin_file, complete_file
from database.jobs import Job, add_job, cancel, find_done_job, find_job, job_key
from database.uploads import Upload, add_upload, change_upload, load_upload
from segmentation.dataset import OnStep, build_dataset
from segmentation.errors import AppError, ConflictError, InvalidInputError, UnavailableError
from segmentation.intake.table import RawTable
from segmentation.measures.details import describe_details

_INSPECTION_VERSION = "8"
_SHARES = {"read": 0.0, "columns": 0.5, "clean": 0.6, "customers": 0.8}
_OUTCOME = (
    "rows_read",
    "rows_earlier",
    "rows_kept",
    "rows_rejected",
    "customers",
    "revenue",
    "currency",
    "date_min",
    "date_max",
    "receipt",
    "mapping",
)
_LONGEST_CELL = 200
_ALL_CELLS = 100_000
"""Characters of cells in an answer: with a wide file each is cut shorter."""
_LONGEST_NAME = 200


class Stream(Protocol):
    """Where a body is read from."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes, none at the end."""


def receive_upload(context: Context, stream: Stream, name: str, author: str | None = None, size: int | None = None) -> Upload:
    """Put a body into the store as it comes, one piece at a time; whatever goes wrong, nothing of it is left.

    ``size`` is what the sender declared, ``name`` the file's name, perhaps percent-encoded.
    """
    limit = context.settings.max_upload_mb << 20
    if size is not None and size > limit:
        raise too_large(size, limit)
    if shutil.disk_usage(context.settings.data_dir).free < LEAST_FREE_BYTES + (size or 0):
        raise UnavailableError("disk_full", "The disk has no room for this file.", fix="Free some space, then send it again.")
    with write(context.engine) as conn:
        file_id = begin_file(conn, safe_name(unquote(name)), now(), KEEP_STAGED)
    try:
        sha256 = _store_pieces(context, file_id, stream, limit, size)
        with write(context.engine) as conn:
            complete_file(conn, file_id, sha256)
            return add_upload(conn, file_id, now(), author)
    except BaseException as error:
        drop_file(context, file_id)
        if isinstance(error, OSError):
            raise InvalidInputError("broken_off", "The file did not arrive whole.", "Nothing of it was kept.", "Send it again.") from error
        raise


def _store_pieces(context: Context, file_id: str, stream: Stream, limit: int, size: int | None) -> str:
    digest, n_bytes = hashlib.sha256(), 0
    for number, piece in enumerate(_pieces(stream)):
        n_bytes += len(piece)
        if n_bytes > limit:
            raise too_large(None, limit)
        digest.update(piece)
        with write(context.engine) as conn:
            add_chunk(conn, file_id, number, piece)
    if size is not None and n_bytes < size:
        raise ConnectionError("the sender is gone")
    if not n_bytes:
        raise InvalidInputError("empty_file", "The file is empty.", fix="Export it again.")
    return digest.hexdigest()


def _pieces(stream: Stream) -> Iterator[bytes]:
    """Cut a body into pieces of one size, however little of it comes at a time."""
    piece = bytearray()
    while data := stream.read(CHUNK - len(piece)):
        piece += data
        if len(piece) == CHUNK:
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)


def request_inspection(context: Context, upload_id: str, choices: Mapping[str, Any] | None = None, author: str | None = None) -> Job:
    """Keep what the person decided and look at the file with it; what was looked at that way before is not looked at again."""
    decided = None if choices is None else check_choices(choices)
    with write(context.engine) as conn:
        upload = load_upload(conn, upload_id)
        decided = decided or check_choices(upload.choices)
        params = {"upload_id": upload_id, "choices": decided.as_json()}
        key = job_key("inspection", None, params, _INSPECTION_VERSION)
        job = find_done_job(conn, key) or add_job(conn, "inspection", params, key, now(), author)
        remembered = (job.result or {}).get("choices")
        change_upload(conn, upload_id, choices=remembered or decided.as_json(), job_id=job.id)
        return job


def request_upload_import(
    context: Context, upload_id: str, name: str | None = None, choices: Mapping[str, Any] | None = None, author: str | None = None
) -> Job:
    """Queue the import of an upload with what the person decided."""
    with read(context.engine) as conn:
        upload = load_upload(conn, upload_id)
    decided = check_choices(upload.choices if choices is None else choices)
    together = find_combination(context, decided)
    title = (name or "").strip() or name_of(context, together) or PurePath(upload.file.name).stem
    if len(title) > _LONGEST_NAME:
        raise InvalidInputError("name_too_long", f"A name has at most {_LONGEST_NAME} characters.", fix="Choose a shorter one.")
    file = StagedFile(upload.file.id, upload.file.name, upload.file.sha256)
    job = request_import(context, ImportRequest(file, title, decided.reading, decided.options, together=together), author)
    with write(context.engine) as conn:
        change_upload(conn, upload_id, choices=decided.as_json(), import_job_id=job.id)
    return job


def discard_upload(context: Context, upload_id: str) -> None:
    """Throw a file away that was sent, and stop what is being done with it."""
    with write(context.engine) as conn:
        upload = load_upload(conn, upload_id)
        for job_id in filter(None, (upload.job_id, upload.import_job_id)):
            job = find_job(conn, job_id)
            if job and _is_about(job, upload_id):
                cancel(conn, job_id, now())
    drop_file(context, upload_id)


def _is_about(job: Job, upload_id: str) -> bool:
    """Tell whether a job works with this very file: the same content sent twice is imported by one job."""
    return upload_id in (job.params.get("upload_id"), job.params.get("file", {}).get("id"))


def inspect_upload(work: Work) -> Mapping[str, Any]:
    """Look at a file the way it would be imported, without storing anything; the answer is small whatever the file."""
    choices = check_choices(work.job.params["choices"])

    def step(name: str) -> None:
        work.step(_SHARES[name], name)

    step("read")
    upload_id = work.job.params["upload_id"]
    with local_copy(work.context, upload_id) as path, start_reading(path, choices.reading) as reading, work.interrupting(reading.close):
        raw = reading.result()
    recalled = recall_choices(work.context, raw, choices)
    if recalled:
        choices = recalled.choices
        raw = replace(raw, findings=(*raw.findings, recalled.finding()))
        _keep_recalled(work, upload_id, choices)
    found = _understand(work, raw, choices, step)
    more = {"sheets": list(raw.dialect.sheets) or None, "recalled": _describe_recalled(recalled), "choices": choices.as_json()}
    return plain_json(_shorten({**found, **more}))


def _understand(work: Work, raw: RawTable, choices: Choices, step: OnStep) -> dict[str, Any]:
    """Say what a file seems to be and what an import of it would give, or why it cannot be imported."""
    found: dict[str, Any] = {}
    try:
        together = find_combination(work.context, choices)
        raw, options = with_details(work, raw, choices.options, together)
        dataset = build_dataset(raw, options, step, now().date())
        noticed = (*dataset.customers.findings, *dataset.mending)
        found = describe_table(dataset.raw, dataset.mapping, dataset.typed, dataset.derived, noticed)
        if together.append_to:
            dataset = build_dataset(*with_earlier_rows(work.context, raw, options, together), today=now().date())
        if len(dataset.raw.headers) > MOST_COLUMNS:  # better now than at the end of the import
            raise too_many_columns(len(dataset.raw.headers))
        account, changes = describe_dataset(dataset), changes_since(work.context, dataset, together)
    except (UnavailableError, ConflictError):  # of the store and not of the file: it would be remembered as what the file is
        raise
    except AppError as problem:
        error = {"code": problem.code, "title": problem.title, "detail": problem.detail, "fix": problem.fix}
        return {**(found or _look(raw, choices)), "outcome": None, "error": error}
    details = describe_details(dataset.raw, dataset.mapping, dataset.catalogue, dataset.changed)
    outcome = {**{name: account[name] for name in _OUTCOME}, "details": [asdict(detail) for detail in details]}
    return {**found, "outcome": {**outcome, "changes": asdict(changes) if changes else None}, "error": None}


def _keep_recalled(work: Work, upload_id: str, choices: Choices) -> None:
    """Write down what was remembered as decided, unless the person has decided something meanwhile."""
    with write(work.context.engine) as conn:
        if load_upload(conn, upload_id).job_id == work.job.id:
            change_upload(conn, upload_id, choices=choices.as_json())


def _describe_recalled(recalled: Recalled | None) -> dict[str, Any] | None:
    if recalled is None:
        return None
    return {"dataset_id": recalled.dataset.id, "name": recalled.dataset.name, "new": list(recalled.new), "gone": list(recalled.gone)}


def _look(raw: RawTable, choices: Choices) -> dict[str, Any]:
    return inspect_chosen(raw, choices.options)


def _shorten(found: dict[str, Any]) -> dict[str, Any]:
    """Cut long cells."""
    n_cells = sum(len(row["cells"]) for row in found["preview"]) + sum(len(column["examples"]) for column in found["columns"])
    longest = min(_LONGEST_CELL, max(_ALL_CELLS // max(n_cells, 1), 8))

    def cut(text: Any) -> Any:
        return f"{text[: longest - 1]}…" if isinstance(text, str) and len(text) > longest else text

    def cut_value(example: Mapping[str, Any]) -> dict[str, Any]:
        return {name: cut(value) if name == "value" else value for name, value in example.items()}

    return {
        **found,
        "columns": [{**column, "examples": [cut(text) for text in column["examples"]]} for column in found["columns"]],
        "preview": [{**row, "cells": [cut(text) for text in row["cells"]]} for row in found["preview"]],
        "findings": [{**finding, "examples": [cut_value(each) for each in finding["examples"]]} for finding in found["findings"]],
    }
